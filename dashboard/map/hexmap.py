"""Hexagons as SVG path data: each by itself, the ring round an area of them, and the neighbours of one."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from math import sqrt

from dashboard.map.labels import Plane
from dashboard.map.lattice import Point, corners, neighbours, outlines
from dashboard.map.layout import MARGIN, Box, Cell, decimal
from streaming.contests.units import UnitCode

RADIUS = 24.0
"""From a hexagon's centre to its corner, in units of the view box."""
INSET = 1.3
"""The gap between a hexagon and its cell's sides, so that neighbours never touch."""
AROUND = 3
"""Rows of neighbours that are drawn round a part of the map."""

PLANE = Plane(RADIUS * sqrt(3) / 2, RADIUS / 2)
WIDTH = 2 * PLANE.step_x
"""Of a hexagon, from side to side."""


def hexagon(code: UnitCode, at: Point) -> Cell:
    x, y = at[0] * PLANE.step_x, at[1] * PLANE.step_y
    scale = 1 - INSET / (RADIUS * sqrt(3) / 2)
    ring = [
        (x + (corner[0] - at[0]) * PLANE.step_x * scale, y + (corner[1] - at[1]) * PLANE.step_y * scale)
        for corner in corners(at)
    ]
    return Cell(code, _path(ring), round(x, 1), round(y, 1))


def rings(area: AbstractSet[Point]) -> str:
    return "".join(_path([(x * PLANE.step_x, y * PLANE.step_y) for x, y in ring]) for ring in outlines(area))


def _path(ring: Sequence[tuple[float, float]]) -> str:
    """A closed path. Its steps are relative: they are nearly the same for every hexagon, so a map travels in half the
    bytes."""
    (x, y), *others = points = [(round(x, 1), round(y, 1)) for x, y in ring]
    steps = (f"{decimal(to[0] - at[0])} {decimal(to[1] - at[1])}" for at, to in zip(points, others, strict=False))
    return f"M{decimal(x)} {decimal(y)}l{' '.join(steps)}z"


def bounds_of(area: AbstractSet[Point]) -> Box:
    xs = [x for x, _ in area]
    ys = [y for _, y in area]
    left, right = (min(xs) - 1) * PLANE.step_x - MARGIN, (max(xs) + 1) * PLANE.step_x + MARGIN
    top, bottom = (min(ys) - 2) * PLANE.step_y - MARGIN, (max(ys) + 2) * PLANE.step_y + MARGIN
    return left, top, right - left, bottom - top


def around(area: AbstractSet[Point], others: AbstractSet[Point]) -> tuple[str, ...]:
    """Return the hexagons round an area as paths: of its neighbours, of theirs, and so on, AROUND rows."""
    rows: list[str] = []
    reached = set(area)
    last: AbstractSet[Point] = area
    for _ in range(AROUND):
        last = (neighbours(last) & others) - reached
        if not last:
            break
        reached |= last
        rows.append("".join(hexagon(UnitCode(""), at).path for at in sorted(last)))
    return tuple(rows)
