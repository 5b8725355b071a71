"""Being away: a long time between two looks is told once, and a clock that is set is none."""

from server.clock import Timekeeper
from server.control.away import HELD_UP_MS, Away
from tests.worlds.clocks import Clock
from tests.worlds.histories import START_MS


def test_a_long_time_between_two_looks_is_told_once() -> None:
    clock = Clock(START_MS)
    away = Away(Timekeeper(clock, clock.elapsed))
    clock.ms += HELD_UP_MS
    assert away.look(clock.ms) == 0
    clock.ms += HELD_UP_MS + 1
    assert (away.look(clock.ms), away.look(clock.ms)) == (HELD_UP_MS + 1, 0)


def test_a_clock_that_is_set_is_told_once_and_is_no_time_away() -> None:
    clock = Clock(START_MS)
    keeper = Timekeeper(clock, clock.elapsed)
    away = Away(keeper)
    clock.set(3_600_000)
    now_ms = keeper.now_ms()
    assert (away.follow_clock(), away.follow_clock()) == (3_600_000, 0)
    assert away.look(now_ms) == 0
