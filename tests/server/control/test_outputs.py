"""The outputs of a real app, with the clock in the test's hand: by themselves, by takes, and over a restart."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dashboard.scenes.scenes import BY_NAME
from server.app import App
from server.control.asked import StoreAsked, TakeAsked
from server.errors import NoData, WrongTake
from server.folder.files import ADMIN_FILE
from streaming.ledger.rows import SYSTEM, Draft
from streaming.program.errors import Moved, UnknownOutput
from streaming.program.names import HALL
from streaming.program.state import Countdown, SceneOnAir
from tests.worlds.apps import LEAF, NOW_MS, take
from tests.worlds.clocks import Clock
from tests.worlds.opened import LAN, asked, opened, press

OPENS_MS = NOW_MS - 3_600_000


def shown(app: App) -> SceneOnAir:
    return app.state.outputs.of(HALL).scene


def test_before_the_opening_it_is_standby_then_live_by_the_contests_clock(tmp_path: Path) -> None:
    clock = Clock(OPENS_MS - 1)
    with opened(tmp_path, clock) as app:
        outputs = app.state.outputs
        outputs.look()
        before = outputs.of(HALL)
        assert (before.scene.name, before.take.by, before.version) == ("standby", SYSTEM, 1)
        clock.ms += 1
        outputs.look()
        after = outputs.of(HALL)
        assert (after.scene.name, after.take.by, after.version) == ("live", SYSTEM, 2)
        assert after.scene.settings["lead"] == "started"
        assert after.scene.since == OPENS_MS
        outputs.look()
        assert outputs.of(HALL) is after
    with opened(tmp_path, clock) as app:
        assert shown(app) == after.scene


def test_a_store_that_was_chosen_stays_over_a_restart_and_else_that_of_the_settings_counts(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        assert app.state.outputs.of(HALL).store == "live"
    with opened(tmp_path, clock, show="rehearsal") as app:
        outputs = app.state.outputs
        assert {output.store for output in outputs.all} == {"rehearsal"}
        assert app.state.shown is app.state.rehearsal
        outputs.steer(HALL, LAN, StoreAsked(store="live", seen=outputs.of(HALL).version))
        assert app.state.shown is app.state.live
    with opened(tmp_path, clock, show="rehearsal") as app:
        assert [output.store for output in app.state.outputs.all] == ["live", "rehearsal"]
        assert app.told["diem-cau-show"] == "live"


def test_where_nobody_is_told_to_enter_the_wall_leads_with_who_has_finished(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        outputs = app.state.outputs
        assert shown(app).settings["lead"] == "started"
        take(app.state.live, [(LEAF, "completed", None)])
        outputs.look()
        after = outputs.of(HALL)
        assert (after.scene.settings["lead"], after.take.by, after.version) == ("completed", SYSTEM, 2)
        take(app.state.live, [(LEAF, "started", None)] * 20)
        outputs.look()
        assert outputs.of(HALL) is after, "it never goes back"
    with opened(tmp_path / "later", clock) as app:
        take(app.state.live, [(LEAF, "completed", None)])
        press(app, clock, "live", lead="started")
        app.state.outputs.look()
        assert shown(app).settings["lead"] == "started", "somebody has chosen it"


def test_a_contest_that_has_opened_begins_live(tmp_path: Path) -> None:
    with opened(tmp_path, Clock(NOW_MS)) as app:
        assert (shown(app).name, app.state.outputs.of(HALL).version) == ("live", 1)


def test_a_round_that_is_moved_opens_it_and_what_is_kept_back_does_not(tmp_path: Path) -> None:
    clock = Clock(OPENS_MS - 600_000)
    with opened(tmp_path, clock) as app:
        live = app.state.live
        held = b'{"kind":"hold","unit":null}'
        live.ledger.append_now([Draft("decision", LAN.by, None, None, held)])
        live.pump.replay()
        early = msgspec.json.encode({"kind": "round", "n": 1, "opens_ms": clock.ms - 1, "closes_ms": NOW_MS})
        live.ledger.append_now([Draft("decision", LAN.by, None, None, early)])
        take(live, [(LEAF, "completed", "a")])
        app.state.outputs.look()
        assert shown(app).name == "standby"
        live.ledger.append_now([Draft("decision", LAN.by, None, None, b'{"kind":"release","unit":null}')])
        live.pump.replay()
        app.state.outputs.look()
        assert shown(app).name == "live"


def test_what_is_shown_by_itself_counts_down_to_the_opening_wherever_that_is_moved(tmp_path: Path) -> None:
    clock = Clock(OPENS_MS - 600_000)
    with opened(tmp_path, clock) as app:
        before = shown(app)
        assert before.countdown == Countdown(OPENS_MS)
        later = msgspec.json.encode({"kind": "round", "n": 1, "opens_ms": OPENS_MS + 60_000, "closes_ms": NOW_MS})
        app.state.live.ledger.append_now([Draft("decision", LAN.by, None, None, later)])
        app.state.live.pump.replay()
        app.state.outputs.look()
        assert shown(app) == msgspec.structs.replace(before, countdown=Countdown(OPENS_MS + 60_000)), "no other take"


def test_once_somebody_has_taken_a_scene_nothing_changes_by_itself(tmp_path: Path) -> None:
    clock = Clock(OPENS_MS - 60_000)
    with opened(tmp_path, clock) as app:
        taken = press(app, clock, "standby")
        clock.ms = NOW_MS
        app.state.outputs.look()
        assert app.state.outputs.of(HALL) == taken
    with opened(tmp_path, clock) as app:
        app.state.outputs.look()
        assert shown(app) == taken.scene


def test_what_is_chosen_from_the_numbers_is_fixed_at_the_take_and_kept(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        take(app.state.live, [(LEAF, "completed", f"p{n}") for n in range(40)])
        taken = press(app, clock, "live", lead="completed")
        assert taken.scene.settings["lead"] == "completed"
        take(app.state.live, [(LEAF, "completed", f"q{n}") for n in range(400)])
        assert shown(app) == taken.scene
    with opened(tmp_path, clock) as app:
        again = app.state.outputs.of(HALL)
        assert again == taken.with_(version=again.version)


def test_what_cannot_be_taken_is_said_and_changes_nothing(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        outputs = app.state.outputs
        before = outputs.of(HALL)
        with pytest.raises(UnknownOutput):
            outputs.steer("tv9", LAN, asked(outputs, "live"))
        with pytest.raises(WrongTake, match="scene: found “fireworks”, expected"):
            press(app, clock, "fireworks")
        with pytest.raises(WrongTake, match=r"settings\.lead"):
            press(app, clock, "live", lead="most")
        for unit in ("nowhere", LEAF):
            with pytest.raises(WrongTake, match=rf"settings\.of: found “{unit}”"):
                press(app, clock, "standings", of=unit)
        with pytest.raises(NoData, match="standings has nothing to show yet"):
            press(app, clock, "standings")
        with pytest.raises(Moved):
            outputs.steer(HALL, LAN, TakeAsked(scene="live", seen=before.version + 1))
        assert outputs.of(HALL) is before


def test_operators_are_told_which_scenes_lack_what(tmp_path: Path) -> None:
    with opened(tmp_path, Clock(NOW_MS)) as app:
        outputs = app.state.outputs

        def lacks() -> Any:
            outputs.look()
            return outputs.program(HALL).control.state.get("lacks")

        assert {"standings": "completed", "trend": "series", "latest": "recent"}.items() <= (lacks() or {}).items()
        take(app.state.live, [(LEAF, "completed", "a")])
        assert "standings" not in lacks()


def test_a_scene_that_this_release_has_not_gives_way_to_what_is_shown_by_itself(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        taken = press(app, clock, "live", lead="completed")
    for old, new in (('"name":"live"', '"name":"fireworks"'), ('"lead":"completed"', '"lead":"most"')):
        with closing(sqlite3.connect(tmp_path / ADMIN_FILE)) as db, db:
            db.execute("UPDATE outputs SET body = replace(body, ?, ?)", (old, new))
        with opened(tmp_path, clock) as app:
            on_air = app.state.outputs.of(HALL)
            assert (on_air.scene.name, on_air.take.by) == ("live", SYSTEM)
            assert on_air.scene.settings["lead"] == "started"
            assert on_air.version > taken.version
            assert on_air.scene.take > taken.scene.take
            press(app, clock, "live", lead="completed")


def test_the_rehearsals_scene_is_not_the_ceremonys(tmp_path: Path) -> None:
    clock = Clock(OPENS_MS - 60_000)
    with opened(tmp_path, clock, show="rehearsal") as app:
        rehearsed = press(app, clock, "live", lead="completed")
        assert app.state.outputs.program(HALL).topic.rehearsal
    with opened(tmp_path, clock) as app:
        assert shown(app).name == "standby"
    with opened(tmp_path, clock, show="rehearsal") as app:
        assert shown(app) == rehearsed.scene


def test_every_scene_can_be_told_and_kept() -> None:
    for scene in BY_NAME.values():
        assert msgspec.convert(msgspec.to_builtins(scene.settings()), scene.settings) == scene.settings()
