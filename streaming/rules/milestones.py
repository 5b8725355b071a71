"""Milestones: round totals of the public board that are worth a word, told once for ever."""

from collections.abc import Collection

CROSSED_S = 5.0
"""A milestone counts when the total has stood at or above it for so long: a void in the next second must not make it
untrue in front of everybody."""


class MilestoneWatch:
    """Says when a milestone has been passed. ``milestones`` are totals of completed entries."""

    def __init__(self, milestones: Collection[int]) -> None:
        self._milestones = sorted(milestones)
        self._since_s: dict[int, float] = {}

    def look(self, total: int, reached: Collection[int], now_s: float) -> int | None:
        """The milestone to be told now, None if there is none.

        Of several at once the highest alone; those below the highest that was ever reached are never told.
        """
        above = max(reached, default=0)
        for value in self._milestones:
            if total >= value > above:
                self._since_s.setdefault(value, now_s)
            else:
                self._since_s.pop(value, None)
        passed = [value for value, since_s in self._since_s.items() if now_s - since_s >= CROSSED_S]
        if not passed:
            return None
        highest = max(passed)
        # Another one that is just being crossed will be the higher one in a moment: one word instead of two.
        return None if max(self._since_s) > highest else highest
