"""Cooldown: a rule holds a unit once per cause.

A rule stays tripped while its cause lasts: participants above the population do not become fewer. An operator may know
that and release the unit; a rule that held it again at the next tick would overrule that decision. So a unit is held
once per cause. A cause is new if the last one had been gone for GONE_MS, or if its figure has grown GROWN_FACTOR times
since the unit was last held for it.
"""

from dataclasses import dataclass

from streaming.rules.watchdog import Tripped

GONE_MS = 60_000
"""A cause is gone once its rule has not been tripped for this long; a pace may drop for a moment."""
GROWN_FACTOR = 2
"""A figure that has grown this many times is more than whoever released the unit had seen."""


@dataclass
class _Cause:
    figure: int
    last_ms: int


class Cooldown:
    """The causes for which rules have asked for a hold, by rule and unit."""

    def __init__(self) -> None:
        self._by_id: dict[tuple[str, str], _Cause] = {}

    def presume(self, rule: str, unit: str, figure: int, now_ms: int) -> None:
        """Assume that the cause of a hold made before a start still lasts, until it is seen to be gone."""
        self._by_id[rule, unit] = _Cause(figure, now_ms)

    def asks(self, tripped: Tripped, now_ms: int, *, is_held: bool) -> bool:
        """Whether a tripped rule is to have its unit held now; true once per cause.

        A unit that ``is_held`` already is not held again, and whoever releases it has seen the figure of that time.
        """
        key = tripped.rule, tripped.subject
        cause = self._by_id.get(key)
        lasts = cause is not None and now_ms - cause.last_ms < GONE_MS
        if cause is not None and lasts and not is_held and tripped.figure < cause.figure * GROWN_FACTOR:
            cause.last_ms = now_ms
            return False
        self._by_id[key] = _Cause(tripped.figure, now_ms)
        return not is_held

    def shift(self, by_ms: int) -> None:
        """The clock was set by so much."""
        for cause in self._by_id.values():
            cause.last_ms += by_ms

    def keep_up(self, now_ms: int) -> None:
        """Count none as gone for a time in which nobody could look."""
        for cause in self._by_id.values():
            cause.last_ms = now_ms

    def take_back(self, tripped: Tripped) -> None:
        """Let a rule ask again: the hold that it asked for could not be made."""
        self._by_id.pop((tripped.rule, tripped.subject), None)
