"""Witnesses: what the clocks of sources say of ours.

An entry that would lie in the future is refused for good, and by our own rules is never sent again. If it is our clock
that is slow, a good entry is lost by it. No source can prove that alone: its own clock may be fast. So all that were
heard lately are asked, each with one voice: it says "ahead" if most of what it sent last lies ahead of our clock, and
vouches for our clock if most does not. Where more say ahead than vouch, it is our clock that is suspect.

So one source with a wrong clock among others is told that its entries lie in the future, and stops nobody. A source
that is the only one is believed until its own entries are on time: what it sends is asked to come again, not dropped,
and the control room says so for as long as that lasts.
"""

from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from statistics import median_low

NEAR_MS = 60_000
"""What lies no further ahead is on time. Far below what is refused, so that a clock that slowly falls behind is known
before anything is."""
LATE_MS_MAX = 300_000
"""What happened longer ago was kept back by its source, and says nothing of its clock."""
ITEMS_KEPT = 20
"""So many of a source's last items make its voice."""
HEARD_S_MAX = 600.0
"""A source that has sent nothing for so long has no voice."""


@dataclass
class _Voice:
    ahead_ms: deque[int] = field(default_factory=lambda: deque(maxlen=ITEMS_KEPT))
    heard_s: float = 0.0


class Witnesses:
    """The voices of one store's sources. Only who has a secret has one, so there are as many as sources."""

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._voices: dict[str, _Voice] = {}

    def hear(self, source: str, ahead_ms: Iterable[int]) -> None:
        """Take in how far the times of a source's items, in their order, lie ahead of our clock; below 0 behind it."""
        told = [each for each in ahead_ms if each >= -LATE_MS_MAX]
        if told:
            voice = self._voices.setdefault(source, _Voice())
            voice.ahead_ms.extend(told)
            voice.heard_s = self._monotonic_s()

    def shift(self, by_ms: int) -> None:
        """Our clock was set by so much."""
        for voice in self._voices.values():
            voice.ahead_ms = deque((each - by_ms for each in voice.ahead_ms), ITEMS_KEPT)

    @property
    def behind_ms(self) -> int | None:
        """How far our clock is behind that of most sources; None if most do not say that it is."""
        since_s = self._monotonic_s() - HEARD_S_MAX
        voices = [median_low(voice.ahead_ms) for voice in self._voices.values() if voice.heard_s > since_s]
        ahead = [each for each in voices if each > NEAR_MS]
        return median_low(ahead) if 2 * len(ahead) > len(voices) else None
