"""An earlier moment is what was public then, by the contest as it is now."""

from typing import Any

import msgspec
import pytest
from hypothesis import given

from streaming.audit.recount import recount
from streaming.contests.contest import encode_contest
from streaming.errors import FoldError
from streaming.fold.cursor import Cut
from streaming.fold.earlier import RowsInHand, at_once, folded_to, on_air
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED
from streaming.ledger.rows import Row
from tests.worlds.folds import folded, opened
from tests.worlds.histories import Writer, contest, histories
from tests.worlds.whole import examples


def shown(writer: Writer) -> Fold:
    return on_air(folded(writer.rows), RowsInHand(writer.rows))


def total(fold: Fold) -> int:
    return fold.public.counts[ALL]["P"][COMPLETED]


def enter(writer: Writer, count: int) -> None:
    for _ in range(count):
        writer.take(f"e{len(writer.rows)}", unit="A1")


def step_back(writer: Writer, to: int) -> Row:
    return writer.decide("step_back", output="hall", to=to, to_ms=writer.rows[to - 1].received_ms)


def withdraw(writer: Writer) -> Row:
    return writer.decide("withdraw", output="hall", taken_ms=writer.now_ms)


@pytest.mark.parametrize("ends", [{"kind": "restore", "output": "hall"}, {"kind": "release", "unit": None}])
def test_while_numbers_are_withdrawn_an_earlier_moment_is_shown_and_then_all_that_came(ends: dict[str, Any]) -> None:
    writer = opened()
    enter(writer, 5)
    withdraw(writer)
    enter(writer, 2)
    epochs = [folded(writer.rows).epoch("x", 0)]
    step_back(writer, 3)
    fold = folded(writer.rows)
    epochs.append(fold.epoch("x", 0))
    assert (total(shown(writer)), total(fold), fold.whole.counts[ALL]["P"][COMPLETED]) == (2, 5, 7)
    enter(writer, 1)
    assert total(shown(writer)) == 2
    writer.decide(**ends)
    fold = folded(writer.rows)
    epochs.append(fold.epoch("x", 0))
    assert (shown(writer).seq, total(shown(writer))) == (fold.seq, 8)
    assert len(set(epochs)) == 3, "positions go back and forth, so each time they are other ones"


def test_without_numbers_withdrawn_it_changes_nothing() -> None:
    writer = opened()
    enter(writer, 3)
    before = folded(writer.rows).epoch("x", 0)
    step_back(writer, 2)
    fold = folded(writer.rows)
    assert (fold.gate.back_to, fold.epoch("x", 0), total(shown(writer))) == (None, before, 3)


@pytest.mark.parametrize("to", [0, 2, 99])
def test_it_names_rows_before_its_own(to: int) -> None:
    writer = opened()
    with pytest.raises(FoldError, match=f"row 2: steps back to row {to}, expected one from 1 to 1"):
        folded([*writer.rows, writer.decide("step_back", output="hall", to=to, to_ms=1)])


def test_a_moment_at_which_an_earlier_one_was_shown_is_that_one() -> None:
    writer = opened()
    enter(writer, 5)
    withdraw(writer)
    step_back(writer, 3)
    seen = writer.clock()
    writer.decide("restore", output="hall")
    enter(writer, 2)
    withdraw(writer)
    step_back(writer, seen.seq)
    assert total(shown(writer)) == 2


def test_an_edit_of_the_contest_holds_for_an_earlier_moment_too() -> None:
    writer = opened()
    enter(writer, 3)
    withdraw(writer)
    step_back(writer, 2)
    writer.decide("contest", contest=msgspec.json.decode(encode_contest(contest(title="Khác"))))
    assert (shown(writer).contest.title, total(shown(writer))) == ("Khác", 1)


@examples(60)
@given(histories)
def test_whatever_moment_is_shown_is_what_was_public_then(rows: list[Row]) -> None:
    fold = Fold()
    cuts: list[Cut] = []
    for number, row in enumerate(rows, start=1):
        fold.apply(row)
        in_hand = RowsInHand(rows[:number])
        found = on_air(fold, in_hand)
        cuts.append(found.cut)
        if fold.gate.back_to is not None:
            then = cuts[fold.gate.back_to - 1]
            assert (found.cut.seq, found.cut.at_ms, found.cut.heard_ms) == (then.seq, then.at_ms, then.heard_ms)
            public = recount(rows[:number], public=True)
            assert {code: tuple(counts) for code, counts in found.public.counts[ALL].items()} == public[ALL]


def test_it_is_folded_step_by_step() -> None:
    writer = opened()
    enter(writer, 120)
    steps = folded_to(RowsInHand(writer.rows), 110, len(writer.rows))
    assert [next(steps) for _ in range(2)] == [None, None]
    assert total(at_once(steps)) == 109
