"""Moved rounds: a round opens or closes at another time than the contest says."""

from streaming.decisions.decision import Counting, GateDecision, InForce
from streaming.decisions.sentence import OfRound, Quantity, Sentence
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
