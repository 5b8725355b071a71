"""The first lines of a ranking."""

from collections.abc import Iterable, Sequence

import msgspec

from dashboard.edition import Edition
from dashboard.parts.board import TOP_ROWS, Line, ranked
from dashboard.parts.part import Cut, Part
from dashboard.words.names import Name, fit, together
from dashboard.words.widths import width_em
from streaming.contests.units import UnitCode


class RowsSpec(msgspec.Struct, frozen=True):
    """The ranking of ``codes`` by a column: the first ``limit`` are seen. ``names`` are those of one list."""

    of: str
    by: str
    limit: int
    columns: tuple[str, ...]
    codes: tuple[UnitCode, ...]
    names: dict[str, Name]


class RowSeen(msgspec.Struct, frozen=True):
    """A unit's line; ``rank`` is a dash where nothing has been counted for it."""

    code: str
    rank: str
    leads: bool
    cells: tuple[str, ...]


class RowsView(msgspec.Struct, frozen=True):
    """The lines from the first place down; ``chars`` of the longest number, which sets the size of all."""

    rows: tuple[RowSeen, ...]
    chars: int


def ask(
    edition: Edition,
    of: str,
    by: str,
    limit: int = TOP_ROWS,
    columns: Sequence[str] | None = None,
    room_em: float | None = None,
) -> RowsSpec:
    """What ``rows(of=root, by="completed", limit=5)`` asks for. With ``room_em``, the room of a name in em of its type,
    names are whole, or where one does not fit all are without their kinds, which then stand above."""
    codes = ranked_below(edition, of)
    names = edition.names(codes) if room_em is None else _whole_or_bare(edition, codes, room_em)
    return RowsSpec(of, by, limit, tuple(columns or (by,)), codes, names)


def _whole_or_bare(edition: Edition, codes: Sequence[UnitCode], room_em: float) -> dict[str, Name]:
    units, words = [edition.tree[code] for code in codes], edition.words
    whole = {unit.code: words.full_name(unit) for unit in units}
    if any(width_em(name) > room_em for name in whole.values()):
        whole = {unit.code: words.bare_name(unit) for unit in units}
    rooms = {"w": room_em, "n": room_em}
    return together({code: Name(name, name, fit(name, name, rooms)) for code, name in whole.items()})


def ranked_below(edition: Edition, of: str) -> tuple[UnitCode, ...]:
    """The codes of what is ranked together right below a unit."""
    return tuple(unit.code for unit in ranked(edition.contest, edition.tree[of].code))


def seen(line: Line, columns: Sequence[str], cut: Cut) -> RowSeen:
    """A line as it is painted."""
    cells = tuple(cell(line.code, column, cut) for column in columns)
    return RowSeen(line.code, cut.words.number(line.rank), line.rank == 1, cells)


def cell(code: str, column: str, cut: Cut) -> str:
    """A unit's number in a line. A pace stands with its sign, and only while something comes in."""
    if column == "pace":
        return plus(cut.board.count(code, column), cut)
    return cut.shown(code, column)


def plus(pace: int, cut: Cut) -> str:
    """ "+254", "" where nothing has come in."""
    return f"+{cut.words.number(pace)}" if pace > 0 else ""


def widest(rows: Iterable[Sequence[str]]) -> int:
    """The characters of the longest number in the rows, at least 1."""
    return max((1, *(len(cell) for cells in rows for cell in cells)))


def view(spec: RowsSpec, cut: Cut) -> RowsView:
    """What is seen at a cut."""
    lines = cut.board.lines(spec.codes, spec.by)[: spec.limit]
    rows = tuple(seen(line, spec.columns, cut) for line in lines)
    return RowsView(rows, widest(row.cells for row in rows))


ROWS = Part("rows", ask, view)
