"""The hexagon maps of a contest, one for each unit that has hexagons below it."""

from collections.abc import Mapping

from dashboard.map.hexmap import PLANE, WIDTH, around, bounds_of, hexagon, rings
from dashboard.map.inscriptions import NAMED_PX, PLACED_PX, inscriptions
from dashboard.map.labels import Pause, no_pause, placed
from dashboard.map.lattice import Point, centres
from dashboard.map.layout import LABELS_PX, Border, Cell, Ground, Inscription, Layout, scale_of, widened
from dashboard.map.names import Names
from dashboard.map.on_map import OnMap
from streaming.contests.grid import Grid
from streaming.contests.units import Tree, UnitCode


class Atlas:
    """The maps of a contest: the same hexagons in all of them, each made once."""

    def __init__(self, grid: Grid, tree: Tree, ground: Ground = "hexagons", pause: Pause = no_pause) -> None:
        self.tree = tree
        self.ground = ground
        self._at = centres(grid)
        self._cells: dict[UnitCode, Cell] = {}
        for code, at in self._at.items():
            self._cells[code] = hexagon(code, at)
            pause()
        self._rings: dict[UnitCode, str] = {}
        self._maps: dict[tuple[UnitCode, tuple[str, ...]], Layout] = {}
        self.on_map = OnMap(tree, self._at.keys())

    def map(self, top: UnitCode, names: Names, pause: Pause = no_pause) -> Layout:
        """Return the map of what lies in one unit, with its own view box.

        Raises:
            KeyError: If no hexagon lies in it.
        """
        labels = {code: names.label(self.tree[code]) for code in self.on_map.groups(top)}
        width_px = WIDTH * scale_of(bounds_of(self._area(top)))
        # Over names in hexagons there is no room for those of the units that they belong to.
        cells = names.in_cells(self.on_map.below(top)) if not labels and width_px >= NAMED_PX else {}
        # Languages that write all names alike share one map.
        key = top, (*labels.values(), *cells.values())
        if key not in self._maps:
            self._maps[key] = self._map(top, labels, cells, width_px, pause)
        return self._maps[key]

    def _map(
        self,
        top: UnitCode,
        texts: Mapping[UnitCode, str],
        names: Mapping[UnitCode, str],
        width_px: float,
        pause: Pause,
    ) -> Layout:
        areas = {code: self._area(code) for code in texts}
        everything = self._area(top)
        bounds = bounds_of(everything)
        pause()
        shown = {code: text for code, text in texts.items() if text}
        sizes = [label_px / scale_of(bounds) for label_px in LABELS_PX]
        labels, label_size = placed(shown, areas, PLANE, sizes, pause)
        borders = []
        for code in areas:
            borders.append(Border(code, self._ring(code)))
            pause()
        cells = tuple(self._cells[code] for code in self.on_map.below(top))
        inscribed: tuple[Inscription, ...] = ()
        if not areas and width_px >= PLACED_PX:
            inscribed = inscriptions(cells, names)
        others = frozenset(self._at.values()) - everything
        return Layout(
            top=top,
            ground=self.ground,
            view_box=widened(bounds, labels),
            cells=cells,
            borders=tuple(borders),
            outline=self._ring(top),
            labels=labels,
            label_size=label_size,
            inscriptions=inscribed,
            around=around(everything, others) if self.ground == "hexagons" else (),
        )

    def _ring(self, code: UnitCode) -> str:
        """The line round a unit: a border on the map above, the outline of its own."""
        if code not in self._rings:
            self._rings[code] = rings(self._area(code))
        return self._rings[code]

    def _area(self, code: UnitCode) -> frozenset[Point]:
        return frozenset(self._at[leaf] for leaf in self.on_map.below(code))
