"""Corrections: somebody's change of one count, which the entries do not give."""

from collections.abc import Container, Sequence
from typing import Annotated

import msgspec

from streaming.contests.contest import Round
from streaming.decisions.action import Action, AsItStands, Code, Given, Seq
from streaming.decisions.decision import Counting, Decided, Decision, InForce
from streaming.decisions.sentence import Gap, OfRound, OfUnit, Phrase, Quantity, Sentence
from streaming.decisions.standing import CORRECTED_COLUMNS, CorrectedColumn, Correction
from streaming.errors import FoldError, Undecidable
from streaming.ledger.rows import Row

DELTA_MAX = 10**9


class Corrected(Decision, frozen=True, tag="correction"):
    """A count of a leaf unit in a round is so much more, or less."""

    unit: str
    round: int
    column: CorrectedColumn
    delta: int
    reason: str = ""
    labelled: bool | None = None
    undoes: int | None = None

    @classmethod
    def unreadable(cls, row: Row, error: Exception) -> FoldError:
        """What to say of a row that lacks any of it."""
        return FoldError(f"row {row.seq}: a correction that is not whole ({error})")

    def check(self, seq: int, force: InForce) -> None:
        """See whether there is such a round, and such a leaf."""
        force.calendar.round(self.round, seq)
        tree = force.contest.tree
        if self.unit not in tree or not tree.is_leaf(self.unit):
            raise FoldError(f'row {seq}: no leaf unit has code "{self.unit}"')

    def apply(self, row: Row, counting: Counting) -> None:
        """Change the count once the cut has passed the row."""
        correction = Correction(
            seq=row.seq,
            at_ms=row.received_ms,
            by=row.by,
            unit=self.unit,
            round=self.round,
            column=self.column,
            delta=self.delta,
            reason=self.reason,
            is_labelled=bool(self.labelled),
            undoes=self.undoes,
        )
        counting.correct(row, correction)

    def sentence(self) -> Sentence:
        """By how much, where, and whether screens say so."""
        gaps: dict[str, Gap] = {
            "unit": OfUnit(self.unit),
            "round": OfRound(self.round),
            "column": Phrase(f"corrected_{self.column}"),
            "delta": Quantity(self.delta, "change"),
            "label": Phrase("did_labelled" if self.labelled else "did_silent"),
        }
        if self.undoes is not None:
            return Sentence("did_undo", gaps | {"row": Quantity(self.undoes)})
        return Sentence("did_correct", gaps)

    def decided(self, seq: int, by: str, at_ms: int) -> Decided:
        """What others must know of it before they decide."""
        return Decided(seq, self.kind, self.unit, by, at_ms)


class Correct(Action, frozen=True, kw_only=True, tag="correct"):
    """Đính chính. One that ``undoes`` another is its opposite, and screens say nothing of it."""

    unit: Code
    round: int
    column: CorrectedColumn
    delta: Annotated[int, msgspec.Meta(ge=-DELTA_MAX, le=DELTA_MAX)]
    reason: Given
    labelled: bool
    seen: Seq
    undoes: Seq | None = None

    def decision(self, rounds: Sequence[Round]) -> Corrected:
        """The decision that it becomes."""
        return Corrected(
            unit=self.unit,
            round=self.round,
            column=self.column,
            delta=self.delta,
            reason=self.reason,
            labelled=self.labelled,
            undoes=self.undoes,
        )

    def check(self, fold: AsItStands) -> None:
        """See whether it changes anything, and takes no count below 0."""
        if not self.delta:
            raise Undecidable("delta: found 0, expected a change", "delta")
        if self.undoes is not None:
            self._check_undone(fold.corrections.get(self.undoes), fold.undone)
        column, gate = CORRECTED_COLUMNS.index(self.column), fold.gate_to_be
        held = not gate.held.keys().isdisjoint(fold.contest.tree.path(self.unit))
        # What is held or delayed waits with its correction, so that a held unit can be put right before its release;
        # what is quarantined does not.
        tallies = [fold.whole] if held or fold.gate.stops or gate.delay_ms else [fold.whole, fold.public]
        least = min(tally.counts[self.round][self.unit][column] for tally in tallies)
        if least + self.delta < 0:
            raise Undecidable(f"delta: found {self.delta}, expected {-least} or more: no count falls below 0", "delta")

    def _check_undone(self, made: Correction | None, undone: Container[int]) -> None:
        """See whether it is the opposite of a correction that stands."""
        if made is None or made.undoes is not None or made.seq in undone:
            raise Undecidable(f"undoes: row {self.undoes} is no correction that stands", "undoes")
        opposite = made.unit, made.round, made.column, -made.delta, False
        if (self.unit, self.round, self.column, self.delta, self.labelled) != opposite:
            raise Undecidable(f"undoes: expected the opposite of row {self.undoes}, without a label", "undoes")


class Untold(Decision, frozen=True, tag="untell"):
    """Screens say no longer that a unit's numbers were corrected in row ``correction``; the numbers stay."""

    correction: int

    def apply(self, row: Row, counting: Counting) -> None:
        """Have it told no longer, once the cut has passed the row."""
        counting.untell(row, self.correction)

    def sentence(self) -> Sentence:
        """Of which correction."""
        return Sentence("did_untell", {"row": Quantity(self.correction)})


class Untell(Action, frozen=True, kw_only=True, tag="untell"):
    """Thôi báo."""

    correction: Seq
    seen: Seq

    def decision(self, rounds: Sequence[Round]) -> Untold:
        """The decision that it becomes."""
        return Untold(correction=self.correction)

    def check(self, fold: AsItStands) -> None:
        """See whether there is such a correction, and screens are to say so."""
        made = fold.corrections.get(self.correction)
        if made is None or not made.is_labelled or made.seq in fold.undone or made.seq in fold.untold:
            raise Undecidable(f"correction: row {self.correction} is told on no screen", "correction")
