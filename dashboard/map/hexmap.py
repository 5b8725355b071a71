"""The map of hexagons: one path for each place of the lowest level, borders, outline and names.

Pure: a grid and a tree in, SVG path data out. Colours and words are the page's.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from dashboard.map.labels import Label, Pause, Plane, clear, place
from dashboard.map.lattice import Point, corners, outlines
from dashboard.words.words import short_name
from streaming.contests.grid import Grid
from streaming.contests.units import Tree, Unit, UnitCode

RADIUS = 24.0
"""From a hexagon's centre to its corner, in units of the view box."""
INSET = 1.3
"""The gap between a hexagon and its cell's sides, so that neighbours never touch."""
MARGIN = 6.0
"""Free space round the map for the outline's stroke."""
ROOM_PX = (960, 900)
"""The width and height that the hall's live scene gives the map at 1080p."""
LABELS_PX = (44, 38, 32)
"""Font sizes of the names there: readable from twenty metres, and the smallest where there are many."""

DECIMALS_KEPT_MAX = 8_192
"""Numbers whose text is cached, some 100 bytes each: hexagons form columns and rows, so coordinates repeat."""

PLANE = Plane(RADIUS * sqrt(3) / 2, RADIUS / 2)


@dataclass(frozen=True)
class Cell:
    """The hexagon of a unit: path data and centre."""

    code: UnitCode
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Border:
    """The line round all hexagons of a unit, closed; holes are parts of the same path."""

    code: UnitCode
    path: str


@dataclass(frozen=True)
class HexMap:
    """A map of what lies below one unit (`top`).

    `view_box` is x, y, width, height. `borders` and `labels` are those of the units right below `top` that
    have units below themselves: none where these are the hexagons. `label_size` is the font size, in units
    of the view box, for which the labels keep clear of each other. Where so many units cannot all be named
    (a country of 63 provinces), the smaller ones have no label.
    """

    top: UnitCode
    view_box: tuple[float, float, float, float]
    cells: tuple[Cell, ...]
    borders: tuple[Border, ...]
    outline: str
    labels: tuple[Label, ...]
    label_size: float
    grid: Grid
    tree: Tree

    @property
    def view_box_text(self) -> str:
        """The value of an SVG's viewBox."""
        return " ".join(_decimal(value) for value in self.view_box)


def label_text(unit: Unit, tree: Tree) -> str:
    """Return the name as the map shows it: with its kind only where the root has the same name."""
    return (unit.short_name or short_name(unit.full_name)) if unit.name == tree.root.name else unit.name


def placed(
    names: Mapping[UnitCode, str],
    areas: Mapping[UnitCode, AbstractSet[Point]],
    bounds: tuple[float, float, float, float],
    pause: Pause,
) -> tuple[tuple[Label, ...], float]:
    """Return the names and their size: the largest at which none overlap, else the smallest with some left out."""
    labels: tuple[Label, ...] = ()
    size = 0.0
    for label_px in LABELS_PX:
        size = label_px / min(ROOM_PX[0] / bounds[2], ROOM_PX[1] / bounds[3])
        labels = place(names, areas, PLANE, size, pause)
        if clear(labels, areas) == labels:
            break
    return clear(labels, areas), size


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
    return "M" + "L".join(f"{_decimal(x)} {_decimal(y)}" for x, y in ring) + "Z"


@lru_cache(maxsize=DECIMALS_KEPT_MAX)
def _decimal(value: float) -> str:
    """Return a number with at most one decimal, which is finer than a pixel."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")


def bounds_of(area: AbstractSet[Point]) -> tuple[float, float, float, float]:
    xs = [x for x, _ in area]
    ys = [y for _, y in area]
    left, right = (min(xs) - 1) * PLANE.step_x - MARGIN, (max(xs) + 1) * PLANE.step_x + MARGIN
    top, bottom = (min(ys) - 2) * PLANE.step_y - MARGIN, (max(ys) + 2) * PLANE.step_y + MARGIN
    return left, top, right - left, bottom - top


def view_box_of(
    bounds: tuple[float, float, float, float], labels: Sequence[Label]
) -> tuple[float, float, float, float]:
    """Return the bounds, widened where a name extends beyond them."""
    x, y, width, height = bounds
    left = min([x, *(label.x - label.width / 2 for label in labels)])
    right = max([x + width, *(label.x + label.width / 2 for label in labels)])
    top = min([y, *(label.y - label.height / 2 for label in labels)])
    bottom = max([y + height, *(label.y + label.height / 2 for label in labels)])
    return round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1)


def auto_grid(tree: Tree) -> Grid:
    """Return a packed grid for a contest that has none: not a true map, but one picture with all places.

    The places of a unit stand together: they follow each other on a line that runs down and up through
    strips about as wide as a unit's share is high. Rows are odd in number, so that a strip ends beside
    the next one.
    """
    leaves = [unit.code for unit in _in_tree_order(tree) if unit.place and tree.is_leaf(unit.code)]
    groups = sum(not tree.is_leaf(unit.code) for unit in tree.children(tree.root.code) if unit.place)
    # A hexagon is √3 wide and its row 1.5 high: as many columns for each row make a square picture.
    columns = max(1, round(sqrt(len(leaves) * 1.5 / sqrt(3))))
    strip = max(1, round(sqrt(len(leaves) / groups))) if groups else columns
    strips = max(1, round(columns / strip))
    rows = -(-len(leaves) // (strip * strips))
    rows += (rows + 1) % 2 if strips > 1 else 0
    cells: dict[UnitCode, tuple[int, int]] = {}
    for nth, code in enumerate(leaves):
        block, rest = divmod(nth, strip * rows)
        row, column = divmod(rest, strip)
        eastward = row % 2 == 0 or not groups
        r = row if block % 2 == 0 else rows - 1 - row
        cells[code] = (block * strip + (column if eastward else strip - 1 - column), r)
    return Grid(cells, 1)


def _in_tree_order(tree: Tree) -> list[Unit]:
    """Return the units from the root down, each followed by what lies below it."""
    order: list[Unit] = []
    waiting = [tree.root]
    while waiting:
        unit = waiting.pop()
        order.append(unit)
        waiting.extend(reversed(tree.children(unit.code)))
    return order
