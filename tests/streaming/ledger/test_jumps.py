"""A clock that ran ahead and is set right: what the fold, its recount and the screens make of the jump in the rows."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.audit.recount import differences
from streaming.errors import FoldError
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED, PACE
from streaming.ledger.jumps import JUMP_MS_MIN, Jump, Jumps, jump_draft
from streaming.ledger.rows import Row
from streaming.topics.state import Series
from streaming.topics.topics import series
from tests.worlds.histories import HOUR_MS, ROUND_MS, SCHEDULED, START_MS, Writer, histories
from tests.worlds.whole import examples

MINUTE_MS = 60_000
AHEAD_MS = (7 * HOUR_MS, HOUR_MS, 90_000)
"""An RTC in local time, an hour by hand, a minute and a half of a machine without a time service."""


def fold_of(writer: Writer) -> Fold:
    fold = Fold()
    for row in writer.rows:
        fold.apply(row)
    assert differences(fold, writer.rows) == []
    return fold


def pace(writer: Writer) -> int:
    return fold_of(writer).public.counts[ALL]["P"][PACE]


@pytest.fixture(params=AHEAD_MS, ids=["7h", "1h", "90s"])
def ahead_ms(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def writer(ahead_ms: int) -> Writer:
    """A ledger that was begun with a clock ahead, half an hour into a round that is open at either time."""
    made = Writer(now_ms=START_MS + 30 * MINUTE_MS + ahead_ms)
    made.decide("round", n=2, opens_ms=START_MS + 24 * HOUR_MS, closes_ms=START_MS + 25 * HOUR_MS)
    made.decide("round", n=1, opens_ms=START_MS, closes_ms=START_MS + 24 * HOUR_MS)
    return made


def enter(writer: Writer, count: int, first: int = 0) -> None:
    """An entry every 20 s, the last of them now."""
    for number in range(count):
        writer.now_ms += 20_000 if number else 0
        writer.take(f"e{first + number}", unit="A1", at=START_MS)


def test_rows_stay_in_order_and_only_a_jump_sets_their_time_back(writer: Writer, ahead_ms: int) -> None:
    enter(writer, 4)
    writer.set(-ahead_ms)
    enter(writer, 2, first=4)
    fold_of(writer)
    back = [later for earlier, later in pairwise(writer.rows) if later.received_ms < earlier.received_ms]
    assert [row.type for row in back] == ["clock"]
    assert writer.rows[-1].received_ms == writer.now_ms


def test_pace_goes_on_and_comes_to_0_and_does_not_come_again(writer: Writer, ahead_ms: int) -> None:
    enter(writer, 4)
    writer.set(-ahead_ms)
    writer.clock(web=writer.now_ms)
    assert pace(writer) == 4
    writer.now_ms += 4 * MINUTE_MS
    writer.take("last", unit="A1", at=START_MS)
    assert pace(writer) == 4  # The first of the four has left, another has come.
    for minutes in (5, ahead_ms // MINUTE_MS):
        writer.now_ms += minutes * MINUTE_MS
        writer.clock(web=writer.now_ms)
        assert pace(writer) == 0


def test_the_trend_has_every_entry_where_it_came(writer: Writer, ahead_ms: int) -> None:
    enter(writer, 5)
    writer.set(-ahead_ms)
    writer.clock(web=writer.now_ms)
    writer.now_ms += MINUTE_MS
    writer.clock(web=writer.now_ms)
    fold = fold_of(writer)
    trend = series(fold.public, fold.cut.at_ms)
    assert trend == Series(START_MS + 30 * MINUTE_MS, 60, (3, 5))


def test_a_source_heard_by_the_clock_that_ran_ahead_was_heard_when_it_was(writer: Writer, ahead_ms: int) -> None:
    writer.take("e0", by="bao", unit="A1", at=START_MS)
    writer.now_ms += 20_000
    writer.take("e1", by="web", unit="A1", at=START_MS)
    writer.set(-ahead_ms)
    row = writer.clock(web=writer.now_ms + ahead_ms, bao=writer.now_ms - 20_000)
    before = Fold()
    for earlier in writer.rows[:-1]:
        before.apply(earlier)
    assert before.heard_ms == {"web": writer.now_ms, "bao": writer.now_ms - 20_000}
    assert before.cut.heard_ms == writer.now_ms - 20_000
    # Heard before the clock was set back, written after it: no source is heard later than now.
    assert fold_of(writer).heard_ms == {"web": row.received_ms, "bao": row.received_ms - 20_000}


def test_a_clock_row_that_was_told_before_an_entry_and_written_after_it_takes_nothing_back() -> None:
    writer = Writer(now_ms=START_MS)
    told_ms = writer.now_ms
    writer.now_ms += 9_000
    writer.take("e0", by="web", unit="A1", at=START_MS)
    writer.clock(web=told_ms)
    fold = fold_of(writer)
    assert fold.heard_ms == {"web": writer.now_ms}
    assert fold.cut.heard_ms == writer.now_ms


def test_what_was_told_before_the_clock_ran_ahead_stands() -> None:
    jump = Jump(9, START_MS + HOUR_MS, START_MS + 30 * MINUTE_MS)
    assert jump.mend(START_MS) == START_MS
    assert jump.mend(jump.to_ms) == jump.to_ms
    assert jump.mend(jump.to_ms + 10 * MINUTE_MS) == jump.to_ms - 20 * MINUTE_MS
    assert jump.mend(jump.from_ms + MINUTE_MS) == jump.to_ms


def test_a_schedule_that_a_clock_ahead_began_comes_again_in_its_time(writer: Writer, ahead_ms: int) -> None:
    begins_ms = writer.now_ms - ahead_ms // 2  # Past by the clock that runs ahead, to come in truth.
    before_close_ms = START_MS + 24 * HOUR_MS - begins_ms
    writer.decide("schedule", round=1, before_close_ms=before_close_ms, delay_ms=None)
    assert fold_of(writer).gate.held_all is not None
    writer.set(-ahead_ms)
    writer.decide("release", unit=None)
    writer.take("e0", unit="A1", at=START_MS)
    fold = fold_of(writer)
    assert (fold.gate.held_all, fold.public.counts[ALL]["P"][COMPLETED]) == (None, 1)
    writer.now_ms = begins_ms
    writer.take("e1", unit="A1", at=START_MS)
    fold = fold_of(writer)
    assert fold.gate.held_all is not None
    assert fold.gate.held_all.at_ms == begins_ms
    assert (fold.public.counts[ALL]["P"][COMPLETED], fold.whole.counts[ALL]["P"][COMPLETED]) == (1, 2)


def test_a_scheduled_delay_that_a_clock_ahead_began_ends_and_comes_again(writer: Writer, ahead_ms: int) -> None:
    begins_ms = writer.now_ms - ahead_ms // 2
    before_close_ms = START_MS + 24 * HOUR_MS - begins_ms
    writer.decide("schedule", round=1, before_close_ms=before_close_ms, delay_ms=120_000)
    assert fold_of(writer).gate.delay_ms == 120_000
    writer.set(-ahead_ms)
    writer.clock()
    assert fold_of(writer).gate.delay_ms == 0
    writer.now_ms = begins_ms
    writer.clock()
    assert fold_of(writer).gate.delay_ms == 120_000


def test_a_scheduled_delay_that_a_clock_ahead_ended_holds_until_the_round_closes() -> None:
    writer = Writer(now_ms=START_MS)
    writer.decide("schedule", round=1, before_close_ms=30 * MINUTE_MS, delay_ms=120_000)
    writer.now_ms += ROUND_MS
    writer.clock()
    assert fold_of(writer).gate.delay_ms == 0
    writer.now_ms -= 20 * MINUTE_MS
    writer.clock()
    assert fold_of(writer).gate.delay_ms == 120_000
    writer.now_ms += 20 * MINUTE_MS
    writer.clock()
    assert fold_of(writer).gate.delay_ms == 0


def test_a_delay_lets_through_what_is_old_enough_and_waits_no_longer(writer: Writer, ahead_ms: int) -> None:
    writer.decide("delay", delay_ms=60_000)
    writer.take("e0", unit="A1", at=START_MS)
    writer.now_ms += 20_000
    writer.set(-ahead_ms)
    writer.clock()
    fold = fold_of(writer)
    assert (fold.public.counts[ALL]["P"][COMPLETED], fold.whole.counts[ALL]["P"][COMPLETED]) == (0, 1)
    assert fold.waits_until_ms == writer.now_ms + 40_000
    writer.now_ms += 40_000
    writer.clock()
    assert fold_of(writer).public.counts[ALL]["P"][COMPLETED] == 1


def test_a_hold_of_everything_tells_nothing_of_a_jump_until_it_is_released(writer: Writer, ahead_ms: int) -> None:
    enter(writer, 3)
    writer.decide("hold", unit=None)
    held = fold_of(writer)
    epoch = held.epoch("id", 0)
    writer.set(-ahead_ms)
    writer.clock(web=writer.now_ms)
    fold = fold_of(writer)
    assert (fold.cut, fold.epoch("id", 0)) == (held.cut, epoch)
    assert fold.gate.held_all is not None
    assert fold.gate.held_all.at_ms == writer.now_ms
    writer.decide("release", unit=None)
    assert fold_of(writer).cut.at_ms == writer.now_ms


def test_a_milestone_is_told_on_the_clock_as_it_is(writer: Writer, ahead_ms: int) -> None:
    writer.decide("milestone", value=1)
    writer.now_ms += 5_000
    writer.set(-ahead_ms)
    writer.clock()
    fold = fold_of(writer)
    milestone = fold.public_cut.milestone
    assert milestone is not None
    assert milestone.at_ms == fold.milestones[1].at_ms == writer.now_ms - 5_000


def test_what_a_watchdog_begins_with_after_a_jump_is_told_on_the_clock_as_it_is(writer: Writer, ahead_ms: int) -> None:
    enter(writer, 3)
    writer.set(-ahead_ms)
    enter(writer, 2, first=3)
    found = fold_of(writer).completed_since(0, writer.now_ms - HOUR_MS)
    times_ms = [writer.now_ms - entry.received_ms for entry in found]
    assert times_ms == [60_000, 40_000, 20_000, 20_000, 0]


def test_a_time_passes_through_every_jump_after_its_row() -> None:
    jumps = Jumps()
    for jump in (Jump(5, 1_000_000, 900_000), Jump(8, 950_000, 700_000), Jump(9, 990_000, 980_000)):
        jumps.add(jump)
    for seq, told_ms in ((1, 600_000), (1, 700_001), (4, 950_000), (6, 940_000), (8, 985_000), (9, 985_000)):
        expected = told_ms
        for jump in jumps._jumps:
            expected = jump.mend(expected) if seq < jump.seq else expected
        assert jumps.time_of(seq, told_ms) == expected


@pytest.mark.parametrize(
    ("from_ms", "to_ms", "received_ms"),
    [
        (START_MS - 1, START_MS - 9, START_MS - 9),
        (START_MS, START_MS - 9, START_MS - 8),
        (START_MS + 9, START_MS, START_MS),
    ],
)
def test_a_jump_that_is_not_from_the_row_before_back_to_its_own_time_is_an_error(
    from_ms: int, to_ms: int, received_ms: int
) -> None:
    fold = Fold()
    fold.apply(Writer(now_ms=START_MS).rows[0])
    draft = jump_draft(from_ms, to_ms)
    expected = f"^row 2: a jump from {from_ms} to {to_ms}, expected one from {START_MS} or later back to {received_ms}$"
    with pytest.raises(FoldError, match=expected):
        fold.apply(Row(2, "clock", received_ms, "system", None, None, draft.body))


@pytest.mark.parametrize("body", [b"{}", b'{"heard":{},"jump":{"from":2,"to":1}}', b'{"jump":1}', b"["])
def test_a_clock_row_that_says_nothing_that_one_may_is_an_error(body: bytes) -> None:
    fold = Fold()
    fold.apply(Writer(now_ms=START_MS).rows[0])
    with pytest.raises(FoldError, match=r"^row 2: a clock row "):
        fold.apply(Row(2, "clock", START_MS, "system", None, None, body))


@examples(60)
@given(st.one_of(histories, SCHEDULED))
def test_no_time_that_is_told_lies_in_the_future(rows: list[Row]) -> None:
    fold = Fold()
    for row in rows:
        fold.apply(row)
        now_ms = fold.now_ms
        assert all(at_ms <= now_ms for at_ms in fold.heard_ms.values())
        assert all(milestone.at_ms <= now_ms for milestone in fold.milestones.values())
        assert all(hold.at_ms <= now_ms for hold in fold.gate.held.values())
        assert all(entry.received_ms <= now_ms for entry in fold.completed_since(0, now_ms - HOUR_MS))
        cut = fold.public_cut
        assert all(at_ms <= cut.at_ms for at_ms in cut.heard_ms.values())
        assert max(fold.public.minutes, default=0) * MINUTE_MS <= cut.at_ms


def test_the_smallest_jump_is_larger_than_what_a_time_service_slews() -> None:
    """Half a millisecond a second, over the ten minutes for which a quiet ledger may write nothing."""
    assert JUMP_MS_MIN > 0.5 * 600
    assert msgspec.json.decode(jump_draft(2, 1).body) == {"jump": {"from": 2, "to": 1}}
