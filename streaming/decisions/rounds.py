"""Moved rounds: a round opens or closes at another time than the contest says, or when a button is pressed."""

from collections.abc import Sequence

from streaming.contests.contest import Round
from streaming.decisions.action import Action, AsItStands, Instant, Reason, Seq
from streaming.decisions.decision import Counting, GateDecision, InForce
from streaming.decisions.sentence import OfRound, Quantity, Sentence
from streaming.errors import Undecidable
from streaming.ledger.rows import Row


class RoundMoved(GateDecision, frozen=True, tag="round"):
    """Round ``n`` opens and closes then; one that opens when it closes waits for the button of a launch. ``cue`` is the
    launch that has opened it. Operators see at once what that brings, the public perhaps after a hold."""

    n: int
    opens_ms: int
    closes_ms: int
    reason: str = ""
    cue: int | None = None

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
        """From when to when, or that it waits, or was opened by a launch."""
        opens, closes = Quantity(self.opens_ms, "instant"), Quantity(self.closes_ms, "instant")
        if self.opens_ms == self.closes_ms:
            return Sentence("did_round_waits", {"round": OfRound(self.n)})
        if self.cue is not None:
            return Sentence("did_round_launch", {"round": OfRound(self.n), "opens": opens})
        return Sentence("did_round", {"round": OfRound(self.n), "opens": opens, "closes": closes})


class MoveRound(Action, frozen=True, kw_only=True, tag="round"):
    """Dời giờ mở, giờ đóng. None leaves an edge where it is, at its very millisecond, and lets a round wait that
    waits."""

    n: int
    opens_ms: Instant | None = None
    closes_ms: Instant | None = None
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> RoundMoved:
        """The decision that it becomes; a round that does not exist is named by its check, which looks at that
        first."""
        found = of_number(rounds, self.n)
        opens_ms, closes_ms = (found.opens_ms, found.closes_ms) if found else (0, 0)
        closes_ms = closes_ms if self.closes_ms is None else self.closes_ms
        if self.opens_ms is not None:
            opens_ms = self.opens_ms
        elif found is not None and found.waits:
            opens_ms = closes_ms
        return RoundMoved(n=self.n, opens_ms=opens_ms, closes_ms=closes_ms, reason=self.reason)

    def check(self, fold: AsItStands) -> None:
        """See whether it moves anything, and lets no round wait by a slip of the keyboard."""
        if self.opens_ms is None and self.closes_ms is None:
            raise Undecidable(
                "opens_ms: found neither opens_ms nor closes_ms, expected one of them or both", "opens_ms"
            )
        decision = self.decision(fold.rounds)
        if self.opens_ms is not None and decision.opens_ms == decision.closes_ms:
            raise Undecidable(f"round {self.n} would close when it opens", "opens_ms")


class WaitForButton(Action, frozen=True, kw_only=True, tag="wait"):
    """Mở khi bấm nút: the round does not open by its plan."""

    n: int
    seen: Seq
    reason: Reason = ""

    def decision(self, rounds: Sequence[Round]) -> RoundMoved:
        """The decision that it becomes."""
        closes_ms = found.closes_ms if (found := of_number(rounds, self.n)) else 0
        return RoundMoved(n=self.n, opens_ms=closes_ms, closes_ms=closes_ms, reason=self.reason)

    def check(self, fold: AsItStands) -> None:
        """See that it has not opened: what was counted would fall out again."""
        found = of_number(fold.rounds, self.n)
        if found is not None and not found.waits and found.opens_ms <= fold.now_ms:
            raise Undecidable(f"round {self.n} has opened already", "n")


class OpenRound(Action, frozen=True, kw_only=True):
    """Opens a round at the time of a launch. No page sends it: it is part of the launch, whatever else was decided."""

    n: int
    opens_ms: int
    cue: int

    def decision(self, rounds: Sequence[Round]) -> RoundMoved:
        """The decision that it becomes."""
        closes_ms = found.closes_ms if (found := of_number(rounds, self.n)) else 0
        return RoundMoved(n=self.n, opens_ms=self.opens_ms, closes_ms=closes_ms, cue=self.cue)

    def check(self, fold: AsItStands) -> None:
        """See that it does not close then already."""
        found = of_number(fold.rounds, self.n)
        if found is not None and self.opens_ms >= found.closes_ms:
            raise Undecidable(f"round {self.n} is over", "n")


def of_number(rounds: Sequence[Round], n: int) -> Round | None:
    """A round by its number, None if there is none."""
    return next((each for each in rounds if each.n == n), None)


def opened_by_launch(rounds: Sequence[Round], at_ms: int, early_ms: int) -> Round | None:
    """The round that a launch opens: the first that is not over, if it waits for that, or was to open no more than
    ``early_ms`` later. None where it is open already, or is none."""
    found = next((each for each in rounds if at_ms < each.closes_ms), None)
    if found is None or not (found.waits or 0 < found.opens_ms - at_ms <= early_ms):
        return None
    return found
