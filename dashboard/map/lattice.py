"""Hexagons on a lattice of whole numbers, so that shared corners are exactly equal.

One step to the east is half a hexagon's width, one to the south half its side: a centre stands at
(2q + shift, 3r). The six corners follow clockwise from the northern one.
"""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from math import ceil, floor

from streaming.contests.grid import Grid
from streaming.contests.units import UnitCode

Point = tuple[int, int]
Edge = tuple[Point, Point]

_CORNERS: tuple[Point, ...] = ((0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1))
_NEIGHBOURS: tuple[Point, ...] = ((1, -3), (2, 0), (1, 3), (-1, 3), (-2, 0), (-1, -3))
_SIDES: tuple[tuple[Edge, Point], ...] = tuple(
    zip(zip(_CORNERS, (*_CORNERS[1:], _CORNERS[0]), strict=True), _NEIGHBOURS, strict=True)
)
"""The six directed sides of a hexagon, clockwise from the northern corner, each with the centre across it."""
SLACK = 1e-6
"""Tolerance, so that a point on a side belongs to both hexagons despite rounding."""


def centres(grid: Grid) -> dict[UnitCode, Point]:
    """Return the centre of each unit's hexagon."""
    return {code: centre(q, r, grid.shift_parity) for code, (q, r) in grid.cells.items()}


def centre(q: int, r: int, shift_parity: int) -> Point:
    """Return the centre of a cell; rows where (r + shift_parity) is odd stand half a cell further east."""
    return 2 * q + (r + shift_parity) % 2, 3 * r


def corners(at: Point) -> tuple[Point, ...]:
    """Return the six corners of the hexagon round a centre, clockwise from the north."""
    return tuple((at[0] + x, at[1] + y) for x, y in _CORNERS)


def neighbours(cells: Iterable[Point]) -> set[Point]:
    """Return the centres of all hexagons that have a side in common with one of these."""
    return {(x + east, y + south) for x, y in cells for east, south in _NEIGHBOURS}


def rows_at(y: float) -> range:
    """Return where the centres stand (their y) of hexagons that can hold a point at this height."""
    return range(3 * ceil((y - 2 - SLACK) / 3), 3 * floor((y + 2 + SLACK) / 3) + 1, 3)


def holds(cells: AbstractSet[Point], x: float, y: float) -> bool:
    """Whether a point of the lattice's plane lies in the union of hexagons, their sides included."""
    return any(
        (column, row) in cells and abs(column - x) + abs(row - y) <= 2 + SLACK
        for row in rows_at(y)
        for column in range(ceil(x - 1 - SLACK), floor(x + 1 + SLACK) + 1)
    )


def outlines(cells: Iterable[Point]) -> list[list[Point]]:
    """Return the closed rings round the union of hexagons, in a steady order; holes are rings too.

    Three edges meet in each corner of the lattice, so a ring never has to choose its way.
    """
    held = frozenset(cells)
    # Only sides on the rim, which are few even in a country; sets of all sides took most of a map's time.
    after = {
        (x + start[0], y + start[1]): (x + end[0], y + end[1])
        for x, y in held
        for (start, end), (east, south) in _SIDES
        if (x + east, y + south) not in held
    }
    rings: list[list[Point]] = []
    while after:
        start = min(after)
        ring = [start]
        at = after.pop(start)
        while at != start:
            ring.append(at)
            at = after.pop(at)
        rings.append(ring)
    return rings
