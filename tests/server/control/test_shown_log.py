"""The log of what was shown, of a real app with the clock in the test's hand: each change once, over restarts too."""

from pathlib import Path

import msgspec
import pytest

from server.control.asked import DelayAsked, LaunchAsked, PanicAsked, ResumeAsked, StoreAsked
from server.control.asked_evening import ArmAsked
from server.control.asked_overlays import ClearAsked, HideAsked, ShowAsked, UpdateAsked
from server.control.shown_log import WAITING_MAX, ShownLog
from server.folder import kept_shown
from server.folder.files import ADMIN_FILE
from server.folder.kept_shown import KeptShown
from streaming.program.errors import OtherOutput, WrongSteering
from streaming.program.names import HALL, POINTS
from streaming.program.output import Hand
from streaming.program.shown import Change, Figures, Shown
from tests.worlds.apps import LEAF, NOW_MS, take
from tests.worlds.clocks import Clock
from tests.worlds.opened import LAN, opened, press
from tests.worlds.outputs import an_output


def rows(log: ShownLog, output: str = HALL) -> list[tuple[str, str]]:
    return [(row.what, row.scene) for row in log.rows(output)]


def last(log: ShownLog, output: str = HALL) -> Shown:
    return log.rows(output)[-1]


def test_every_change_is_in_the_log_once_with_the_numbers_of_then_and_over_a_restart(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        log, outputs = app.state.shown_log, app.state.outputs
        assert rows(log) == [("scene", "live")]
        take(app.state.live, [(LEAF, "completed", "a"), (LEAF, "started", None)])
        press(app, clock, "backdrop")
        shown = last(log)
        assert (shown.at, shown.by, shown.what, shown.store) == (clock.ms, "account:1", "scene", "live")
        assert (shown.started, shown.completed, shown.seq) == (1, 1, outputs.numbers.board(HALL).seq)
        assert last(log, POINTS).scene == "backdrop"
        outputs.look()
        outputs.look()
        before = rows(log)
    with opened(tmp_path, clock) as app:
        assert rows(app.state.shown_log) == before


def test_overlays_are_in_the_log_by_name_and_what_went_at_once_is_told_once(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        log, outputs = app.state.shown_log, app.state.outputs
        name = {"name": msgspec.Raw(msgspec.json.encode("Nguyễn Văn A"))}
        outputs.steer(HALL, LAN, ArmAsked(overlay="lower-third"))
        outputs.steer(HALL, LAN, ShowAsked(overlay="lower-third", data=name))
        told = [(row.what, row.overlay, row.by) for row in log.rows(HALL)[1:]]
        lane = [("overlay_hidden", other, "account:1") for other in ("total", "ticker")]
        assert told == [*lane, ("overlay", "lower-third", "account:1")]
        assert last(log).data == {"name": "Nguyễn Văn A"}
        outputs.steer(HALL, LAN, UpdateAsked(overlay="total", data={"size": msgspec.Raw(b"80")}))
        assert last(log).overlay == "lower-third"
        outputs.steer(HALL, LAN, HideAsked(overlay="bug"))
        assert (last(log).what, last(log).overlay) == ("overlay_hidden", "bug")
        outputs.steer(HALL, LAN, ClearAsked())
        assert (last(log).what, last(log).overlay) == ("overlays_cleared", "")
        count = len(log.rows(HALL))
        outputs.steer(HALL, LAN, ClearAsked())
        assert len(log.rows(HALL)) == count


def test_a_take_behind_a_still_picture_is_in_the_log_when_it_is_seen(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        log, outputs = app.state.shown_log, app.state.outputs
        outputs.steer(HALL, LAN, PanicAsked())
        press(app, clock, "backdrop")
        assert rows(log)[-1] == ("still", "live")
        outputs.steer(HALL, LAN, ResumeAsked())
        assert rows(log)[-2:] == [("resume", "backdrop"), ("scene", "backdrop")]


def test_what_follows_late_is_in_the_log_when_it_was_seen_there(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        log, outputs = app.state.shown_log, app.state.outputs
        outputs.steer(POINTS, LAN, DelayAsked(delay_ms=8_000, seen=outputs.of(POINTS).version))
        assert (last(log, POINTS).what, last(log, POINTS).value) == ("delay", 8_000)
        press(app, clock, "backdrop")
        outputs.steer(HALL, LAN, LaunchAsked(at_ms=clock.ms + 1_000, seen=outputs.of(HALL).version))
        pressed_ms = clock.ms
        outputs.look()
        assert last(log, POINTS).what == "delay"
        clock.ms = pressed_ms + 1_100
        outputs.look()
        assert (last(log).what, last(log).at) == ("launch", pressed_ms + 1_000)
        clock.ms = pressed_ms + 9_000
        outputs.look()
        late = log.rows(POINTS)[-2:]
        assert [(row.what, row.at) for row in late] == [
            ("launch", pressed_ms + 9_000), ("scene", pressed_ms + 9_000),
        ]  # fmt: skip
    with opened(tmp_path, clock) as app:
        app.state.outputs.look()
        assert [row.what for row in app.state.shown_log.rows()].count("launch") == 2


def test_a_launch_that_went_off_while_the_server_was_down_is_in_the_log_after(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        outputs = app.state.outputs
        outputs.steer(HALL, LAN, LaunchAsked(at_ms=clock.ms + 1_000, seen=outputs.of(HALL).version))
    clock.ms += 5_000
    with opened(tmp_path, clock) as app:
        app.state.outputs.look()
        assert (last(app.state.shown_log).what, last(app.state.shown_log).at) == ("launch", NOW_MS + 1_000)


def test_going_live_begins_a_run_by_which_rows_are_told_apart(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock, show="rehearsal") as app:
        log, outputs = app.state.shown_log, app.state.outputs
        outputs.steer(HALL, LAN, StoreAsked(store="live", seen=outputs.of(HALL).version))
        found = log.rows(HALL)
        assert [(row.what, row.store) for row in found] == [
            ("scene", "rehearsal"), ("store", "live"), ("scene", "live"),
        ]  # fmt: skip
        assert (found[0].run, found[-1].run) == (None, clock.ms)


def test_a_mark_says_what_it_is_told_and_is_refused_where_a_line_could_not_have_it(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        log, outputs = app.state.shown_log, app.state.outputs
        version = outputs.of(HALL).version
        assert outputs.mark(HALL, LAN, " Máy 1 ").version == version
        assert (last(log).what, last(log).text) == ("mark", "Máy 1")
        for text in ("a" * 201, "a\nb", "\x00"):
            with pytest.raises(WrongSteering):
                outputs.mark(HALL, LAN, text)
        with pytest.raises(OtherOutput):
            outputs.mark(HALL, Hand("account:2", "tv1"), "")


def test_a_disk_that_is_gone_stops_nothing_and_is_told(tmp_path: Path) -> None:
    clock = Clock(NOW_MS)
    with opened(tmp_path, clock) as app:
        log = app.state.shown_log
        (tmp_path / ADMIN_FILE).rename(tmp_path / "away")
        log.close()
        press(app, clock, "backdrop")
        assert log.fault is not None
        assert ADMIN_FILE in log.fault
        assert str(tmp_path) not in log.fault
        assert app.state.admin_faults()["shown"] == log.fault
        (tmp_path / "away").rename(tmp_path / ADMIN_FILE)
        log.close()
        assert log.fault is None
        assert rows(log) == [("scene", "live"), ("scene", "backdrop")]


def test_the_oldest_rows_of_an_output_go_first_and_push_out_no_other_kind_and_no_other_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, Clock(NOW_MS)):
        pass
    for name, value in {"ROWS_MAX": 2, "MARKS_MAX": 3, "LOOKED_EVERY": 2}.items():
        monkeypatch.setattr(kept_shown, name, value)
    log = ShownLog(KeptShown(tmp_path / ADMIN_FILE), now_ms=lambda: NOW_MS)
    log.figures = lambda _output: Figures(1, 2, 3)
    hall, other = an_output(), an_output("tv1")
    log.mark(hall, "account:1", '"what":"mark"')
    for number in range(5):
        log.mark(other, "account:1", str(number))
        log._note(other, Change("step", "account:1", number))
        log.close()
    log.close()
    marks = [row.text for row in log.rows("tv1") if row.what == "mark"]
    steps = [row.value for row in log.rows("tv1") if row.what == "step"]
    assert (marks[-3:], steps[-2:]) == (["2", "3", "4"], [3, 4])
    # It is looked once in a while, so that a few more may be there.
    assert len(marks) + len(steps) <= 5 + 2
    assert [(row.what, row.text) for row in log.rows(HALL)][-1] == ("mark", '"what":"mark"')
    assert [row.what for row in log.rows(HALL)] == ["scene", "mark"]


def test_a_flood_of_one_output_takes_nothing_of_another_while_the_disk_is_full(tmp_path: Path) -> None:
    with opened(tmp_path, Clock(NOW_MS)):
        pass
    log = ShownLog(KeptShown(tmp_path / ADMIN_FILE), now_ms=lambda: NOW_MS)
    log.figures = lambda _output: Figures(1, 2, 3)
    hall, other = an_output(), an_output("tv1")
    log._note(hall, Change("still", "account:1"))
    log._note(other, Change("still", "account:1"))
    for number in range(WAITING_MAX + 5):
        log.mark(other, "account:1", str(number))
    assert len(log._waiting) == WAITING_MAX
    assert [(row.output, row.what, row.text) for _, row in log._waiting[:3]] == [
        (HALL, "still", ""), ("tv1", "still", ""), ("tv1", "mark", "7"),
    ]  # fmt: skip
