"""What may go on air: a filter over the ledger's rows, set by decisions.

The gate never rounds, for rounded parts would not add up. It says two things: which row the public cut has reached
(hold all, delay), and whether a row that it has passed counts (hold a unit, quarantine).
"""

from collections.abc import Iterable, Sequence
from copy import copy

import msgspec

from streaming.ledger.jumps import Jump

EntryKey = tuple[str, str]
"""The source that sent an entry, and its id there."""


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """A hold of everything or of one unit: no row after ``since`` is admitted.

    ``at_ms`` is when it began; ``by`` who decided it; ``rule`` the rule that asked for it, None if a person did.
    ``is_final`` says to the public that the numbers are final for now (chốt số), ``tells_point`` that the held unit's
    own connection point may know, ``is_scheduled`` that a schedule began it. ``output`` is where wrong numbers were
    taken off the air, of a hold that this began; ``back_to`` how many rows are shown meanwhile, None for all before it,
    and ``back_to_ms`` at which time they were.
    """

    since: int
    at_ms: int
    by: str
    reason: str = ""
    rule: str | None = None
    tells_point: bool = False
    is_final: bool = False
    is_scheduled: bool = False
    output: str | None = None
    back_to: int | None = None
    back_to_ms: int | None = None


class Gate:
    """The state of the gate after the decisions applied so far.

    ``held_all`` is the hold of everything that somebody or a schedule has begun, ``withdrawn`` the one beside it that
    keeps everything back because wrong numbers are taken off the air.
    """

    def __init__(self) -> None:
        self.held_all: Hold | None = None
        self.withdrawn: Hold | None = None
        self.held: dict[str, Hold] = {}
        self.quarantined: set[EntryKey] = set()
        self.delay_ms = 0

    def copy(self) -> "Gate":
        """A gate of its own in the same state."""
        other = copy(self)
        other.held, other.quarantined = dict(self.held), set(self.quarantined)
        return other

    def set_back(self, jump: Jump) -> None:
        """Tell since when things are held on the clock as it is after a jump."""
        if self.held_all is not None:
            self.held_all = _mended(self.held_all, jump)
        if self.withdrawn is not None:
            self.withdrawn = _mended(self.withdrawn, jump)
        self.held = {unit: _mended(hold, jump) for unit, hold in self.held.items()}

    def hold(self, unit: str | None, hold: Hold) -> None:
        """Admit no row after the hold's, of the whole contest or at and below one unit; a second hold changes nothing,
        but that it may make a hold of everything final, and let a held unit's point know."""
        if unit is not None:
            held = self.held.setdefault(unit, hold)
            if hold.tells_point and not held.tells_point:
                self.held[unit] = msgspec.structs.replace(held, tells_point=True)
        elif self.held_all is None:
            self.held_all = hold
        elif hold.is_final and not self.held_all.is_final:
            self.held_all = msgspec.structs.replace(hold, since=self.held_all.since)

    def release(self, unit: str | None, *, every: bool = False) -> None:
        """End what keeps everything back, with ``every`` the holds of units too, or the hold of exactly this unit; a
        hold above or below it stays."""
        if unit is None:
            self.held_all = self.withdrawn = None
            if every:
                self.held.clear()
        else:
            self.held.pop(unit, None)

    def withdraw(self, hold: Hold) -> None:
        """Admit no row after the hold's, whatever else is held; a second one changes nothing."""
        if self.withdrawn is None:
            self.withdrawn = hold

    def step_back(self, to: int, to_ms: int) -> None:
        """While numbers are withdrawn, have the first ``to`` rows shown; else nothing."""
        if self.withdrawn is not None:
            self.withdrawn = msgspec.structs.replace(self.withdrawn, back_to=to, back_to_ms=to_ms)

    @property
    def back_to(self) -> int | None:
        """How many rows are shown while numbers are withdrawn, None where that are all that the cut has passed."""
        return self.withdrawn.back_to if self.withdrawn else None

    def restore(self) -> None:
        """End ``withdraw``; a hold of everything stays."""
        self.withdrawn = None

    def quarantine(self, entries: Iterable[EntryKey]) -> None:
        """Keep these entries out, those still to come included."""
        self.quarantined.update(entries)

    def clear(self, entries: Iterable[EntryKey]) -> None:
        """Let these entries in again."""
        self.quarantined.difference_update(entries)

    def delay(self, delay_ms: int) -> None:
        """Admit only rows received at least ``delay_ms`` before the fold's now; 0 ends the delay."""
        self.delay_ms = delay_ms

    @property
    def stops(self) -> Hold | None:
        """What keeps everything back, None if nothing does."""
        return self.withdrawn or self.held_all

    @property
    def is_open(self) -> bool:
        """Whether the gate keeps nothing back."""
        return self.stops is None and not self.held and not self.quarantined and not self.delay_ms

    def reaches(self, received_ms: int, now_ms: int) -> bool:
        """Whether the public cut may pass a row received at ``received_ms`` when the fold's now is ``now_ms``."""
        if self.stops is not None:
            return False
        return self.delay_ms == 0 or received_ms <= now_ms - self.delay_ms

    def holds(self, path: Sequence[str], seq: int) -> bool:
        """Whether row ``seq`` of a unit is kept back by a hold of the unit or one above (``path``, itself first)."""
        if not self.held:
            return False
        return any((hold := self.held.get(code)) is not None and seq > hold.since for code in path)


def _mended(hold: Hold, jump: Jump) -> Hold:
    return msgspec.structs.replace(hold, at_ms=jump.mend(hold.at_ms))
