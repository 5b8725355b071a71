"""What stands in a hexagon: a name broken over lines, then shrunk, never cut; a count beneath; or a place alone.

Lengths are in units of the view box, in which a hexagon's corner is 24 from its centre.
"""

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from dashboard.map.layout import Cell, Inscription, Line
from dashboard.words.widths import width_em
from streaming.contests.units import UnitCode

NAMED_PX = 110
"""Hexagons of at least this width at 1080p have their names; in narrower ones they could not be read."""
PLACED_PX = 44
"""Narrower hexagons have not even a place."""

NAME_SIZE = 7.7
"""Font size of a name that fits: 24 px or more where names stand at all."""
NAME_ROOM = (36.2, 20.0)
"""Width and height that a name may take above the count."""
NAME_EM = 0.92
"""What a semibold name has of the width that is bounded for bold."""
LEADING = 1.117
"""Height of a line; marks of Vietnamese capitals need no more between lines of small letters."""
NAME_Y = -2.1
"""Baseline of a single line, and the middle of the baselines of several."""
LINES_MAX = 4

COUNT_Y = 13.6
"""Baseline of a count."""

PLACE_SIZES = (16.0, 24.0)
"""Font size of a place that a phone shows instead of a name, and of one that stands there everywhere."""
PLACE_Y_EM = 0.35
"""From the middle of a hexagon to the baseline of its place."""


def inscriptions(cells: Sequence[Cell], names: Mapping[UnitCode, str]) -> tuple[Inscription, ...]:
    """Return what stands in each cell; in one without a name only the place."""
    return tuple(_inscription(cell, names.get(cell.code, "")) for cell in cells)


def _inscription(cell: Cell, name: str) -> Inscription:
    lines, size = fitted(name) if name else ((), 0.0)
    leading = LEADING * size
    return Inscription(
        cell.code,
        tuple(
            Line(text, round(cell.y + NAME_Y + (nth - (len(lines) - 1) / 2) * leading, 1))
            for nth, text in enumerate(lines)
        ),
        round(size, 2),
        cell.x,
        round(cell.y + COUNT_Y, 1),
        PLACE_SIZES[not lines],
        round(cell.y + PLACE_Y_EM * PLACE_SIZES[not lines], 1),
    )


def fitted(name: str) -> tuple[tuple[str, ...], float]:
    """Return the lines of a name and its size: the largest that holds it, on as few lines as that allows."""
    words = name.split(" ")
    best: tuple[tuple[str, ...], float] = ((name,), 0.0)
    for count in range(1, min(len(words), LINES_MAX) + 1):
        lines = _broken(words, count)
        widest = max(width_em(line) for line in lines) * NAME_EM
        size = min(NAME_SIZE, NAME_ROOM[0] / widest, NAME_ROOM[1] / (LEADING * count))
        if size > best[1] + 0.01:
            best = lines, size
    return best


def _broken(words: Sequence[str], count: int) -> tuple[str, ...]:
    """Break words into so many lines, the widest as narrow as can be."""
    every = (
        tuple(" ".join(words[start:end]) for start, end in pairwise((0, *breaks, len(words))))
        for breaks in combinations(range(1, len(words)), count - 1)
    )
    return min(every, key=lambda lines: max(width_em(line) for line in lines))
