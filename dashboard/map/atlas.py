"""The maps of a contest, one for each unit that has hexagons below it."""

from collections.abc import Callable, Mapping

from dashboard.map.hexmap import Border, Cell, HexMap, bounds_of, hexagon, label_text, placed, rings, view_box_of
from dashboard.map.labels import Pause, no_pause
from dashboard.map.lattice import Point, centres
from streaming.contests.grid import Grid
from streaming.contests.units import Tree, Unit, UnitCode


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
        self._rings: dict[UnitCode, str] = {}
        self._maps: dict[tuple[UnitCode, tuple[str, ...]], HexMap] = {}
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
        texts = {unit.code: text(unit, tree) for unit in groups}
        # Languages that write all names alike share one map.
        key = top, tuple(texts.values())
        if key not in self._maps:
            self._maps[key] = self._map(top, texts, pause)
        return self._maps[key]

    def _map(self, top: UnitCode, texts: Mapping[UnitCode, str], pause: Pause) -> HexMap:
        areas = {code: self._area(code) for code in texts}
        everything = self._area(top)
        bounds = bounds_of(everything)
        pause()
        labels, label_size = placed({code: text for code, text in texts.items() if text}, areas, bounds, pause)
        borders = []
        for code in areas:
            borders.append(Border(code, self._ring(code)))
            pause()
        return HexMap(
            top=top,
            view_box=view_box_of(bounds, labels),
            cells=tuple(self._cells[code] for code in self._below[top]),
            borders=tuple(borders),
            outline=self._ring(top),
            labels=labels,
            label_size=label_size,
            grid=self.grid,
            tree=self.tree,
        )

    def _ring(self, code: UnitCode) -> str:
        """The line round a unit: a border on the map above, the outline of its own."""
        if code not in self._rings:
            self._rings[code] = rings(self._area(code))
        return self._rings[code]

    def _area(self, code: UnitCode) -> frozenset[Point]:
        return frozenset(self._at[leaf] for leaf in self._below[code])
