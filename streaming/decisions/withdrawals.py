"""Taking wrong numbers off the air (Gỡ số), and its undoing: what of it the gate does.

It holds everything beside the hold of everything that people and schedules know: its undoing leaves theirs in force.
"""

from collections.abc import Sequence

from streaming.contests.contest import Round
from streaming.decisions import gate as gates
from streaming.decisions.action import Action, AsItStands
from streaming.decisions.decision import Counting, GateDecision, InForce
from streaming.decisions.gate import Gate
from streaming.decisions.sentence import Quantity, Sentence
from streaming.errors import FoldError, NotHeld
from streaming.ledger.rows import Row


class NumbersWithdrawn(GateDecision, frozen=True, tag="withdraw"):
    """No row is admitted from here on, for a wrong number is on air.

    ``output`` is where somebody has said so, and ``taken_ms`` when, by the server's clock: the picture of that output
    says the same, so that after a failure each can tell what the other lacks.
    """

    output: str
    taken_ms: int

    @property
    def holds_all(self) -> bool:
        """It freezes the public cut."""
        return True

    @property
    def takes_nothing_back(self) -> bool:
        """Under a delay, what has waited long enough is still shown, as by a hold of everything."""
        return True

    def set(self, row: Row, gate: Gate) -> None:
        """Begin the hold."""
        hold = gates.Hold(since=row.seq, at_ms=row.received_ms, by=row.by, output=self.output)
        gate.withdraw(hold)


class SteppedBack(GateDecision, frozen=True, tag="step_back"):
    """While numbers are withdrawn, what is public is what was so after the first ``to`` rows: at ``to_ms``, by the
    clock as it was when that was decided. All that has come since waits for the end of it."""

    output: str
    to: int
    to_ms: int

    @property
    def holds_all(self) -> bool:
        """It is part of a hold of everything: it acts at once, though everything is held."""
        return True

    def check(self, seq: int, force: InForce) -> None:
        """See whether it names rows before its own."""
        if not 0 < self.to < seq:
            raise FoldError(f"row {seq}: steps back to row {self.to}, expected one from 1 to {seq - 1}")

    def set(self, row: Row, gate: Gate) -> None:
        """Name the moment."""
        gate.step_back(self.to, self.to_ms)

    def sentence(self) -> Sentence:
        """To which moment."""
        return Sentence("did_step_back", {"at": Quantity(self.to_ms, "instant")})


class NumbersRestored(GateDecision, frozen=True, tag="restore"):
    """What ``NumbersWithdrawn`` holds is held no more."""

    output: str

    @property
    def releases_all(self) -> bool:
        """It ends such a hold."""
        return True

    def set(self, row: Row, gate: Gate) -> None:
        """End the hold."""
        gate.restore()

    def settle(self, counting: Counting) -> bool:
        """Let in what no hold keeps back any more."""
        return counting.settle_withheld()


class StepBack(Action, frozen=True, kw_only=True):
    """Asks for ``SteppedBack``; no page sends it, see ``RestoreNumbers``."""

    output: str
    to: int
    to_ms: int

    def decision(self, rounds: Sequence[Round]) -> SteppedBack:
        """The decision that it becomes."""
        return SteppedBack(output=self.output, to=self.to, to_ms=self.to_ms)

    def check(self, fold: AsItStands) -> None:
        """See whether numbers are withdrawn."""
        if fold.gate.withdrawn is None:
            raise NotHeld(None)


class RestoreNumbers(Action, frozen=True, kw_only=True):
    """Asks for ``NumbersRestored``. It is no page that sends it: it is part of what is done to an output."""

    output: str

    def decision(self, rounds: Sequence[Round]) -> NumbersRestored:
        """The decision that it becomes."""
        return NumbersRestored(output=self.output)

    def check(self, fold: AsItStands) -> None:
        """See whether there is anything to be undone."""
        if fold.gate.withdrawn is None:
            raise NotHeld(None)
