"""Places among siblings: one order of exact values, from which boards, the API and pages have theirs.

What ranks is a whole number, never a rounded one: two shares of a target that look alike on a screen (23,6 %) keep
their order, and equal ones share a place whatever their targets are.
"""

from collections.abc import Mapping, Sequence

SHARE_BITS = 96
"""Two different shares a/b and c/d are at least 1/(b·d) apart. Targets add up to less than 2**45 (UNITS_MAX times
TARGET_MAX), so in units of 2**-96 no two of them fall together."""

COUNTED = {"started": 1, "completed": 2, "participants": 3}
"""Where a row or a tally's counts have what can be ranked by."""

Value = int | None
"""What a unit is ranked by, comparable with its siblings' alone; None where it has no place."""


def value(by: str, counts: Sequence[int | float | None], target: int | None, target_by: str) -> Value:
    """The value of a unit with these counts, by one of COUNTED or by "rate", its share of a target for ``target_by``.

    None by rate for a unit without a target.
    """
    if by != "rate":
        return int(counts[COUNTED[by]] or 0)
    return (int(counts[COUNTED[target_by]] or 0) << SHARE_BITS) // target if target else None


class Ranking:
    """Units that are ranked together, from their values in official order.

    Equal values share a place and the next place is skipped, as competitions rank: 1, 2, 2, 4. A unit without a value
    has no place.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        ranked = [(code, value) for code, value in values.items() if value is not None]
        ranked.sort(key=lambda each: -each[1])
        self.places: dict[str, int | None] = dict.fromkeys(values)
        self._behind: dict[int, str] = {}
        place, last = 0, None
        for index, (code, value) in enumerate(ranked, start=1):
            if value != last:
                if last is not None:
                    self._behind[place] = code
                place, last = index, value
            self.places[code] = place
        self.order = (*(code for code, _ in ranked), *(code for code, value in values.items() if value is None))
        """The codes from the first place down; ties in official order, units without a place last."""

    def near(self, code: str) -> tuple[str | None, str | None]:
        """The siblings just ahead of and just behind a code: the nearest values strictly above and below its own.

        Of several with the same value the official order decides: the last of those ahead, the first of those behind.
        """
        place = self.places[code]
        if place is None:
            return None, None
        return (self.order[place - 2] if place > 1 else None), self._behind.get(place)
