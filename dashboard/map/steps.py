"""The steps of the map's colours, on round numbers: chosen at a take from the counts of that moment, and where there is
no take, as on a unit's page, even ones that stand for as long as they can.

``static/js/parts/steps.js`` has the even ones too; both are held to ``tests/golden/steps.json``. Whole numbers only, so
that the two languages cannot differ by a rounding.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

SHARES = ((52, 60, 68), (24, 30, 36), (11, 15, 19), (1, 5, 8))
"""Of the units that have anything, how many percent shall reach the second step, the third, the fourth, the top one: at
least, aimed at, at most. The steps then hold about 40, 30, 15, 10 and 5 %."""

COLOURS: tuple[tuple[int, ...], ...] = ((), (6,), (2, 6), (1, 3, 6), (1, 3, 5, 6), (1, 2, 3, 5, 6), (1, 2, 3, 4, 5, 6))
"""The colour of each step for so many steps: the top one alone is gold (6), whatever their number."""

GROWING = (1, 2, 5)
"""Steps beyond the largest count go on by these and their tenfolds: at an opening everybody has 0 or 1."""

EVEN_TENTHS = (10, 12, 15, 20, 25, 30, 40, 50, 60, 80)
"""The distances of even steps, in tenths, and their tenfolds: the next is a fifth to a half wider."""
EVEN_LEAST = 2
EVEN_STEPS = 4
"""Even steps above the first."""
TOP_PERCENT = SHARES[-1][-1]


def choose(counts: Iterable[int]) -> tuple[int, ...]:
    """Return the lower bounds of the steps, rising from 1; five of them, fewer only where fewer than ten units have
    anything.

    Never more than 8 % of the units (one of them, if they are few) reach the top step: where more share the largest
    count, the top step is above it and nobody has it yet.
    """
    falling = sorted((count for count in counts if count > 0), reverse=True)
    steps = [1]
    for most, least in _reaching(len(falling)):
        # Any bound in (falling[most], falling[least - 1]] is reached by `least` to `most` units.
        low = max(steps[-1], falling[most] if most < len(falling) else 0) + 1
        high = falling[least - 1] if falling else 0
        if low > high:
            # Too many have the same count: all bounds up to the next count that occurs part the units alike.
            high = min((count for count in falling if count >= low), default=0)
        steps.append(roundest(low, high) if high else _growing(low))
    return tuple(steps)


def _reaching(units: int) -> list[tuple[int, int]]:
    """How many units shall reach each step above the first: (at most, at least), falling."""
    if not units:
        return [(0, 0)] * len(SHARES)
    found: list[tuple[int, int]] = []
    before = units
    for least, aim, most in SHARES:
        aimed = max(1, (units * aim + 50) // 100)
        if aimed < before:
            found.append((max(aimed, units * most // 100), min(aimed, max(1, -(-units * least // 100)))))
            before = aimed
    # The only unit that has anything stands above a step too.
    return found or [(1, 1)]


def roundest(low: int, high: int) -> int:
    """Return the roundest whole number from `low` to `high`: a multiple of the largest of 1, 2, 5, 10, 20, 50 … that
    has one there, the middle one of several."""
    tenfold = 1
    while tenfold * 10 <= high:
        tenfold *= 10
    while tenfold:
        for unit in (5 * tenfold, 2 * tenfold, tenfold):
            first, last = -(-low // unit), high // unit
            if first <= last:
                return (first + last) // 2 * unit
        tenfold //= 10
    return high


def _growing(low: int) -> int:
    """Return the next of 1, 2, 5, 10, 20, 50 … from `low` on."""
    tenfold = 1
    while True:
        for unit in GROWING:
            if unit * tenfold >= low:
                return unit * tenfold
        tenfold *= 10


def even(counts: Iterable[int]) -> tuple[int, ...]:
    """Return the lower bounds of steps that need no take to stand: 1, and four more at the same distance.

    The distance is the least at which no more than 8 % of the units (one of them, if they are few) reach the top step.
    So it depends on the cut alone, alike on every screen and after every reload; and while counts only grow it never
    becomes less, so colours do not waver between two legends: about ten times in a tenfold growth all of them step down
    together.
    """
    falling = sorted(counts, reverse=True)
    # Of all units, also those that have nothing: were it of those that have, the next to begin could lower it.
    above = max(1, len(falling) * TOP_PERCENT // 100)
    least = max(EVEN_LEAST, (falling[above] if above < len(falling) else 0) // EVEN_STEPS + 1)
    distance = _distance(least)
    return (1, *(distance * nth for nth in range(1, EVEN_STEPS + 1)))


def _distance(least: int) -> int:
    """Return the next of 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30 … from `least` on."""
    tenfold = 1
    while True:
        for tenths in EVEN_TENTHS:
            if tenths * tenfold // 10 >= least:
                return tenths * tenfold // 10
        tenfold *= 10


def colour(count: int | float, steps: Sequence[int]) -> int:
    """Return the colour of a count, 0 below the first step."""
    at = bisect_right(steps, count)
    return COLOURS[len(steps)][at - 1] if at else 0
