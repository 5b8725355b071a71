"""Corrections that are undone or told no longer, and what one would bring before it is made."""

import pytest

from streaming.decisions.corrections import Correct, Untell
from streaming.effect import effect_of_correction
from streaming.errors import Undecidable
from streaming.fold.fold import Fold
from streaming.fold.tally import COMPLETED
from streaming.topics.operators import control_state
from streaming.topics.state import BoardState
from streaming.topics.topics import Topics
from tests.worlds.folds import folded, opened, public
from tests.worlds.histories import Writer

FIX = {"unit": "A1", "round": 1, "column": "completed"}


def corrected(delta: int = 4) -> tuple[Writer, int]:
    """Five entries, and a correction of them that screens tell."""
    writer = opened()
    for number in range(5):
        writer.take(f"e{number}", unit="A1")
    return writer, writer.decide("correction", **FIX, delta=delta, labelled=True, reason="nhập trùng").seq


def told(fold: Fold) -> tuple[str, ...] | None:
    topics = Topics(rehearsal=False)
    topics.move(fold, "x")
    board = topics.find("board")
    assert board is not None
    return BoardState.of(board.view()).corrected


def undo(seq: int, **other: object) -> Correct:
    fields = {**FIX, "delta": -4, "labelled": False, "reason": "nhầm", "seen": 0, "undoes": seq} | other
    return Correct(**fields)  # type: ignore[arg-type]


def test_one_that_is_undone_counts_no_more_and_screens_say_nothing_of_either() -> None:
    writer, seq = corrected()
    assert told(folded(writer.rows)) == ("A1",)
    writer.decide("correction", **FIX, delta=-4, labelled=False, undoes=seq, reason="nhầm")
    fold = folded(writer.rows)
    assert public(writer)[COMPLETED] == 5
    assert told(fold) is None
    assert [(fix.undoes, fix.undone) for fix in control_state(fold).corrections or ()] == [(seq, False), (None, True)]


def test_only_the_opposite_of_one_that_stands_undoes_it() -> None:
    writer, seq = corrected()
    undo(seq).check(folded(writer.rows))
    for wrong in ({"delta": -3}, {"unit": "A2"}, {"labelled": True}, {"undoes": seq - 1}):
        with pytest.raises(Undecidable, match="undoes"):
            undo(seq, **wrong).check(folded(writer.rows))
    again = writer.decide("correction", **FIX, delta=-4, labelled=False, undoes=seq, reason="nhầm")
    for row in (seq, again.seq):
        with pytest.raises(Undecidable, match="no correction that stands"):
            undo(row).check(folded(writer.rows))


def test_the_note_of_one_can_be_ended_and_its_number_stays() -> None:
    writer, seq = corrected()
    Untell(correction=seq, seen=0).check(folded(writer.rows))
    act = folded(writer.rows).public_cut.act
    writer.decide("untell", correction=seq)
    fold = folded(writer.rows)
    assert (told(fold), public(writer)[COMPLETED], fold.public_cut.act) == (None, 9, act + 1)
    assert [fix.untold for fix in control_state(fold).corrections or ()] == [True]
    for row in (seq, 1):
        with pytest.raises(Undecidable, match="told on no screen"):
            Untell(correction=row, seen=0).check(fold)


def test_what_it_would_bring_is_what_it_brings_when_it_is_made() -> None:
    writer, _ = corrected(0)
    writer.take("b", unit="A2")
    for hold in (False, True):
        if hold:
            writer.decide("hold", unit="A")
        fold = folded(writer.rows)
        made = Correct(unit="A1", round=1, column="completed", delta=-5, reason="trùng", labelled=False, seen=0)
        made.check(fold)
        effect = effect_of_correction(fold, made.decision(fold.rounds))
        assert effect.kept_back is hold
        assert [(unit.code, unit.round, unit.all) for unit in effect.units] == [
            ("A1", (5, 0), (5, 0)), ("A", (6, 1), (6, 1)), ("P", (6, 1), (6, 1)),
        ]  # fmt: skip
        assert [unit.rank for unit in effect.units] == [(1, 2), (1, 1), (None, None)]
    writer.decide("correction", **FIX, delta=-5, reason="nhập trùng")
    writer.decide("release", unit="A")
    assert public(writer)[COMPLETED] == 1
