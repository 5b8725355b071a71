"""Pace: which entries the last five minutes have, as time moves on and is set back."""

from streaming.contests.units import UnitCode
from streaming.fold.entry import Entry
from streaming.fold.pace import MINUTE_MS, PACE_WINDOW_MS, Pace
from streaming.ledger.jumps import Jump, Jumps
from tests.worlds.histories import START_MS


def entry(seq: int, at_ms: int) -> Entry:
    return Entry(seq, "web", f"e{seq}", UnitCode("A1"), "completed", at_ms, at_ms, None, None, None)


def test_an_entry_leaves_the_window_after_five_minutes_and_only_once() -> None:
    pace = Pace(Jumps(), START_MS)
    first, second = entry(2, START_MS), entry(3, START_MS + 1)
    assert (pace.add(first), pace.add(second)) == (True, True)
    assert pace.advance(START_MS + PACE_WINDOW_MS - 1) == []
    assert pace.advance(START_MS + PACE_WINDOW_MS) == [first]
    assert (pace.remove(first), pace.remove(second)) == (False, True)
    assert pace.advance(START_MS + 2 * PACE_WINDOW_MS) == []
    assert pace.minutes == {}


def test_one_that_is_let_in_late_stands_where_it_arrived() -> None:
    pace = Pace(Jumps(), START_MS)
    later, let_in = entry(3, START_MS + 2), entry(2, START_MS + 1)
    assert (pace.add(later), pace.add(let_in)) == (True, True)
    assert pace.advance(START_MS + 1 + PACE_WINDOW_MS) == [let_in]
    assert pace.advance(START_MS + 2 + PACE_WINDOW_MS) == [later]


def test_a_clock_set_back_moves_what_it_told_and_brings_back_what_had_left() -> None:
    jumps = Jumps()
    pace = Pace(jumps, START_MS)
    early, late = entry(2, START_MS), entry(3, START_MS + 10 * MINUTE_MS)
    pace.add(early)
    assert pace.advance(late.received_ms) == [early]
    pace.add(late)
    jump = Jump(4, late.received_ms, START_MS + MINUTE_MS)
    assert pace.set_back(jump, [early, late]) == ([late], [early, late])
    assert pace.minutes == {START_MS // MINUTE_MS: 1, START_MS // MINUTE_MS + 1: 1}
    assert (pace.now_ms, pace.is_stale) == (jump.to_ms, True)
