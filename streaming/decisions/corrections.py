"""Corrections: somebody's change of one count, which the entries do not give."""

from streaming.decisions.decision import Counting, Decided, Decision, InForce
from streaming.decisions.sentence import Gap, OfRound, OfUnit, Phrase, Quantity, Sentence
from streaming.decisions.standing import CorrectedColumn, Correction
from streaming.errors import FoldError
from streaming.ledger.rows import Row


class Corrected(Decision, frozen=True, tag="correction"):
    """A count of a leaf unit in a round is so much more, or less."""

    unit: str
    round: int
    column: CorrectedColumn
    delta: int
    reason: str = ""
    labelled: bool | None = None

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
        return Sentence("did_correct", gaps)

    def decided(self, seq: int, by: str, at_ms: int) -> Decided:
        """What others must know of it before they decide."""
        return Decided(seq, self.kind, self.unit, by, at_ms)
