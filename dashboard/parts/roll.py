"""The connection points that are connected, while somebody airs them: how many, the people there, the places that light
up on the map, and their names, page by page. One that is missing is nowhere in it."""

from collections.abc import Iterator
from typing import cast

import msgspec

from dashboard.edition import Edition
from dashboard.map.layout import Ground
from dashboard.parts.map import owners
from dashboard.parts.part import Cut, Part
from dashboard.words.widths import width_em
from streaming.contests.units import UnitCode
from streaming.points.point import points_of
from streaming.program.points import Level, is_told

PAGE_MS = 6_000
"""How long a page of names stands."""
NAMES_MAX, NAMES_WIDE_MAX = 14, 21
"""Names on a page, in columns of seven: beside a map, and without one."""
NAME_EM = 11.5
"""A wider name stands in short."""


class RollSpec(msgspec.Struct, frozen=True):
    """The points of a contest. ``codes`` are, for each cell of the map, the point by which it lights up. ``names`` are
    those of the points that are told of; ``groups`` says of those two levels or more below the whole in which unit
    right below it they lie, and ``heads`` what these are called. ``per_page`` is how many names a page has; ``counts``
    and ``present`` are whether it is told how many are connected, and how many people are there."""

    of: str
    ground: str
    codes: tuple[UnitCode, ...]
    names: dict[str, str]
    groups: dict[str, str]
    heads: dict[str, str]
    per_page: int
    counts: bool
    present: bool


class RollView(msgspec.Struct, frozen=True):
    """What is seen: the numbers, "" where they are not told; of the page of names its ``head`` and the ``names``,
    ``page`` where there are several; and which cells light up."""

    count: str
    present: str
    head: str
    names: tuple[str, ...]
    page: str
    lit: tuple[bool, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """The class of each cell."""
        return tuple("on" if lit else "off" for lit in self.lit)


def ask(
    edition: Edition,
    of: str,
    level: Level = "all",
    *,
    counts: bool = True,
    present: bool = False,
    ground: str = "",
) -> RollSpec:
    """What ``roll(of=root, level=settings.level)`` asks for."""
    tree = edition.tree
    layout = edition.map(of, ground=cast("Ground", ground))
    cells = tuple(cell.code for cell in layout.cells) if layout is not None else ()
    points = [
        unit.code for unit in points_of(tree) if is_told(level, tree.depth(unit.code), is_leaf=tree.is_leaf(unit.code))
    ]
    told = {code: _name(edition, code) for code in points}
    groups = {code: tree.path(code)[-2] for code in points if tree.depth(code) > 1}
    return RollSpec(
        of,
        layout.ground if layout is not None else "",
        owners(edition, of, cells) if level == "upper" else cells,
        {str(code): name for code, name in told.items()},
        {str(code): str(group) for code, group in groups.items()},
        {str(group): edition.words.full_name(tree[group]) for group in groups.values()},
        NAMES_MAX if cells else NAMES_WIDE_MAX,
        counts,
        present,
    )


def _name(edition: Edition, code: str) -> str:
    """A point's name as it has room in a column."""
    full = edition.words.full_name(edition.tree[code])
    return full if width_em(full) <= NAME_EM else edition.words.short_name(edition.tree[code])


def view(spec: RollSpec, cut: Cut) -> RollView:
    """What is seen at a cut."""
    aired, words = cut.points, cut.words
    codes = [code for code in (aired.connected if aired is not None else ()) if code in spec.names]
    pages = [*_pages(spec, codes)]
    at = cut.now_ms // PAGE_MS % len(pages) if pages else 0
    group, shown = pages[at] if pages else ("", [])
    head = spec.heads[group] if group else "" if pages else words.say("points_none")
    on = set(codes)
    return RollView(
        words.number(len(codes)) if spec.counts and pages else "",
        words.number(aired.present) if spec.present and pages and aired is not None else "",
        head,
        tuple(spec.names[code] for code in shown),
        f"{at + 1}/{len(pages)}" if len(pages) > 1 else "",
        tuple(code in on for code in spec.codes),
    )


def _pages(spec: RollSpec, codes: list[str]) -> Iterator[tuple[str, list[str]]]:
    """The pages of names: those of each group by themselves."""
    groups: dict[str, list[str]] = {}
    for code in codes:
        groups.setdefault(spec.groups.get(code, ""), []).append(code)
    for group, members in groups.items():
        for start in range(0, len(members), spec.per_page):
            yield group, members[start : start + spec.per_page]


ROLL = Part("roll", ask, view)
