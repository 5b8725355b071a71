"""Moved rounds: a round opens or closes at another time than the contest says."""

from collections.abc import Sequence

from streaming.contests.contest import Round
from streaming.decisions.action import Action, AsItStands, Instant, Reason, Seq
from streaming.decisions.decision import Counting, GateDecision, InForce
from streaming.decisions.sentence import OfRound, Quantity, Sentence
from streaming.errors import Undecidable
from streaming.ledger.rows import Row


class RoundMoved(GateDecision, frozen=True, tag="round"):
    """Round ``n`` opens and closes then. Operators see at once what that brings, the public perhaps after a hold."""

    n: int
    opens_ms: int
    closes_ms: int
    reason: str = ""

    def check(self, seq: int, force: InForce) -> None:
        """See whether there is such a round, and whether it may lie there."""
        force.calendar.moved(self.n, self.opens_ms, self.closes_ms, seq)

    def arrive(self, row: Row, counting: Counting) -> None:
        """Put the entries that have arrived into the rounds again."""
        counting.move_round(row, self.n, self.opens_ms, self.closes_ms)

    def settle(self, counting: Counting) -> bool:
        """Put the public entries into the rounds again."""
        counting.lay_out_public()
        return True

    def sentence(self) -> Sentence:
        """From when to when."""
        opens, closes = Quantity(self.opens_ms, "instant"), Quantity(self.closes_ms, "instant")
        return Sentence("did_round", {"round": OfRound(self.n), "opens": opens, "closes": closes})


class MoveRound(Action, frozen=True, kw_only=True, tag="round"):
    """Dời giờ mở, giờ đóng. None leaves an edge where it is, at its very millisecond."""

    n: int
    opens_ms: Instant | None = None
    closes_ms: Instant | None = None
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> RoundMoved:
        """The decision that it becomes; a round that does not exist is named by its check, which looks at that
        first."""
        found = next((each for each in rounds if each.n == self.n), None)
        opens_ms, closes_ms = (found.opens_ms, found.closes_ms) if found else (0, 0)
        return RoundMoved(
            n=self.n,
            opens_ms=opens_ms if self.opens_ms is None else self.opens_ms,
            closes_ms=closes_ms if self.closes_ms is None else self.closes_ms,
            reason=self.reason,
        )

    def check(self, fold: AsItStands) -> None:
        """See whether it moves anything."""
        if self.opens_ms is None and self.closes_ms is None:
            raise Undecidable(
                "opens_ms: found neither opens_ms nor closes_ms, expected one of them or both", "opens_ms"
            )
