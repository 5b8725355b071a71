"""The maps of a contest with true boundaries, one for each unit that has land below it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from dashboard.map.inscriptions import PLACE_Y_EM
from dashboard.map.labels import Pause, no_pause, placed
from dashboard.map.lands import PLANE, Extent, areas_of, cell_of, extent_of, is_small, path_of
from dashboard.map.layout import (
    LABELS_PX,
    MARGIN,
    ROOM_PX,
    Border,
    Box,
    Cell,
    Ground,
    Inscription,
    Layout,
    widened,
)
from dashboard.map.lines import Lines, Walk
from dashboard.map.names import Names
from dashboard.map.on_map import OnMap
from streaming.contests.boundaries import Boundaries
from streaming.contests.topojson import Point
from streaming.contests.units import Tree, UnitCode

WEIGHT_PX2 = 1.2
"""A point that changes the land by less than this, in square pixels at 1080p, is not drawn."""
SMALL_PX = 14.0
"""A unit that would be smaller than this both ways is drawn as a hexagon of this size, or it could not be seen."""
SMALL_SHARE = 0.35
"""On a map of many units that size is no more than this share of the mean one's."""
CELL_LABELS_PX = (32, 28, 24)
"""Font sizes of the names of units that are cells themselves."""
PLACE_PX = 32.0
"""Font size of a place where there are no names."""
CELL_LABELS_MAX = 60
"""With more cells their names are left out."""


@dataclass(frozen=True)
class _View:
    """How degrees become pixels at 1080p: equirectangular, true to scale in the middle."""

    left: float
    top: float
    across: float
    down: float

    def at(self, point: Point) -> Point:
        # In tenths of a pixel, as they are written, so that neighbours round alike.
        return (
            round((point[0] - self.left) * self.across + MARGIN, 1),
            round((self.top - point[1]) * self.down + MARGIN, 1),
        )


class BoundaryAtlas:
    """The maps of a contest: the same lines in all of them, simplified to what each shows."""

    ground: Ground = "boundaries"

    def __init__(self, boundaries: Boundaries, tree: Tree, pause: Pause = no_pause) -> None:
        self.tree = tree
        self.on_map = OnMap(tree, boundaries.land.keys())
        self._lines = Lines(boundaries.land, pause)
        self._extents = {code: extent_of(polygon[0] for polygon in land) for code, land in boundaries.land.items()}
        self._maps: dict[tuple[UnitCode, tuple[str, ...]], Layout] = {}

    def map(self, top: UnitCode, names: Names, pause: Pause = no_pause) -> Layout:
        """Return the map of what lies in one unit, with its own view box.

        Raises:
            KeyError: If no land lies in it.
        """
        leaves = self.on_map.below(top)
        groups = self.on_map.groups(top)
        if groups:
            texts = {code: names.label(self.tree[code]) for code in groups}
        else:
            texts = names.in_cells(leaves) if len(leaves) <= CELL_LABELS_MAX else {}
        key = top, tuple(texts.values())
        if key not in self._maps:
            self._maps[key] = self._map(top, groups, {code: text for code, text in texts.items() if text}, pause)
        return self._maps[key]

    def _map(self, top: UnitCode, groups: Sequence[UnitCode], texts: Mapping[UnitCode, str], pause: Pause) -> Layout:
        leaves = self.on_map.below(top)
        view, bounds = _view(_around(self._extents[code] for code in leaves))
        weight_min = WEIGHT_PX2 / (view.across * view.down)
        drawn: dict[int, tuple[Point, ...]] = {}
        lands: dict[UnitCode, list[list[list[Point]]]] = {}
        for code in leaves:
            lands[code] = [
                [self._ring(walk, view, weight_min, drawn) for walk in polygon] for polygon in self._lines.walks[code]
            ]
            pause()
        small_px = min(SMALL_PX, SMALL_SHARE * sqrt(bounds[2] * bounds[3] / len(leaves)))
        cells = [cell_of(code, lands[code], small_px) for code in leaves]
        # What is drawn larger than it is stands above its neighbours.
        cells.sort(key=lambda cell: is_small(lands[cell.code], small_px))
        pause()
        owners = self._owners(groups) if groups else {code: code for code in leaves}
        areas = areas_of(owners, lands, cells)
        pause()
        labels, label_size = placed(texts, areas, PLANE, LABELS_PX if groups else CELL_LABELS_PX, pause)
        return Layout(
            top=top,
            ground=self.ground,
            view_box=widened(bounds, labels),
            cells=tuple(cells),
            borders=tuple(self._borders(groups, drawn)),
            outline=self._outline(frozenset(leaves), drawn),
            labels=labels,
            label_size=label_size,
            # Where no name helps to tell what is what, the first are told by their places.
            inscriptions=() if texts or groups else tuple(_inscription(cell) for cell in cells),
        )

    def _ring(self, walk: Walk, view: _View, weight_min: float, drawn: dict[int, tuple[Point, ...]]) -> list[Point]:
        """The points of a ring as they are drawn; its lines are kept in `drawn`."""
        ring: list[Point] = []
        for nth, is_turned in walk:
            if nth not in drawn:
                drawn[nth] = tuple(view.at(point) for point in self._lines.lines[nth].simplified(weight_min))
            line = drawn[nth][::-1] if is_turned else drawn[nth]
            ring += line[:-1]
        return ring

    def _owners(self, groups: Sequence[UnitCode]) -> dict[UnitCode, UnitCode]:
        return {leaf: group for group in groups for leaf in self.on_map.below(group)}

    def _borders(self, groups: Sequence[UnitCode], drawn: Mapping[int, tuple[Point, ...]]) -> list[Border]:
        """The lines between groups, each in the path of the first of its two."""
        owners = self._owners(groups)
        paths: dict[UnitCode, list[str]] = {code: [] for code in groups}
        for nth, points in drawn.items():
            beside = {owners[code] for code in self._lines.lines[nth].sides if code in owners}
            if len(beside) == 2:
                paths[min(beside)].append(path_of(points))
        return [Border(code, "".join(path)) for code, path in paths.items()]

    def _outline(self, leaves: frozenset[UnitCode], drawn: Mapping[int, tuple[Point, ...]]) -> str:
        return "".join(path_of(line) for nth, line in drawn.items() if len(self._lines.lines[nth].sides & leaves) == 1)


def _inscription(cell: Cell) -> Inscription:
    """The place alone, in the middle of a cell."""
    y = round(cell.y + PLACE_Y_EM * PLACE_PX, 1)
    return Inscription(cell.code, (), 0.0, cell.x, y, PLACE_PX, y)


def _around(extents: Iterable[Extent]) -> Extent:
    held = list(extents)
    return min(b[0] for b in held), min(b[1] for b in held), max(b[2] for b in held), max(b[3] for b in held)


def _view(globe: Extent) -> tuple[_View, Box]:
    """The view of a part of the globe that fills the room of a map, and its bounds there."""
    left, bottom, right, top = globe
    narrower = cos(radians((bottom + top) / 2))
    room_x, room_y = ROOM_PX[0] - 2 * MARGIN, ROOM_PX[1] - 2 * MARGIN
    scale = min(room_x / ((right - left) * narrower), room_y / (top - bottom))
    view = _View(left, top, scale * narrower, scale)
    return view, (0.0, 0.0, (right - left) * view.across + 2 * MARGIN, (top - bottom) * view.down + 2 * MARGIN)
