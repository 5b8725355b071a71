"""Cooldown: when a rule may have a unit held, and when it must not hold it once more.

A rule stays tripped for as long as its ground stands: more people than live there do not get fewer. Somebody may know
that and release the unit all the same, and a rule that held it again at the next tick would take that decision out of
their hand. So a unit is held once on one ground. New ground is one that had been gone for GONE_MS, or whose figure has
grown GROWN_FACTOR times since the unit was last held while it stood.
"""

from dataclasses import dataclass

from streaming.rules.watchdog import Tripped

GONE_MS = 60_000
"""A rule that has not been tripped for so long has no ground any more; a pace may pause for a moment."""
GROWN_FACTOR = 2
"""A figure that has grown so many times is more than whoever released the unit had seen."""


@dataclass
class _Ground:
    figure: int
    last_ms: int


class Cooldown:
    """The grounds on which rules have had their say, by rule and unit."""

    def __init__(self) -> None:
        self._by_id: dict[tuple[str, str], _Ground] = {}

    def presume(self, rule: str, unit: str, figure: int, now_ms: int) -> None:
        """Take a ground on which a unit was held before a start for one that stands, until it is seen to be gone."""
        self._by_id[rule, unit] = _Ground(figure, now_ms)

    def asks(self, tripped: Tripped, now_ms: int, *, is_held: bool) -> bool:
        """Whether a tripped rule is to have its unit held now; asks once for one ground.

        A unit that ``is_held`` already is not held again, and whoever releases it has seen the figure of then.
        """
        key = tripped.rule, tripped.subject
        ground = self._by_id.get(key)
        stands = ground is not None and now_ms - ground.last_ms < GONE_MS
        if ground is not None and stands and not is_held and tripped.figure < ground.figure * GROWN_FACTOR:
            ground.last_ms = now_ms
            return False
        self._by_id[key] = _Ground(tripped.figure, now_ms)
        return not is_held

    def shift(self, by_ms: int) -> None:
        """The clock was set by so much."""
        for ground in self._by_id.values():
            ground.last_ms += by_ms

    def keep_up(self, now_ms: int) -> None:
        """Let none of them be gone by the time alone: nobody could see whether they stood."""
        for ground in self._by_id.values():
            ground.last_ms = now_ms

    def take_back(self, tripped: Tripped) -> None:
        """Let a rule ask again: the hold that it asked for could not be made."""
        self._by_id.pop((tripped.rule, tripped.subject), None)
