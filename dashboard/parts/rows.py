"""The first lines of a ranking."""

from collections.abc import Sequence

import msgspec

from dashboard.edition import Edition
from dashboard.parts.board import TOP_ROWS, Line
from dashboard.parts.part import Cut, Part
from streaming.contests.units import UnitCode
from streaming.topics.board import ranked_together


class RowsSpec(msgspec.Struct, frozen=True):
    """The ranking of ``codes`` by a column: the first ``limit`` are seen."""

    of: str
    by: str
    limit: int
    columns: tuple[str, ...]
    codes: tuple[UnitCode, ...]


class RowSeen(msgspec.Struct, frozen=True):
    """A unit's line: ``at`` is its place in the list, -1 beyond its end."""

    code: str
    at: int
    rank: str
    leads: bool
    cells: tuple[str, ...]


class RowsView(msgspec.Struct, frozen=True):
    """The lines from the first place down; ``chars`` of the longest number seen, which sets the size of all."""

    rows: tuple[RowSeen, ...]
    chars: int


def ask(edition: Edition, of: str, by: str, limit: int = TOP_ROWS, columns: Sequence[str] | None = None) -> RowsSpec:
    """What ``rows(of=root, by="completed", limit=5)`` asks for."""
    return RowsSpec(of, by, limit, tuple(columns or (by,)), ranked_below(edition, of))


def ranked_below(edition: Edition, of: str) -> tuple[UnitCode, ...]:
    """The units right below one that are ranked together, places before all others; none below a leaf."""
    children = edition.tree.children(edition.tree[of].code)
    groups = ranked_together(children, apart=edition.contest.ranking.apart)
    return tuple(unit.code for unit in groups[0]) if groups else ()


def seen(line: Line, at: int, columns: Sequence[str], cut: Cut) -> RowSeen:
    """A line as it is painted."""
    cells = tuple(cut.shown(line.code, column) for column in columns)
    return RowSeen(line.code, at, cut.words.number(line.rank), line.rank == 1, cells)


def widest(rows: Sequence[Sequence[str]]) -> int:
    """The characters of the longest number in the rows, at least 1."""
    return max((1, *(len(cell) for cells in rows for cell in cells)))


def view(spec: RowsSpec, cut: Cut) -> RowsView:
    """What is seen at a cut."""
    lines = cut.board.lines(spec.codes, spec.by)
    rows = tuple(seen(line, at if at < spec.limit else -1, spec.columns, cut) for at, line in enumerate(lines))
    return RowsView(rows, widest([row.cells for row in rows[: spec.limit]]))


ROWS = Part("rows", ask, view)
