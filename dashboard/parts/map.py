"""The map: a colour for each cell, the count and the place that stand in it, the places that light up."""

from collections import Counter
from collections.abc import Sequence
from typing import Literal, cast

import msgspec

from dashboard.edition import Edition
from dashboard.map.layout import Ground, Layout
from dashboard.map.steps import colour, even
from dashboard.parts.part import Cut, Part
from streaming.contests.units import UnitCode
from streaming.topics.state import BoardState

PLACES_MAX = 10
"""Where cells hold places alone, those of the first: the others need not read on a wall that they are behind."""
FLAT = 7
"""The colour of every cell that has anything on a flat map."""
COUNT_TENTHS = 100
"""Font size of a count, in tenths of the map's units."""
COUNT_ROOM = 305_000
"""Room of a count at its baseline, where the hexagon narrows: 30.5 units of the map, in tenths times thousandths."""
FIGURE, MARK = 665, 360
"""Widths of a figure and of what divides thousands, in thousandths of the font size."""

LABELS_OVER_LIGHT = 0.7
"""How large names are over places that light up, beside their size on a map of steps: they only help to find these."""

Inscribed = Literal["names", "places", ""]


class MapSpec(msgspec.Struct, frozen=True):
    """The map of a unit, coloured by a column.

    ``codes`` are the units of its cells, in their order. Where ``is_below``, only what lies right below the unit is
    told of: they are these units then, each for all of its cells, and ``sizes`` says of those that have several how
    many: their colour is that of the mean. ``steps`` are the lower bounds of the colours; where there are none, they
    are even ones that stand as far as counts grow.
    ``inscribed`` says what stands in cells. Where ``is_flat``, all that has anything has one colour: of a leaf's page,
    whose neighbours are too few to choose steps from, and where ``lit`` of the latest places light up.
    """

    of: str
    by: str
    steps: tuple[int, ...]
    ground: str
    codes: tuple[UnitCode, ...]
    sizes: dict[str, int]
    is_below: bool
    inscribed: Inscribed
    is_flat: bool
    lit: int

    @property
    def label_scale(self) -> float:
        """The size of names over the land, beside the one for which they keep clear of each other."""
        return LABELS_OVER_LIGHT if self.lit else 1.0


class MapView(msgspec.Struct, frozen=True):
    """What is seen of each cell: its colour, None where nothing is told of it, and in inscribed ones its count and its
    place. ``count_tenths`` is the font size of all counts. ``lit`` are the places that light up, the latest first.
    """

    colours: tuple[int | None, ...]
    counts: tuple[str, ...]
    places: tuple[str, ...]
    count_tenths: int
    lit: tuple[str, ...]


def ask(
    edition: Edition,
    of: str,
    by: str,
    steps: Sequence[int] = (),
    *,
    ground: str = "",
    is_below: bool = False,
    lit: int = 0,
) -> MapSpec:
    """What ``map(of=root, by="completed", steps=settings.steps)`` asks for; a ground that the contest does not offer
    is its own."""
    layout = edition.map(of, ground=cast("Ground", ground))
    cells = tuple(cell.code for cell in layout.cells) if layout is not None else ()
    codes = owners(edition, of, cells) if is_below else cells
    return MapSpec(
        of,
        by,
        tuple(steps),
        layout.ground if layout is not None else "",
        codes,
        {code: size for code, size in Counter(codes).items() if size > 1},
        is_below,
        _inscribed(layout),
        lit > 0 or (not steps and edition.tree.is_leaf(of)),
        lit,
    )


def _inscribed(layout: Layout | None) -> Inscribed:
    if layout is None or not layout.inscriptions:
        return ""
    return "names" if layout.has_names else "places"


def owners(edition: Edition, of: str, leaves: Sequence[UnitCode]) -> tuple[UnitCode, ...]:
    """For each of the leaves on a unit's map the unit right below it in which the leaf lies; for a leaf's own page,
    which shows the map of the unit above, the leaves themselves."""
    if edition.tree.is_leaf(of):
        return tuple(leaves)
    depth = edition.tree.depth(of) + 1
    return tuple(edition.tree.path(leaf)[-1 - depth] for leaf in leaves)


def steps_of(spec: MapSpec, cut: Cut) -> tuple[int, ...]:
    """The steps of a map at a cut."""
    if spec.steps:
        return spec.steps
    told = dict.fromkeys(spec.codes)
    return even(cut.board.count(code, spec.by) // spec.sizes.get(code, 1) for code in told)


def view(spec: MapSpec, cut: Cut) -> MapView:
    """What is seen at a cut."""
    steps = steps_of(spec, cut)
    counts = _counts(spec, cut)
    return MapView(
        tuple(_colour(spec, code, steps, cut) for code in spec.codes),
        counts,
        _places(spec, cut),
        _tenths(counts),
        _lit(spec, cut),
    )


def _colour(spec: MapSpec, code: str, steps: Sequence[int], cut: Cut) -> int | None:
    count = cut.board.cell(code, spec.by)
    if count is None:
        return None
    if spec.is_flat:
        return FLAT if count > 0 else 0
    return colour(count / spec.sizes.get(code, 1), steps)


def _counts(spec: MapSpec, cut: Cut) -> tuple[str, ...]:
    if spec.inscribed != "names":
        return ()
    return tuple("" if cut.board.cell(code, spec.by) is None else cut.shown(code, spec.by) for code in spec.codes)


def _places(spec: MapSpec, cut: Cut) -> tuple[str, ...]:
    if not spec.inscribed:
        return ()
    ranks = {line.code: line.rank for line in cut.board.lines(spec.codes, spec.by)}
    last = len(spec.codes) if spec.inscribed == "names" else PLACES_MAX
    return tuple(
        cut.words.number(rank) if (rank := ranks[code]) is not None and rank <= last else "" for code in spec.codes
    )


def _tenths(counts: Sequence[str]) -> int:
    """The font size at which the widest count has room."""
    widths = [sum(FIGURE if char.isdigit() else MARK for char in count) for count in counts]
    return min([COUNT_TENTHS, *(COUNT_ROOM // width for width in widths if width)])


def _lit(spec: MapSpec, cut: Cut) -> tuple[str, ...]:
    recent = cut.state.recent if isinstance(cut.state, BoardState) else None
    on_map = set(spec.codes) if spec.lit else set[str]()
    return tuple(code for code in recent or () if code in on_map)[: spec.lit]


MAP = Part("map", ask, view)
