"""What may go on air: a filter over the ledger's rows, set by decisions.

The gate never rounds, for rounded parts would not add up. It says two things: which row the public cut has reached
(hold all, delay), and whether a row that it has passed counts (hold a unit, quarantine).
"""

from collections.abc import Iterable, Sequence

from streaming.errors import FoldError

EntryKey = tuple[str, str]
"""The source that sent an entry, and its id there."""


class Gate:
    """The state of the gate after the decisions applied so far."""

    def __init__(self) -> None:
        self.held_all_since: int | None = None
        self.held_since: dict[str, int] = {}
        self.quarantined: set[EntryKey] = set()
        self.delay_ms = 0

    def hold(self, unit: str | None, seq: int) -> None:
        """Admit no row after ``seq``, of the whole contest or at and below one unit; a second hold changes nothing."""
        if unit is None:
            if self.held_all_since is None:
                self.held_all_since = seq
        else:
            self.held_since.setdefault(unit, seq)

    def release(self, unit: str | None) -> None:
        """End the hold of everything, or of exactly this unit; a hold above or below it stays."""
        if unit is None:
            self.held_all_since = None
        else:
            self.held_since.pop(unit, None)

    def quarantine(self, entries: Iterable[EntryKey]) -> None:
        """Keep these entries out, those still to come included."""
        self.quarantined.update(entries)

    def clear(self, entries: Iterable[EntryKey]) -> None:
        """Let these entries in again."""
        self.quarantined.difference_update(entries)

    def delay(self, delay_ms: int) -> None:
        """Admit only rows received at least ``delay_ms`` before the fold's now; 0 ends the delay."""
        if delay_ms < 0:
            raise FoldError(f'decision "delay": delay_ms is {delay_ms}, expected 0 or more')
        self.delay_ms = delay_ms

    @property
    def is_open(self) -> bool:
        """Whether the gate keeps nothing back."""
        return self.held_all_since is None and not self.held_since and not self.quarantined and not self.delay_ms

    def reaches(self, received_ms: int, now_ms: int) -> bool:
        """Whether the public cut may pass a row received at ``received_ms`` when the fold's now is ``now_ms``."""
        if self.held_all_since is not None:
            return False
        return self.delay_ms == 0 or received_ms <= now_ms - self.delay_ms

    def holds(self, path: Sequence[str], seq: int) -> bool:
        """Whether row ``seq`` of a unit is kept back by a hold of the unit or one above (``path``, itself first)."""
        if not self.held_since:
            return False
        return any((since := self.held_since.get(code)) is not None and seq > since for code in path)
