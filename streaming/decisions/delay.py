"""The delay: entries go on air so much later than they came."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from streaming.contests.contest import Round
from streaming.decisions.action import Action, Reason, Seq
from streaming.decisions.decision import GateDecision, InForce
from streaming.decisions.gate import Gate
from streaming.decisions.sentence import Quantity, Sentence
from streaming.decisions.timetable import KEPT_BACK_MAX_MS
from streaming.errors import FoldError
from streaming.ledger.rows import Row


class Delayed(GateDecision, frozen=True, tag="delay"):
    """Only rows that were received ``delay_ms`` ago are admitted; 0 ends the delay."""

    delay_ms: int
    reason: str = ""

    @property
    def takes_nothing_back(self) -> bool:
        """Whether what is on air stays there."""
        return True

    def check(self, seq: int, force: InForce) -> None:
        """See whether entries may be delayed by so much."""
        if not 0 <= self.delay_ms <= KEPT_BACK_MAX_MS:
            raise FoldError(f"row {seq}: delay_ms is {self.delay_ms}, expected 0 to {KEPT_BACK_MAX_MS}")

    def set(self, row: Row, gate: Gate) -> None:
        """Delay what comes."""
        gate.delay(self.delay_ms)

    def sentence(self) -> Sentence:
        """By how much."""
        if not self.delay_ms:
            return Sentence("did_no_delay")
        return Sentence("did_delay", {"age": Quantity(self.delay_ms, "age")})


class Delay(Action, frozen=True, kw_only=True, tag="delay"):
    """Cho số hiện chậm."""

    delay_ms: Annotated[int, msgspec.Meta(ge=0)]
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> Delayed:
        """The decision that it becomes."""
        return Delayed(delay_ms=self.delay_ms, reason=self.reason)
