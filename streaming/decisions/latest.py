"""The last decisions, for whoever decides next; made of rows alone, so a start forgets none."""

from collections import deque
from collections.abc import Mapping

from streaming.decisions.decision import Decided, Decision
from streaming.decisions.holds import Held
from streaming.ledger.rows import Row

REMEMBERED_MAX = 50
"""Decisions that are remembered to tell who decided since; whoever has seen none of them is told to look again."""


class LastDecisions:
    """The last decisions of people and rules.

    ``asked`` is by rule and unit with which figures the rule had the unit held last.
    """

    def __init__(self) -> None:
        self._kept: deque[Decided] = deque(maxlen=REMEMBERED_MAX)
        self.asked: dict[tuple[str, str], Mapping[str, int]] = {}

    @property
    def last(self) -> Decided | None:
        """The very last one, None before the first."""
        return self._kept[-1] if self._kept else None

    def take(self, row: Row, decision: Decision) -> None:
        """Remember a decision, if it is one that others must have seen."""
        if not decision.is_remembered:
            return
        self._kept.append(decision.decided(row.seq, row.by, row.received_ms))
        if isinstance(decision, Held) and decision.rule is not None and decision.unit is not None:
            self.asked[decision.rule, decision.unit] = decision.detail

    def since(self, seq: int, by: str) -> Decided | None:
        """What was decided last after row ``seq`` by anybody but ``by``, None if nothing was. Where more was decided
        since than is remembered, nobody can say that it was all their own: then it is the very last decision."""
        others = [each for each in self._kept if each.seq > seq and each.by != by]
        if others:
            return others[-1]
        return self._kept[-1] if len(self._kept) == REMEMBERED_MAX and self._kept[0].seq > seq else None
