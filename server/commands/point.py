"""`point`: the links and codes of connection points."""

import os
import socket
from collections.abc import Sequence
from pathlib import Path

import click

from dashboard.exports.point_sheet_pdf import point_sheet_pdf
from dashboard.exports.point_sheet_xlsx import point_sheet_xlsx
from dashboard.point_sheet import Opening, sheet_of
from dashboard.words.words import LANGS
from server.auth.points import PointKeys, PointKeyState, opening_of, point_secret
from server.clock import wall_ms
from server.commands.options import CONFIG, CONTEST, DATA
from server.commands.serve import public_url
from server.folder.files import ADMIN_FILE, FILE_MODE, PERSON_KEY_FILE
from server.settings import Settings, load_settings
from server.web.origins import written_origin
from streaming.contests.contest import Contest, load_contest
from streaming.contests.text import did_you_mean
from streaming.errors import DiemCauError
from streaming.intake.persons import read_key
from streaming.points.point import point_in, points_of

SHEETS = {".pdf": point_sheet_pdf, ".xlsx": point_sheet_xlsx}
"""What makes the sheet, by how the file's name ends."""
ELSEWHERE = ("192.0.2.1", 9)
"""An address of nobody's (RFC 5737), towards which nothing is sent: to look which of our own leads out."""

URL = click.option("--url", help="The server's address as the points reach it, as https://so-lieu.example.vn.")
CODE = click.argument("code")


class Desk:
    """The points of a contest and the keys of a data folder."""

    def __init__(self, data: Path | None, contest: Path | None, config: Path | None) -> None:
        self.settings = load_settings(config, {"data": data, "contest": contest})
        self.contest: Contest = load_contest(self.settings.contest).contest
        folder = self.settings.data
        if not (folder / PERSON_KEY_FILE).exists():
            raise DiemCauError(
                f"{folder}: no {PERSON_KEY_FILE} yet, expected a data folder; start it once: run.py serve"
            )
        secret = point_secret(read_key(folder / PERSON_KEY_FILE, may_make=False))
        self.keys = PointKeys(folder / ADMIN_FILE, secret, self.contest.tree)

    def openings(self, base: str, of: str | None = None) -> Sequence[Opening]:
        """What opens each point, or each at and below a unit."""
        states = {each.unit: each for each in self.keys.list()}
        return [opening_of(self.keys, states[unit.code], base) for unit in points_of(self.contest.tree, of)]

    def check(self, code: str, what: str) -> None:
        """See that there is a point of a code."""
        if point_in(self.contest.tree, code) is None:
            near = did_you_mean(code, [unit.code for unit in points_of(self.contest.tree)])
            raise DiemCauError(f'{what} "{code}": expected the code of a unit that is a place{near}')

    def show(self, state: PointKeyState, base: str) -> None:
        """Print what opens a point."""
        click.echo(_line(self.contest, opening_of(self.keys, state, base)))


@click.group()
def point() -> None:
    """The links and codes of connection points: a sheet of all, a list, and another key for one."""


@point.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@URL
@click.option("--of", help="The unit whose points it is of, and those below it; all without it.")
@click.option("--lang", type=click.Choice(LANGS), help="Its language; the setting's without it.")
@DATA
@CONTEST
@CONFIG
def sheet(
    file: Path, url: str | None, of: str | None, lang: str | None, data: Path | None, contest: Path | None,
    config: Path | None,
) -> None:  # fmt: skip
    """Write the sheet of all points into FILE.pdf, a list and slips to be cut out on A4, or FILE.xlsx."""
    make = SHEETS.get(file.suffix.lower())
    if make is None:
        raise click.UsageError(f"{file}: expected a name that ends with {' or '.join(SHEETS)}")
    desk = Desk(data, contest, config)
    if of is not None:
        desk.check(of, "--of")
    base = _base(url, desk.settings)
    made = sheet_of(desk.contest, lang or desk.settings.lang, base, desk.openings(base, of), wall_ms())
    _write(file, make(made))
    click.echo(f"{file}: {len(made.lines)} points, links below {base}", err=True)
    click.echo("Whoever has it opens every point in it: keep it among the organisers.", err=True)


@point.command("list")
@URL
@DATA
@CONTEST
@CONFIG
def list_(url: str | None, data: Path | None, contest: Path | None, config: Path | None) -> None:
    """List the points with code and link: whoever reads it opens them."""
    desk = Desk(data, contest, config)
    for each in desk.openings(_base(url, desk.settings)):
        click.echo(_line(desk.contest, each))


@point.command()
@CODE
@URL
@DATA
@CONTEST
@CONFIG
def rotate(code: str, url: str | None, data: Path | None, contest: Path | None, config: Path | None) -> None:
    """Give the point of unit CODE another link and code, and print them; the former ones end within 2 s."""
    desk = Desk(data, contest, config)
    base = _base(url, desk.settings)
    desk.check(code, "point")
    desk.show(desk.keys.rotate(code), base)


@point.command()
@CODE
@DATA
@CONTEST
@CONFIG
def revoke(code: str, data: Path | None, contest: Path | None, config: Path | None) -> None:
    """End link and code of the point of unit CODE within 2 s, until `point rotate` gives it others."""
    desk = Desk(data, contest, config)
    desk.check(code, "point")
    desk.keys.revoke(code)
    click.echo(f"revoked {code}", err=True)


def _line(contest: Contest, opening: Opening) -> str:
    name = contest.tree[opening.unit].full_name
    return f"{opening.unit}\t{name}\t{opening.code or 'revoked'}\t{opening.link}".rstrip()


def _base(url: str | None, settings: Settings) -> str:
    if url is None:
        found = public_url(settings, f"http://{_own_address()}:{settings.port}")
        click.echo(f"links begin with {found}; --url says otherwise", err=True)
        return found
    origin = written_origin(url.rstrip("/"))
    if origin is None:
        raise click.UsageError(f"--url {url}: expected an origin as https://so-lieu.example.vn or http://10.0.0.5:8000")
    return str(origin)


def _own_address() -> str:
    """The address of this machine in its network; loopback where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(ELSEWHERE)
            found: str = probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"
    return found


def _write(file: Path, body: bytes) -> None:
    """Whole or not at all, and for its owner alone."""
    new = file.with_name(f"{file.name}.new")
    new.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as made:
            made.write(body)
        new.replace(file)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise DiemCauError(f"{file}: {error.strerror}, expected a file that can be written") from None
