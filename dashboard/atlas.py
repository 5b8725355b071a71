"""The maps of a contest, one for each unit that has hexagons below it."""

from collections.abc import Callable

from dashboard.labels import Pause, no_pause
from dashboard.lattice import Point, centres
from dashboard.map import Border, Cell, HexMap, bounds_of, hexagon, label_text, placed, rings, view_box_of
from streaming.grid import Grid
from streaming.units import Tree, Unit, UnitCode


class Atlas:
    """The maps of a contest: the same hexagons in all of them, each made once."""

    def __init__(self, grid: Grid, tree: Tree, pause: Pause = no_pause) -> None:
        self.grid = grid
        self.tree = tree
        self._at = centres(grid)
        self._cells: dict[UnitCode, Cell] = {}
        for code, at in self._at.items():
            self._cells[code] = hexagon(code, at)
            pause()
        self._below: dict[UnitCode, list[UnitCode]] = {}
        for unit in tree.leaves:
            if unit.code in self._at:
                for code in tree.path(unit.code):
                    self._below.setdefault(code, []).append(unit.code)

    def top(self, code: str) -> UnitCode | None:
        """Return the unit whose map shows a unit: itself, or its parent for one with nothing below it.

        None for one without any hexagon (agencies, ngoài tỉnh).
        """
        unit = self.tree[code]
        if unit.code not in self._below:
            return None
        return unit.parent if self.tree.is_leaf(code) and unit.parent is not None else unit.code

    def map(self, top: UnitCode, text: Callable[[Unit, Tree], str] = label_text, pause: Pause = no_pause) -> HexMap:
        """Return the map of what lies in one unit, with its own view box; `text` says how a name is written, "" that it
        is left out.

        Raises:
            KeyError: If no hexagon lies in it.
        """
        tree = self.tree
        groups = [unit for unit in tree.children(top) if not tree.is_leaf(unit.code) and unit.code in self._below]
        areas = {unit.code: self._area(unit.code) for unit in groups}
        everything = self._area(top)
        bounds = bounds_of(everything)
        names = {unit.code: name for unit in groups if (name := text(unit, tree))}
        labels, label_size = placed(names, areas, bounds, pause)
        borders = []
        for code, area in areas.items():
            borders.append(Border(code, rings(area)))
            pause()
        return HexMap(
            top=top,
            view_box=view_box_of(bounds, labels),
            cells=tuple(self._cells[code] for code in self._below[top]),
            borders=tuple(borders),
            outline=rings(everything),
            labels=labels,
            label_size=label_size,
            grid=self.grid,
            tree=tree,
        )

    def _area(self, code: UnitCode) -> frozenset[Point]:
        return frozenset(self._at[leaf] for leaf in self._below[code])
