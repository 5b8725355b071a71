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


SENT_LATE_MS_MAX = 300_000
"""A signature may come so long after it was made; if it comes later still, our clock is ahead of its source's."""
SENT_AGAIN_MS = 2_000
"""A signature that was made so long before the source's last is an old one that comes again."""


@dataclass
class _Voice:
    """``ahead_ms`` are of items; ``clock_ms`` is of the source's clock itself where it signs what it sends, and counts
    before them; ``signed_ms`` is when that was by its clock, told from our start."""

    ahead_ms: deque[int] = field(default_factory=lambda: deque(maxlen=ITEMS_KEPT))
    heard_s: float = float("-inf")
    clock_ms: int = 0
    clock_s: float = float("-inf")
    signed_ms: float = 0.0

    def says_ms(self, since_s: float) -> int | None:
        """How far its clock is ahead of ours, None if it has said nothing since."""
        if self.clock_s > since_s:
            return self.clock_ms
        return median_low(self.ahead_ms) if self.ahead_ms and self.heard_s > since_s else None


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

    def hear_clock(self, source: str, ahead_ms: int) -> None:
        """Take in how far the clock of a source that signs was ahead of ours when what it has signed came; below 0
        behind. An old one that is older than what came before it was recorded and comes again: it is not heard."""
        now_s = self._monotonic_s()
        voice = self._voices.setdefault(source, _Voice())
        signed_ms = now_s * 1000 + ahead_ms
        is_older = voice.clock_s > now_s - HEARD_S_MAX and signed_ms < voice.signed_ms - SENT_AGAIN_MS
        if is_older and ahead_ms < -SENT_LATE_MS_MAX:
            return
        voice.clock_ms, voice.clock_s, voice.signed_ms = ahead_ms, now_s, signed_ms

    def shift(self, by_ms: int) -> None:
        """Our clock was set by so much."""
        for voice in self._voices.values():
            voice.clock_ms -= by_ms
            voice.signed_ms -= by_ms
            shifted = (each - by_ms for each in voice.ahead_ms)
            # By a clock that was set on, what came before is of long ago: of a source's clock that says nothing.
            voice.ahead_ms = deque((each for each in shifted if each >= -LATE_MS_MAX), ITEMS_KEPT)

    @property
    def behind_ms(self) -> int | None:
        """How far our clock is behind that of most sources; None if most do not say that it is."""
        off_ms = self.off_ms
        return off_ms if off_ms is not None and off_ms > 0 else None

    @property
    def off_ms(self) -> int | None:
        """How far our clock is behind that of most sources, or ahead of it, if below 0; None if most say neither."""
        since_s = self._monotonic_s() - HEARD_S_MAX
        voices = [said for voice in self._voices.values() if (said := voice.says_ms(since_s)) is not None]
        for off in (
            [each for each in voices if each > NEAR_MS],
            [each for each in voices if each < -SENT_LATE_MS_MAX],
        ):
            if 2 * len(off) > len(voices):
                return median_low(off)
        return None
