"""Being away: what passed between two looks of the watch, while the machine slept or its clock was set."""

from server.clock import Timekeeper

HELD_UP_MS = 5_000
"""If more time passes between two looks, the machine slept or this process was held: it has heard and seen nobody."""


class Away:
    """Knows when somebody looked last, on a clock that is never set."""

    def __init__(self, clock: Timekeeper) -> None:
        self._clock = clock
        self._moved_ms = clock.moved_ms
        self._looked_ms = clock.now_ms() - clock.moved_ms

    def follow_clock(self) -> int:
        """By how much the clock was set since this was asked last."""
        by_ms = self._clock.moved_ms - self._moved_ms
        self._moved_ms += by_ms
        return by_ms

    def look(self, now_ms: int) -> int:
        """Note that somebody looks now; returns for how long nobody could, 0 if it was no longer than HELD_UP_MS."""
        by_ms = now_ms - self._moved_ms - self._looked_ms
        self._looked_ms += by_ms
        return by_ms if by_ms > HELD_UP_MS else 0
