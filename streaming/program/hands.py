"""Actions on whose hand an output is in: holding it, letting it go, following another."""

from streaming.program.action import Action, Case
from streaming.program.errors import Locked, OtherOutput, WrongSteering
from streaming.program.follow import check_follow, expect
from streaming.program.output import Hand, Output
from streaming.program.state import Broken, Coming, Lock

REASON_CHARS_MAX = 200


def check_hand(output: Output, hand: Hand) -> None:
    """Check that a hand may steer an output: that it is bound to no other, and nobody else holds it. Those who are
    bound to it, its director and the devices at his desk, hold it together.

    Raises:
        OtherOutput: If the hand is bound to another.
        Locked: If somebody else holds it.
    """
    check_bound(output, hand)
    if output.lock is not None and not holds(output.lock, output, hand):
        raise Locked(output.lock)


def check_bound(output: Output, hand: Hand) -> None:
    """Check that a hand may have to do with an output.

    Raises:
        OtherOutput: If it is bound to another.
    """
    if hand.output not in {None, output.name}:
        raise OtherOutput(str(hand.output))


def holds(lock: Lock, output: Output, hand: Hand) -> bool:
    """Whether a hand is, or is one with, that which holds an output."""
    return lock.by == hand.by or hand.output == output.name


class Hold(Action, frozen=True, kw_only=True):
    """Holds the output (Đạo diễn hình đang giữ): what is followed does not reach it, nor what is on its way."""

    did = "lock"
    aspect = "hand"

    def apply(self, case: Case) -> list[Output]:
        """Hold it; whoever holds it already goes on."""
        if case.output.lock is not None:
            return []
        return [case.output.with_(lock=Lock(case.hand.by, case.at.now_ms), broken=None, coming=())]


class LetGo(Action, frozen=True, kw_only=True):
    """Ends the hold. Somebody else's is broken by an administrator alone, with a reason that its director sees.

    The picture stays as it is until the next take.
    """

    did = "unlock"
    aspect = "hand"
    passes_locks = True

    why: str = ""

    @property
    def reason(self) -> str:
        """Why a lock was broken."""
        return self.why

    def check(self, case: Case) -> None:
        """See whether it is their own, or may be broken."""
        try:
            check_hand(case.output, case.hand)
        except Locked:
            if not case.hand.may_break:
                raise
            if not 0 < len(self.why.strip()) <= REASON_CHARS_MAX:
                expected = f"why the lock is broken, in 1 to {REASON_CHARS_MAX} characters"
                raise WrongSteering("reason", self.why, expected) from None

    def apply(self, case: Case) -> list[Output]:
        """Let it go."""
        lock = case.output.lock
        if lock is None:
            return []
        broken = (
            None
            if holds(lock, case.output, case.hand)
            else Broken(lock, case.hand.by, case.at.now_ms, self.why.strip())
        )
        return [case.output.with_(lock=None, broken=broken)]


class Follow(Action, frozen=True, kw_only=True):
    """Lets the output show what another does, from now on and by its own delay; None: its own alone."""

    did = "follow"
    aspect = "hand"

    other: str | None

    def check(self, case: Case) -> None:
        """See whether that would not go round in a circle."""
        check_follow(case.outputs, case.output.name, self.other)

    def apply(self, case: Case) -> list[Output]:
        """Follow, and show what the other shows now once it is due here."""
        follows = case.output.with_(follows=self.other, coming=())
        if self.other is None or case.output.lock is not None:
            return [follows]
        other = case.outputs[self.other]
        return [expect(follows, Coming(other.name, other.take.by, other.scene.since, other.scene))]
