"""Moved rounds, and rounds that wait for the button of a launch."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.audit.recount import differences
from streaming.decisions.rounds import MoveRound, OpenRound, WaitForButton, opened_by_launch
from streaming.errors import FoldError, Undecidable
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED
from tests.worlds.folds import folded
from tests.worlds.histories import LEAVES, ROUND_MS, START_MS, Writer, contest
from tests.worlds.whole import examples

CLOSES_MS = START_MS + ROUND_MS
EARLY_MS = 600_000


def written(writer: Writer, action: Any, fold: Fold | None = None) -> None:
    """Write what an action asks for, if it may be."""
    fold = fold or folded(writer.rows)
    decision = action.decision(fold.rounds)
    decision.check(fold.seq + 1, fold)
    action.check(fold)
    fields = {"n": decision.n, "opens_ms": decision.opens_ms, "closes_ms": decision.closes_ms}
    writer.decide("round", **fields, **({"cue": decision.cue} if decision.cue is not None else {}))


AT = st.integers(START_MS - 120_000, CLOSES_MS - 1)
ENTRIES = st.lists(st.tuples(st.sampled_from(LEAVES), AT, st.sampled_from([None, "u1", "u2"])), max_size=12)


@examples(60)
@given(before=ENTRIES, after=ENTRIES, pressed_ms=st.integers(START_MS - 60_000, CLOSES_MS - 1))
def test_a_round_that_waited_counts_as_one_that_was_to_open_at_the_press(
    before: list[tuple[str, int, str | None]], after: list[tuple[str, int, str | None]], pressed_ms: int
) -> None:
    plan = contest()
    first, second = plan.rounds
    planned = msgspec.structs.replace(plan, rounds=(msgspec.structs.replace(first, opens_ms=pressed_ms), second))
    waited, told = Writer(now_ms=START_MS - 60_000), Writer(planned, now_ms=START_MS - 60_000)
    written(waited, WaitForButton(n=1, seen=0))
    for number, (unit, at, person) in enumerate(before):
        for writer in (waited, told):
            writer.take(f"b{number}", unit=unit, at=at, person=person)
    fold = folded(waited.rows)
    assert fold.public.counts[ALL]["P"][COMPLETED] == 0
    assert fold.whole.outside == {"before": len(before), "between": 0, "after": 0}
    written(waited, OpenRound(n=1, opens_ms=pressed_ms, cue=pressed_ms))
    for number, (unit, at, person) in enumerate(after):
        for writer in (waited, told):
            writer.take(f"a{number}", unit=unit, at=at, person=person)
    fold, other = folded(waited.rows), folded(told.rows)
    assert fold.public.counts == other.public.counts
    assert fold.whole.outside == other.whole.outside == {
        "before": sum(at < pressed_ms for _, at, _ in (*before, *after)), "between": 0, "after": 0
    }  # fmt: skip
    assert differences(fold, waited.rows) == []


def test_what_came_between_plan_and_press_stays_outside() -> None:
    writer = Writer()
    writer.now_ms = START_MS - 60_000
    written(writer, WaitForButton(n=1, seen=0))
    writer.now_ms = START_MS + 300_000
    writer.take("e1", unit="A1")
    written(writer, OpenRound(n=1, opens_ms=writer.now_ms + 200, cue=7))
    writer.now_ms += 200
    writer.take("e2", unit="A1")
    fold = folded(writer.rows)
    assert (fold.public.counts[ALL]["P"][COMPLETED], fold.whole.outside["before"]) == (1, 1)


def test_a_round_that_has_opened_waits_no_more() -> None:
    writer = Writer()
    writer.now_ms = START_MS
    writer.clock()
    with pytest.raises(Undecidable, match="round 1 has opened already"):
        written(writer, WaitForButton(n=1, seen=0))


def test_a_closing_that_is_moved_lets_a_round_wait_and_no_slip_of_the_keyboard_makes_one() -> None:
    writer = Writer()
    written(writer, WaitForButton(n=1, seen=0))
    written(writer, MoveRound(n=1, closes_ms=CLOSES_MS - 5, seen=0))
    assert folded(writer.rows).rounds[0].waits
    with pytest.raises(Undecidable, match="round 1 would close when it opens"):
        written(writer, MoveRound(n=1, opens_ms=CLOSES_MS - 5, seen=0))
    written(writer, MoveRound(n=1, opens_ms=START_MS, seen=0))
    assert not folded(writer.rows).rounds[0].waits


def test_a_round_that_does_not_exist_neither_waits_nor_opens() -> None:
    for action in (WaitForButton(n=9, seen=0), OpenRound(n=9, opens_ms=START_MS, cue=1)):
        with pytest.raises(FoldError, match="there is no round 9"):
            written(Writer(), action)
    with pytest.raises(FoldError, match="would overlap another or close before it opens"):
        written(Writer(), OpenRound(n=1, opens_ms=CLOSES_MS + 1, cue=1))
    with pytest.raises(Undecidable, match="round 1 is over"):
        written(Writer(), OpenRound(n=1, opens_ms=CLOSES_MS, cue=1))


def test_a_launch_opens_what_waits_or_is_about_to_open_and_nothing_else() -> None:
    rounds = contest().rounds
    writer = Writer()
    written(writer, WaitForButton(n=1, seen=0))
    waits = folded(writer.rows).rounds

    def opened_at(at_ms: int, rounds: Any = rounds) -> int | None:
        found = opened_by_launch(rounds, at_ms, EARLY_MS)
        return found.n if found else None

    assert opened_at(START_MS - EARLY_MS - 1) is None
    assert opened_at(START_MS - EARLY_MS) == 1
    assert opened_at(START_MS) is None
    assert opened_at(START_MS - 10 * EARLY_MS, waits) == 1
    assert opened_at(CLOSES_MS - 1, waits) == 1
    assert opened_at(CLOSES_MS, waits) is None
    assert opened_at(rounds[-1].closes_ms) is None
    assert opened_by_launch(rounds, START_MS - 1, 0) is None
