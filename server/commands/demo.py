"""`demo`: the shipped contest, opened now, on a data folder that is thrown away, with made-up traffic."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from dashboard.point_sheet import Opening
from dashboard.scenes.scenes import BY_NAME, SCENES
from server.auth.keys import Keys as ControlKeys
from server.auth.points import PointKeys, PointKeyState, opening_of, point_secret
from server.auth.sources import Sources
from server.clock import wall_ms
from server.commands.conductor import KEY_VARIABLE
from server.commands.options import PORT
from server.commands.serve import DOORS, first_link, public_url, run
from server.folder.files import ADMIN_FILE, PERSON_KEY_FILE
from server.net.listening import bound
from server.ops.signals import ending, held_back
from server.settings import load_settings
from streaming.contests.contest import Contest, load_contest, opened_now, shipped_contest
from streaming.contests.units import Unit
from streaming.intake.persons import read_key
from streaming.program.names import HALL

SOURCE = "tong-duyet"
CONDUCTOR = "demo"
RATE_PER_S = 60
END_WITHIN_S = 5.0
SECRET_VARIABLE = "DIEMCAU_SECRET"  # noqa: S105 - a variable's name


class Beside:
    """A program beside the server: ``module`` in a process of its own, so that it costs the server what a stranger
    does. ``secret`` is the name and value of a variable of its environment: others on the machine can read arguments.
    """

    def __init__(self, what: str, module: str, secret: tuple[str, str], said: Path) -> None:
        self._what = what
        self._module = module
        self._secret = secret
        self._said = said
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str) -> None:
        """Begin."""
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-m", self._module, *arguments],
                env=os.environ | dict([self._secret]),
                cwd=Path(__file__).resolve().parents[2],
                stdin=subprocess.PIPE,  # Ends with this process, whatever ends it, and the program with it.
                stdout=subprocess.DEVNULL,
                stderr=said,
                start_new_session=True,  # Ctrl-C reaches the server first, which then ends this.
            )

    def stop(self) -> None:
        """End it; if it had ended by a fault, say what it said last."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(END_WITHIN_S)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        elif self._process.returncode != 0:
            last = self._said.read_text(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
            click.echo(f"{self._what} had ended: {last[0]}", err=True)


@click.command()
@PORT
@click.option("--rate", type=click.IntRange(1, 10_000), default=RATE_PER_S, show_default=True, help="Starts a second.")
@click.option("--scene", type=click.Choice([*BY_NAME]), help="Show one scene instead of the whole evening.")
def demo(port: int | None, rate: int, scene: str | None) -> None:
    """Serve the shipped contest with made-up traffic, marked as rehearsal, until Ctrl-C.

    The hall goes through the shipped rundown by itself, in two minutes, until somebody steers it. Prints every link,
    and a one-time link by which one chooses a login and password for the control room.
    """
    shipped = load_contest(shipped_contest())
    folder = opened_now(shipped, wall_ms())
    with ending(), ExitStack() as stack:
        with held_back():
            data = Path(stack.enter_context(TemporaryDirectory(prefix="diem-cau-demo-")))
        settings = load_settings(None, {"port": port, "data": data, "contest": shipped.path, "show": "rehearsal"})
        listeners = bound(settings.host, settings.port)
        secret = Sources(data / ADMIN_FILE).add(SOURCE, test=True)
        key = ControlKeys(data / ADMIN_FILE).add(CONDUCTOR, HALL)
        traffic = Beside(
            "The made-up traffic", "server.commands.traffic", (SECRET_VARIABLE, secret), data / "rehearse.log"
        )
        conductor = Beside(
            "The operator of the demo", "server.commands.conductor", (KEY_VARIABLE, key), data / "conductor.log"
        )

        def tell(here: str) -> None:
            url = public_url(settings, here)
            opening = point_opening(settings.data, folder.contest, url)
            click.echo("\n".join([links(url, folder.contest, opening), *first_link(settings, url)]))
            traffic.start("--url", here, "--rate", str(rate))
            conductor.start(here, *([] if scene is None else [scene]))

        try:
            code = run(settings, folder, tell, listeners)
        finally:
            conductor.stop()
            traffic.stop()
    sys.exit(code)


def a_ward(contest: Contest) -> Unit:
    """A ward of the first district."""
    tree = contest.tree
    district = tree.children(tree.root.code)[0]
    return next(leaf for leaf in tree.leaves if district.code in tree.path(leaf.code))


def point_opening(data: Path, contest: Contest, url: str) -> Opening:
    """What opens the connection point of that ward."""
    secret = point_secret(read_key(data / PERSON_KEY_FILE, may_make=False))
    keys = PointKeys(data / ADMIN_FILE, secret, contest.tree)
    return opening_of(keys, PointKeyState(a_ward(contest).code), url)


def links(url: str, contest: Contest, opening: Opening) -> str:
    """Every address of the running demo, one line each."""
    tree, ward = contest.tree, a_ward(contest)
    district = tree[tree.path(ward.code)[-2]]
    shown = [
        ("Màn hình lớn (big screen)", "/"),
        *((f"  {scene.name}", f"/?scene={scene.name}") for scene in SCENES[1:]),
        ("  in English", "/?lang=en"),
        *((unit.full_name, f"/units/{unit.code}") for unit in (tree.root, district, ward)),
        (f"Điểm cầu {ward.full_name} (connection point)", f"/points/{ward.code}"),
        (f"  as the point itself, also by its code {opening.code}", opening.link.removeprefix(url)),
        ("Kiểm tra máy (self-test)", "/test"),
        ("Lớp phủ (overlay, on a clear ground)", f"/overlays/total?out={HALL}"),
        ("Xếp hạng (standings, JSON)", "/api/v1/standings?rehearsal=1"),
        ("Đơn vị (units, JSON)", "/api/v1/units"),
        ("API (OpenAPI)", "/api/v1/openapi.json"),
        ("Topic “board” (JSON; the same address is a WebSocket)", "/live/rehearsal/board"),
        *DOORS,
        ("Health", "/healthz"),
    ]
    width = max(len(name) for name, _ in shown) + 2
    lines = [f"{name:<{width}}{url}{path}" for name, path in shown]
    return "\n".join(
        [f"Ready: {url}", "Tổng duyệt: số liệu giả định. Rehearsal: made-up figures. Ctrl-C ends it.", *lines]
    )
