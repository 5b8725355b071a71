"""The server's time: what it sees of a machine's clock that somebody sets."""

import pytest
from structlog.testing import capture_logs

from server.clock import NOTES_KEPT, READ_MS_MAX, STEP_MS_MIN, WARN_MS, Timekeeper, elapsed_ms, wall_ms
from tests.worlds.apps import NOW_MS

HOUR_MS = 3_600_000
SET_MS = (-7 * HOUR_MS, -HOUR_MS, -90_000, 600_000, HOUR_MS, 7 * HOUR_MS)


class Machine:
    """A machine's clock, and the time that passes on it."""

    def __init__(self) -> None:
        self.wall_ms = NOW_MS
        self.elapsed_ms = 5_000

    def wall(self) -> int:
        return self.wall_ms

    def elapsed(self) -> int:
        return self.elapsed_ms

    def pass_ms(self, ms: int) -> None:
        self.wall_ms += ms
        self.elapsed_ms += ms

    def keeper(self) -> Timekeeper:
        return Timekeeper(self.wall, self.elapsed)


@pytest.mark.parametrize("by_ms", SET_MS)
def test_a_clock_that_is_set_is_followed_and_told_at_the_highest_level(by_ms: int) -> None:
    machine = Machine()
    keeper = machine.keeper()
    machine.pass_ms(30_000)
    machine.wall_ms += by_ms
    with capture_logs() as said:
        assert keeper.now_ms() == machine.wall_ms
        machine.pass_ms(10_000)
        assert keeper.now_ms() == machine.wall_ms
    assert [(line["log_level"], line["event"], line["by_s"]) for line in said] == [
        ("critical", "the machine's clock was set", by_ms / 1000)
    ]
    assert keeper.moved_ms == by_ms
    (note,) = keeper.notes_since(0)
    assert (note.kind, note.by_ms, note.at_ms) == ("step", by_ms, NOW_MS + 30_000 + by_ms)
    assert keeper.notes_since(1) == []


def test_a_machine_that_sleeps_is_no_step() -> None:
    machine = Machine()
    keeper = machine.keeper()
    machine.pass_ms(9 * HOUR_MS)
    assert keeper.now_ms() == machine.wall_ms
    assert (keeper.moved_ms, keeper.notes_since(0)) == (0, [])


def test_a_clock_that_is_slewed_is_no_step_however_far_it_gets() -> None:
    machine = Machine()
    keeper = machine.keeper()
    for _ in range(100):
        machine.pass_ms(1_000)
        machine.wall_ms -= STEP_MS_MIN
        assert keeper.now_ms() == machine.wall_ms
    assert (keeper.moved_ms, keeper.notes_since(0)) == (0, [])


def test_a_clock_that_drifts_by_less_than_is_looked_at_is_no_step_however_far_it_gets() -> None:
    machine = Machine()
    keeper = machine.keeper()
    for _ in range(2 * STEP_MS_MIN):
        machine.pass_ms(1_000)
        machine.wall_ms -= 1
        assert keeper.now_ms() == machine.wall_ms
    assert (keeper.moved_ms, keeper.notes_since(0)) == (0, [])


def test_a_machine_that_is_held_up_between_two_readings_is_no_step() -> None:
    machine = Machine()
    keeper = machine.keeper()
    held_up = iter([READ_MS_MAX + 1, 60_000])

    def wall() -> int:
        machine.pass_ms(next(held_up, 0))
        return machine.wall_ms

    keeper._wall_ms = wall
    assert keeper.now_ms() == machine.wall_ms
    assert keeper.moved_ms == 0


def test_several_steps_add_up_and_the_last_of_them_are_kept() -> None:
    machine = Machine()
    keeper = machine.keeper()
    for _ in range(NOTES_KEPT):
        for by_ms in (HOUR_MS, -HOUR_MS - 60_000):
            machine.wall_ms += by_ms
            keeper.now_ms()
    assert keeper.moved_ms == -60_000 * NOTES_KEPT
    assert (keeper.notes_total, len(keeper.notes_since(0))) == (2 * NOTES_KEPT, NOTES_KEPT)
    assert [note.by_ms for note in keeper.notes_since(2 * NOTES_KEPT - 2)] == [HOUR_MS, -HOUR_MS - 60_000]


def test_a_last_row_in_the_future_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    keeper = Machine().keeper()
    with capture_logs() as said:
        keeper.compare("ledger.db", NOW_MS + STEP_MS_MIN)
        keeper.compare("ledger.db", NOW_MS - HOUR_MS)
        assert said == []
        keeper.compare("ledger.db", NOW_MS + HOUR_MS)
    assert [(line["log_level"], line["ledger"], line["by_s"]) for line in said] == [("critical", "ledger.db", 3600.0)]
    (note,) = keeper.notes_since(0)
    assert (note.kind, note.by_ms, note.ledger) == ("row", HOUR_MS, "ledger.db")
    assert keeper.moved_ms == 0
    assert capfd.readouterr().out == ""


def test_warnings_are_told_for_an_hour() -> None:
    machine = Machine()
    keeper = machine.keeper()
    keeper.compare("ledger.db", NOW_MS + 90_000)
    machine.wall_ms -= HOUR_MS
    keeper.now_ms()
    machine.pass_ms(WARN_MS)
    assert keeper.warnings == [
        "clock: at the start (2024-01-01 01:00:00 UTC) it was 90 s behind the last row of ledger.db",
        "clock: it was set back by 3600 s, to 2024-01-01 00:00:00 UTC",
    ]
    machine.pass_ms(1)
    assert keeper.warnings == []


def test_the_real_clocks_run_alike() -> None:
    keeper = Timekeeper()
    assert abs(keeper.now_ms() - wall_ms()) < STEP_MS_MIN
    assert elapsed_ms() > 0
    assert keeper.moved_ms == 0
