"""What pages are made of: one name, in every page, and heard by every page whatever became of its topic."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
import websockets
from starlette.testclient import TestClient

from dashboard import made, static
from dashboard.made import release
from server.app import App, starlette_of
from server.auth.keys import Keys
from server.folder.files import ADMIN_FILE
from streaming.contests.contest import load_contest, shipped_contest
from tests.suite import ROOT
from tests.worlds.apps import FOUR_LEVELS, app_of, client_of
from tests.worlds.serving import serving

IN_PAGE = re.compile(r'<meta name="made" content="([^"]+)" data-show="([^"]+)">')
OTHER_CONTEST = ROOT / "tests" / "contests" / "hai-cap-2025"


@pytest.fixture
def app(tmp_path: Path) -> App:
    return app_of(tmp_path / "data")


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    with client_of(app) as client:
        yield client


def test_another_contest_or_another_release_has_another_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = load_contest(FOUR_LEVELS)
    name = made.made(folder, "vi")
    assert re.fullmatch(r"[0-9a-f]{12}-[0-9a-f]{12}", name)
    assert name == made.made(load_contest(FOUR_LEVELS), "vi")
    other = made.made(load_contest(OTHER_CONTEST), "vi")
    assert differ(other, name)[0]
    monkeypatch.setattr(static, "digest", lambda: "0123456789abcdef")
    anew = release.__wrapped__()
    assert anew != release()
    found = {anew, release()}
    for root, file in (("TEMPLATES", "a.html"), ("WORDS", "vi.toml"), ("CODE", "scenes.py")):
        (tmp_path / root).mkdir()
        (tmp_path / root / file).write_text("")
        monkeypatch.setattr(made, root, tmp_path / root)
        found.add(release.__wrapped__())
    assert len(found) == 5


def differ(one: str, other: str) -> tuple[bool, ...]:
    """Which halves of two names differ: what the numbers are of, how they are shown."""
    return tuple(a != b for a, b in zip(one.split("-"), other.split("-"), strict=True))


def test_a_map_that_is_moved_has_another_name_but_the_same_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "contest"
    shutil.copytree(shipped_contest(), folder)
    name = made.made(load_contest(folder), "vi")
    at = folder / "hexgrid.json"
    grid = json.loads(at.read_text("utf-8"))
    at.write_text(json.dumps(grid | {"cells": dict(reversed(grid["cells"].items()))}), "utf-8")
    assert made.made(load_contest(folder), "vi") == name
    one, other = list(grid["cells"])[:2]
    grid["cells"][one], grid["cells"][other] = grid["cells"][other], grid["cells"][one]
    at.write_text(json.dumps(grid), "utf-8")
    moved = made.made(load_contest(folder), "vi")
    at.unlink()
    laid_out = made.made(load_contest(folder), "vi")
    assert [differ(name, moved), differ(name, laid_out), differ(moved, laid_out)] == [(False, True)] * 3
    square = {"type": "Polygon", "coordinates": [[[105, 22], [105, 23], [106, 23], [105, 22]]]}
    features = [{"properties": {"code": code}, "geometry": square} for code in grid["cells"]]
    lines = folder / "boundaries.json"
    lines.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    bounded = made.made(load_contest(folder), "vi")
    toml = folder / "contest.toml"
    toml.write_text('map = "none"\n' + toml.read_text("utf-8"), "utf-8")
    bare = made.made(load_contest(folder), "vi")
    assert [differ(laid_out, bounded), differ(bounded, bare), differ(laid_out, bare)] == [(False, True)] * 3
    lines.unlink()
    toml.write_text(toml.read_text("utf-8").replace('map = "none"\n', ""), "utf-8")
    toml.write_text(toml.read_text("utf-8").replace("[milestones]", "[milestones]  # and"), "utf-8")
    assert made.made(load_contest(folder), "vi") == laid_out


def test_another_language_of_the_setting_asks_for_other_pages_of_the_same_numbers(tmp_path: Path) -> None:
    name = made.made(load_contest(FOUR_LEVELS), "vi")
    assert differ(name, made.made(load_contest(FOUR_LEVELS), "en")) == (False, True)
    # A screen that was opened before hears it, and one opened now says the same.
    app = app_of(tmp_path / "data", lang="en")
    with client_of(app) as client:
        assert differ(name, client.get("/live/board").headers["diem-cau-made"]) == (False, True)
        found = IN_PAGE.search(client.get("/?frame=1").text)
        assert found is not None
        assert found[1] == app.made


@pytest.mark.parametrize("show", ["live", "rehearsal"])
def test_every_page_says_what_it_was_made_of_and_what_it_shows(tmp_path: Path, show: str) -> None:
    app = app_of(tmp_path / "data", show=show)
    with client_of(app) as client:
        for path in ("/?frame=1", "/units/P1?frame=1", "/units/gone?frame=1", "/points/P1?frame=1"):
            found = IN_PAGE.search(client.get(path).text)
            assert found is not None
            assert found.groups() == (app.made, show)


def test_a_poll_hears_it_whatever_its_status(app: App, client: TestClient) -> None:
    etag = client.get("/live/board").headers["etag"]
    key = Keys(app.settings.data / ADMIN_FILE).add("tv1")
    asked: list[tuple[int, str, dict[str, str]]] = [
        (200, "/live/board", {}),
        (200, f"/live/board?key={key}", {}),
        (304, "/live/board", {"if-none-match": etag}),
        (401, "/live/control", {}),
        (403, "/live/board?key=dck_revoked", {}),
        (403, "/live/board", {"origin": "http://other.example"}),
        (404, "/live/unit/gone", {}),
    ]
    for status, path, headers in asked:
        answer = client.get(path, headers=headers)
        assert answer.status_code == status, path
        assert (answer.headers["diem-cau-made"], answer.headers["diem-cau-show"]) == (app.made, "live"), path
    assert "diem-cau-made" not in client.get("/api/v1/units").headers


async def heard(app: App, address: str, query: str) -> list[str]:
    """What a socket hears at once: the types of its messages up to its first frame, or to the answer of a question."""
    types: list[str] = []
    async with websockets.connect(f"ws://{address}/live/board?{query}", compression=None) as socket:
        await socket.send('{"type":"time","id":1}')
        while not types or types[-1] == "beat":
            message = msgspec.json.decode(await socket.recv())
            types.append(message["type"])
            if message["type"] == "beat":
                assert message | {"at": 0} == {"v": 1, "type": "beat", "at": 0, "made": app.made, "show": "live"}
    return types


async def test_a_socket_hears_a_frame_first_unless_its_page_was_told_otherwise(app: App) -> None:
    app.open()
    app.hub.beat_s = 60.0
    async with serving(starlette_of(app), app.hub, lifespan="on") as address:
        board = app.state.live.topic("board")
        here = f"epoch={board.epoch}&seq={board.seq}"
        own = f"made={app.made}&show=live"
        # As programs follow a topic that were written before pages said so: the first message is a frame.
        for query in ("", "epoch=0&seq=0", own, f"epoch=0&{own}", "made=&show=", "x=" + "y" * 3_000):
            assert await heard(app, address, query) == ["snapshot"], query
        assert await heard(app, address, here) == ["time"]
        assert await heard(app, address, f"{here}&{own}") == ["time"]
        rehearsal = f"made={app.made}&show=rehearsal"
        for other in (f"made={app.made[:-1]}x&show=live", rehearsal, "made=1", "show=rehearsal"):
            assert await heard(app, address, other) == ["beat", "snapshot"], other
            assert await heard(app, address, f"{here}&{other}") == ["beat", "time"], other


async def test_a_socket_hears_it_with_every_beat(app: App) -> None:
    app.open()
    async with (
        serving(starlette_of(app), app.hub, lifespan="on") as address,
        websockets.connect(f"ws://{address}/live/board", compression=None) as socket,
    ):
        assert msgspec.json.decode(await socket.recv())["type"] == "snapshot"
        app.hub.beat()
        beat = msgspec.json.decode(await socket.recv())
        assert beat | {"at": 0} == {"v": 1, "type": "beat", "at": 0, "made": app.made, "show": "live"}
