"""A start after a contest edit, with another release, or on a spoiled row: what is on air stays, as far as it can."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import structlog

from server.app import App
from server.folder.files import ADMIN_FILE
from streaming.ledger.rows import SYSTEM
from streaming.program.output import Hand, Output
from streaming.program.state import Coming, Preview, SceneOnAir, Still, Take, Withdrawn
from streaming.topics.late import DELAY_MS_MAX
from tests.worlds.apps import LEAF, NOW_MS, UNIT, app_of, take
from tests.worlds.outputs import an_output

LAN = Hand("account:1")


def scene(name: str, number: int = NOW_MS, **settings: Any) -> SceneOnAir:
    return SceneOnAir(name, settings, number, NOW_MS)


def shows(name: str, on_air: SceneOnAir, **fields: Any) -> Output:
    output = an_output(name, **fields)
    return output.with_(version=7, on_air={"live": Take(7, LAN.by, on_air)})


OF_UNIT = scene("standings", of=UNIT, by="completed")
OF_NONE = scene("standings", of="gone", by="completed")
NEWER = scene("fireworks", colour="red")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    app = app_of(tmp_path)
    app.open()
    take(app.state.live, [(LEAF, "completed", "a")])
    app.close()
    return tmp_path


def put(data: Path, *outputs: Output, as_name: str | None = None) -> None:
    """Have an earlier run have left these."""
    with sqlite3.connect(data / ADMIN_FILE) as db:
        contest = db.execute("SELECT contest FROM outputs").fetchone()[0]
        for output in outputs:
            values = (as_name or output.name, contest, output.version, msgspec.json.encode(output).decode())
            db.execute("INSERT OR REPLACE INTO outputs (name, contest, version, body) VALUES (?, ?, ?, ?)", values)


class Start:
    """A start, and what it says."""

    def __init__(self, app: App, reasons: list[str]) -> None:
        self.app = app
        self.of = app.state.outputs.of
        self.reasons = reasons


@contextmanager
def started(data: Path) -> Iterator[Start]:
    app = app_of(data)
    with structlog.testing.capture_logs() as said:
        app.open()
    try:
        yield Start(app, [line["reason"] for line in said if line["event"] == "output not applied"])
    finally:
        app.close()


def test_a_scene_whose_unit_is_there_stays_the_same_take(data: Path) -> None:
    put(data, shows("hall", OF_UNIT))
    with started(data) as start:
        assert (start.of("hall").scene, start.reasons) == (OF_UNIT, [])


def test_a_scene_whose_unit_is_gone_is_shown_of_the_whole_contest_and_that_is_said(data: Path) -> None:
    put(data, shows("hall", OF_NONE))
    with started(data) as start:
        hall = start.of("hall")
        assert (hall.scene.name, hall.scene.settings["of"], hall.scene.settings["by"]) == (
            "standings",
            "VN",
            "completed",
        )
        assert hall.scene.take > OF_NONE.take, "it is another picture"
        assert (hall.take.by, hall.take.version) == (SYSTEM, 8)
        assert hall.version > 8
        (reason,) = start.reasons
        assert reason.startswith("it is shown of the whole contest: settings.of: found")
    with started(data) as again:
        assert again.of("hall") == hall.with_(version=again.of("hall").version)
        assert again.reasons == [], "it is written, and said once"


def test_a_spotlight_whose_unit_is_gone_is_on_another(data: Path) -> None:
    put(data, shows("hall", scene("unit", unit="gone")))
    with started(data) as start:
        hall = start.of("hall")
        assert hall.scene.name == "unit"
        assert hall.scene.settings["unit"] not in {"gone", ""}
        assert start.reasons[0].startswith("it is shown of the whole contest: settings.unit: found")


def test_a_scene_of_another_release_gives_way_to_what_is_shown_by_itself(data: Path) -> None:
    put(data, shows("hall", NEWER))
    with started(data) as start:
        hall = start.of("hall")
        assert (hall.scene.name, hall.take.by) == ("live", SYSTEM)
        assert hall.scene.take > NEWER.take
        assert start.reasons == ["it cannot be shown now: 'fireworks'"]


def test_nothing_that_cannot_be_shown_is_to_come_or_a_way_back(data: Path) -> None:
    hall = shows("hall", OF_UNIT).with_(
        before=(NEWER, OF_UNIT, OF_NONE),
        coming=tuple(Coming("tv1", LAN.by, NOW_MS - 1, each) for each in (NEWER, OF_UNIT)),
        preview=Preview("fireworks", {}),
        withdrawn=Withdrawn("hall", LAN.by, NOW_MS, scene=NEWER, holds=False),
        delay_ms=8_000,
    )
    put(data, hall.with_(on_air={**hall.on_air, "rehearsal": Take(3, LAN.by, NEWER)}))
    with started(data) as start:
        found = start.of("hall")
        assert (found.scene, found.before, found.preview) == (OF_UNIT, (OF_UNIT,), None)
        assert [each.scene for each in found.coming] == [OF_UNIT]
        assert found.withdrawn is not None
        assert found.withdrawn.scene is None
        assert set(found.on_air) == {"live"}


@pytest.mark.parametrize(("shown", "expected"), [(OF_UNIT, UNIT), (OF_NONE, "VN"), (NEWER, None)])
def test_a_still_picture_stays_as_far_as_it_can(data: Path, shown: SceneOnAir, expected: str | None) -> None:
    put(data, shows("hall", OF_UNIT).with_(still=Still(LAN.by, NOW_MS, shown)))
    with started(data) as start:
        still = start.of("hall").still
        assert (still.scene.settings["of"] if still else None) == expected


def test_rows_that_nothing_can_have_made_are_told_and_dropped(data: Path) -> None:
    put(data, shows("hall", OF_UNIT).with_(delay_ms=DELAY_MS_MAX + 1))
    put(data, shows("tv99", OF_UNIT), shows("../x", OF_UNIT))
    put(data, shows("tv2", OF_UNIT), as_name="tv3")
    with started(data) as start:
        assert {each.name for each in start.app.state.outputs.all} == {"hall", "points"}
        assert start.of("hall").scene.name == "live"
        assert sorted(start.reasons) == [
            *["expected hall, points, tv1 to tv16"] * 2,
            "it is not what its row says",
            f"its delay is {DELAY_MS_MAX + 1} ms, expected 0 to {DELAY_MS_MAX}",
        ]


def test_who_follows_what_is_gone_or_in_a_circle_follows_nobody(data: Path) -> None:
    put(
        data,
        shows("hall", OF_UNIT, follows="points"),
        shows("points", OF_UNIT, follows="hall"),
        shows("tv1", OF_UNIT, follows="tv9"),
        shows("tv2", OF_UNIT, follows="points"),
    )
    with started(data) as start:
        assert {each.name: each.follows for each in start.app.state.outputs.all} == {
            "hall": None, "points": "hall", "tv1": None, "tv2": "points"
        }  # fmt: skip
