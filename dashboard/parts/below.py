"""All units below one: those that are ranked together from the first place down, then those ranked apart."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from dashboard.edition import Edition
from dashboard.map.steps import colour, even
from dashboard.parts.board import Line, columns
from dashboard.parts.map import owners
from dashboard.parts.part import Cut, Part
from dashboard.parts.rows import widest
from streaming.contests.units import UnitCode
from streaming.topics.board import ranked_together

HALVES_FROM = 13
"""Lines from which a wide page sets them in two columns."""


class BelowSpec(msgspec.Struct, frozen=True):
    """The units in the ``groups`` in which they are ranked; ``steps`` are the lower bounds of the map's colours, even
    ones where there are none, and ``sizes`` says of units that are several hexagons how many: their colour is that of
    the mean."""

    of: str
    by: str
    columns: tuple[str, ...]
    groups: tuple[tuple[UnitCode, ...], ...]
    steps: tuple[int, ...]
    sizes: dict[str, int]

    @property
    def halves(self) -> int:
        """Columns of lines on a wide page."""
        return 2 if sum(map(len, self.groups)) >= HALVES_FROM else 1


class BelowLine(msgspec.Struct, frozen=True):
    """A unit's line; no ``step`` of colour for one that is not on the map, no ``rank`` for one ranked apart."""

    code: str
    rank: str
    step: int | None
    cells: tuple[str, ...]


class BelowView(msgspec.Struct, frozen=True):
    """The lines in their order; ``chars`` of the longest number, which sets the size of all."""

    lines: tuple[BelowLine, ...]
    chars: int


def ask(edition: Edition, of: str, steps: Sequence[int] = ()) -> BelowSpec:
    """What ``below(of=unit, steps=steps)`` asks for."""
    tree, ranking, code = edition.tree, edition.contest.ranking, edition.tree[of].code
    children = tree.children(code)
    hexagons = _hexagons(edition, code)
    return BelowSpec(
        of=code,
        by=ranking.by,
        columns=columns(ranking.by, has_rate=tree.target(code) is not None),
        groups=tuple(tuple(each.code for each in group) for group in ranked_together(children, apart=ranking.apart)),
        steps=tuple(steps),
        sizes={each.code: hexagons[each.code] for each in children if hexagons[each.code] != 1},
    )


def _hexagons(edition: Edition, code: UnitCode) -> Counter[UnitCode]:
    """How many hexagons of the map lie in each unit below one."""
    picture = edition.picture(code, titled=True)
    return Counter(owners(edition, code, [UnitCode(leaf) for leaf in picture.codes]) if picture is not None else ())


def view(spec: BelowSpec, cut: Cut) -> BelowView:
    """What is seen at a cut."""
    steps = _steps(spec, cut)
    lines = tuple(
        # Units ranked apart show no place: two first places in one list would mislead.
        _seen(spec, cut, line, cut.words.number(line.rank) if nth == 0 else "", steps)
        for nth, group in enumerate(spec.groups)
        for line in cut.board.lines(group, spec.by)
    )
    return BelowView(lines, widest([line.cells for line in lines]))


def _seen(spec: BelowSpec, cut: Cut, line: Line, rank: str, steps: Sequence[int]) -> BelowLine:
    size = spec.sizes.get(line.code, 1)
    at = colour(cut.board.count(line.code, "completed") / size, steps) if size else None
    return BelowLine(line.code, rank, at, tuple(cut.shown(line.code, column) for column in spec.columns))


def _steps(spec: BelowSpec, cut: Cut) -> tuple[int, ...]:
    """The steps of the map, which has all units that are any hexagon."""
    sizes = ((code, spec.sizes.get(code, 1)) for group in spec.groups for code in group)
    return spec.steps or even(cut.board.count(code, "completed") // size for code, size in sizes if size)


BELOW = Part("below", ask, view)
