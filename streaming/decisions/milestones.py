"""Milestones: totals that the public has passed, told once for ever."""

from typing import ClassVar

from streaming.decisions.decision import Counting, Decision
from streaming.decisions.sentence import Quantity, Sentence
from streaming.decisions.standing import Milestone
from streaming.ledger.rows import Row


class MilestoneReached(Decision, frozen=True, tag="milestone"):
    """The public total has passed a value; nobody has to have seen it before they decide."""

    is_remembered: ClassVar[bool] = False

    value: int

    def apply(self, row: Row, counting: Counting) -> None:
        """Tell it once the cut has passed the row."""
        counting.reach(row, Milestone(self.value, row.received_ms))

    def sentence(self) -> Sentence:
        """Which total."""
        return Sentence("milestone", {"n": Quantity(self.value)})
