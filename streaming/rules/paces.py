"""Paces: entries by minute, of now and of the own past."""

from dataclasses import dataclass, field

NOW_MINUTES = 5
"""The pace of now is that of this minute and the four before it."""
PAST_MINUTES = 60
"""The own past is the hour before that."""
PAST_MINUTES_MIN = 30
"""With less of a past, the rules of pace are silent."""
_RING = NOW_MINUTES + PAST_MINUTES


@dataclass
class Paces:
    """Entries by minute and key, over the last _RING minutes; a minute stands in the ring at its number modulo that."""

    rings: dict[str, list[int]] = field(default_factory=dict)
    minute: int = -1
    first_minute: int = -1

    def add(self, key: str, minute: int, count: int = 1) -> None:
        """Count entries of a key in a minute."""
        ring = self.rings.get(key)
        if ring is None:
            ring = self.rings[key] = [0] * _RING
        ring[minute % _RING] += count

    def advance(self, minute: int) -> None:
        """Let time pass up to a minute."""
        if self.minute < 0:
            self.minute = self.first_minute = minute
        for passed in range(self.minute + 1, min(minute, self.minute + _RING) + 1):
            for ring in self.rings.values():
                ring[passed % _RING] = 0
        self.minute = max(self.minute, minute)

    def now_and_past(self, key: str) -> tuple[int, int]:
        """A key's entries of now, and the mean of as long a time in its past."""
        ring = self.rings[key]
        now = sum(ring[(self.minute - ago) % _RING] for ago in range(NOW_MINUTES))
        minutes = min(PAST_MINUTES, self.minute - NOW_MINUTES - self.first_minute + 1)
        return now, (sum(ring) - now) * NOW_MINUTES // max(1, minutes)

    @property
    def has_past(self) -> bool:
        """Whether there is enough of a past to compare with."""
        return self.minute - NOW_MINUTES - self.first_minute + 1 >= PAST_MINUTES_MIN
