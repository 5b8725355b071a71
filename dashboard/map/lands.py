"""The land of a unit as it is drawn: its path, what keeps it visible where it is small, and where names may stand.

All lengths are pixels of the hall's live scene at 1080p.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import sqrt

from dashboard.map.labels import Plane
from dashboard.map.lattice import Point as LatticePoint
from dashboard.map.layout import Cell, decimal
from streaming.contests.topojson import Point
from streaming.contests.units import UnitCode

ISLAND_PX = 3.0
"""An island smaller than this is drawn as a square of this size; of several so near each other one."""
STEP_PX = 8.0
"""Half the width of the hexagons by which land is measured for names."""
PLANE = Plane(STEP_PX, STEP_PX / sqrt(3))

Extent = tuple[float, float, float, float]
"""What points span: left, least y, right, greatest y."""
Ring = Sequence[Point]
Land = Sequence[Sequence[Ring]]
"""Polygons, each its outer ring and its holes."""


def extent_of(rings: Iterable[Ring]) -> Extent:
    points = [point for ring in rings for point in ring]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def path_of(points: Sequence[Point]) -> str:
    """Return a line as path data: from the first point on in steps of tenths, which takes half the characters."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    steps = [
        f"{decimal((x - before_x) / 10)} {decimal((y - before_y) / 10)}"
        for (before_x, before_y), (x, y) in pairwise(tenths)
        if (x, y) != (before_x, before_y)
    ]
    start = f"M{decimal(points[0][0])} {decimal(points[0][1])}"
    return f"{start}l{' '.join(steps)}".replace(" -", "-") if steps else start


def _span(ring: Ring) -> float:
    left, top, right, bottom = extent_of([ring])
    return max(right - left, bottom - top)


def is_small(land: Land, small_px: float) -> bool:
    """Return whether all parts of a land are smaller than this both ways."""
    return max(_span(polygon[0]) for polygon in land) < small_px


def cell_of(code: UnitCode, land: Land, small_px: float) -> Cell:
    """Return a unit's land as it is drawn: a hexagon where all of it is small, squares for small islands."""
    largest = max((polygon[0] for polygon in land), key=_span)
    x, y = _middle(largest)
    if is_small(land, small_px):
        return Cell(code, _hexagon(x, y, small_px / 2), x, y)
    paths: list[str] = []
    islands: set[tuple[int, int]] = set()
    for polygon in land:
        if polygon[0] is largest or _span(polygon[0]) >= ISLAND_PX:
            paths += [f"{path_of(ring)}Z" for ring in polygon]
            continue
        left, top, _, _ = extent_of([polygon[0]])
        at = round(left / (2 * ISLAND_PX)), round(top / (2 * ISLAND_PX))
        if at not in islands:
            islands.add(at)
            paths.append(f"M{decimal(left)} {decimal(top)}h{ISLAND_PX:g}v{ISLAND_PX:g}h-{ISLAND_PX:g}Z")
    return Cell(code, "".join(paths), x, y)


def _hexagon(x: float, y: float, radius: float) -> str:
    half = radius * sqrt(3) / 2
    corners = ((0, -radius), (half, -radius / 2), (half, radius / 2), (0, radius), (-half, radius / 2))
    ring = [(x + dx, y + dy) for dx, dy in (*corners, (-half, -radius / 2))]
    return "M" + "L".join(f"{decimal(px)} {decimal(py)}" for px, py in ring) + "Z"


def _middle(ring: Ring) -> Point:
    """A point well inside a ring: the middle of the widest of some chords."""
    _, top, _, bottom = extent_of([ring])
    best = (-1.0, ring[0])
    for share in (0.5, 0.4, 0.6, 0.3, 0.7):
        y = top + (bottom - top) * share
        crossings = _crossings(ring, y)
        for left, right in zip(crossings[::2], crossings[1::2], strict=False):
            best = max(best, (right - left, ((left + right) / 2, y)), key=lambda each: each[0])
    return round(best[1][0], 1), round(best[1][1], 1)


def _crossings(ring: Ring, y: float) -> list[float]:
    return sorted(
        x1 + (y - y1) / (y2 - y1) * (x2 - x1)
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True)
        if (y1 <= y) != (y2 <= y)
    )


def areas_of(
    owners: Mapping[UnitCode, UnitCode],
    lands: Mapping[UnitCode, Land],
    cells: Sequence[Cell],
) -> dict[UnitCode, frozenset[LatticePoint]]:
    """Return the hexagons of a fine lattice whose centres lie in the land of each owner: what names are placed by."""
    areas: dict[UnitCode, set[LatticePoint]] = {owner: set() for owner in owners.values()}
    for cell in cells:
        if cell.code not in owners:
            continue
        found = areas[owners[cell.code]]
        edges: dict[int, list[float]] = defaultdict(list)
        for polygon in lands[cell.code]:
            for ring in polygon:
                _cross(ring, edges)
        for row, crossings in edges.items():
            crossings.sort()
            for left, right in zip(crossings[::2], crossings[1::2], strict=False):
                first = _column(left, row)
                found.update((column, 3 * row) for column in range(first, int(right / PLANE.step_x) + 1, 2))
        if not found:
            row = round(cell.y / (3 * PLANE.step_y))
            found.add((_column(cell.x, row), 3 * row))
    return {owner: frozenset(area) for owner, area in areas.items()}


def _cross(ring: Ring, edges: dict[int, list[float]]) -> None:
    """Add where a ring crosses the rows of the lattice."""
    height = 3 * PLANE.step_y
    for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
        low, high = sorted((y1, y2))
        for row in range(int(low // height), int(high // height) + 2):
            if (y1 <= row * height) != (y2 <= row * height):
                edges[row].append(x1 + (row * height - y1) / (y2 - y1) * (x2 - x1))


def _column(x: float, row: int) -> int:
    """The first centre of a row from x on: even columns in even rows, odd ones in odd."""
    column = int(-(-x // PLANE.step_x))
    return column + (column + row) % 2
