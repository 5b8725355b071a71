"""The standings in full: ranked lines, the rest, and the sum, so that the lines add up.

Any number of units: one column, two, or pages that turn. The page is reckoned from the server's clock, so that every
screen shows the same one.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from dashboard.edition import Edition
from dashboard.parts.board import Line, columns
from dashboard.parts.part import Cut, Part
from dashboard.parts.rows import cell, plus, ranked_below, seen, widest
from dashboard.words.names import Name, rest
from streaming.contests.units import UnitCode

Order = Literal["ceremony", "full"]

LINES_MAX = 13
"""Lines above each other, the rest and the sum among them: more would be too small to be read at twenty metres."""
FIRST = 5
"""The places that are told in a ceremony. The other units stand in official order without a place, so that nobody is
called last in front of leaders; the whole order is what somebody asks for."""
TURN_MS = 15_000
"""How long a page stands: three beats of a table."""
DELAY_MS = 400
"""How long after its time a beat is painted (static/js/live/beat.js); a page turns with a beat."""
FOOT_EM = {False: 21.4, True: 17.5}
"""The room of the rest's label, without and with a column for the share of the target."""
PACE_CHARS = 7
"""Longer paces are set smaller."""
RANKS_2_MAX = 99
"""More units than this have places of three digits."""
SIZES = {6: "xl", 9: "l", 11: "m", LINES_MAX: "s"}
"""How large so many lines above each other are set, so that they fill the wall."""


class TableSpec(msgspec.Struct, frozen=True):
    """The standings of ``codes`` by a column: ``per_page`` of them at a time, ``in_column`` above each other.

    ``rest`` is the label of the line for all others, None where every unit below is listed. A page stands ``turn_ms``.
    """

    of: str
    by: str
    order: Order
    columns: tuple[str, ...]
    codes: tuple[UnitCode, ...]
    names: dict[str, Name]
    rest: Name | None
    per_page: int
    in_column: int
    turn_ms: int = TURN_MS

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-len(self.codes) // self.per_page))

    @property
    def halves(self) -> int:
        """Columns of lines."""
        return -(-self.per_page // self.in_column)

    @property
    def size(self) -> str:
        """How large the lines are set, one of SIZES."""
        lines = self.in_column + 1 + (self.rest is not None)
        return next(size for most, size in SIZES.items() if lines <= most)

    @property
    def has_long_ranks(self) -> bool:
        """Whether places may have three digits."""
        return len(self.codes) > RANKS_2_MAX


class TableLine(msgspec.Struct, frozen=True):
    """A unit's line; ``rank`` is "" where its place is not told, ``bar`` its length in thousandths of the longest."""

    code: str
    rank: str
    leads: bool
    cells: tuple[str, ...]
    bar: int


class FootLine(msgspec.Struct, frozen=True):
    """A line below the ranking: "rest", what the listed units leave, or "sum"."""

    kind: str
    cells: tuple[str, ...]


class TableView(msgspec.Struct, frozen=True):
    """The lines of the page that stands, column by column; "2/6" in ``page``, "" where there is one page alone.

    ``chars`` of the longest number of the lines, but the pace, set the size of all; those of the foot and of the paces
    have their own.
    """

    page: str
    halves: tuple[tuple[TableLine, ...], ...]
    foot: tuple[FootLine, ...]
    chars: int
    foot_chars: int
    pace_chars: int

    @property
    def is_pace_wide(self) -> bool:
        """Whether the longest pace needs a smaller size."""
        return self.pace_chars > PACE_CHARS


def ask(edition: Edition, of: str, by: str, order: Order = "ceremony") -> TableSpec:
    """What ``table(of=root, by="completed", order="full")`` asks for."""
    codes = ranked_below(edition, of)
    has_rate = edition.tree.target(edition.tree[of].code) is not None
    ranked = set(codes)
    apart = [unit for unit in edition.tree.children(of) if unit.code not in ranked]
    per_page, in_column = layout(len(codes), has_rest=bool(apart))
    has_pages = per_page < len(codes)
    room_em = FOOT_EM[has_rate]
    return TableSpec(
        of=of,
        by=by,
        order=order,
        columns=("pace", *columns(by, has_rate=has_rate)),
        codes=codes,
        names=edition.names(codes),
        rest=rest(apart, edition.words, others=has_pages, room_em=room_em) if apart or has_pages else None,
        per_page=per_page,
        in_column=in_column,
    )


def layout(count: int, *, has_rest: bool) -> tuple[int, int]:
    """How many of so many units stand on a page, and how many above each other: at least 1 each.

    Pages are filled evenly, and so are the two columns of a page: 13 units are 7 and 6, 124 are six pages of 21 or 19.
    """
    if count + 1 + has_rest <= LINES_MAX:
        return max(1, count), max(1, count)
    pages = -(-count // (2 * (LINES_MAX - 2)))
    per_page = -(-count // pages)
    return per_page, -(-per_page // 2)


def view(spec: TableSpec, cut: Cut) -> TableView:
    """What is seen at a cut."""
    lines = _ordered(spec, cut)
    most = max((line.value or 0 for line in lines), default=0)
    page = (cut.now_ms - DELAY_MS) // spec.turn_ms % spec.pages
    listed = lines[page * spec.per_page : (page + 1) * spec.per_page]
    rows = tuple(_line(spec, line, most, cut) for line in listed)
    each = -(-len(rows) // spec.halves)
    foot = _foot(spec, cut, [line.code for line in listed])
    return TableView(
        page="/".join(map(cut.words.number, (page + 1, spec.pages))) if spec.pages > 1 else "",
        halves=tuple(rows[half * each : (half + 1) * each] for half in range(spec.halves)),
        foot=foot,
        chars=widest(line.cells[1:] for line in rows),
        foot_chars=widest(line.cells[1:] for line in foot),
        pace_chars=widest([*(line.cells[:1] for line in rows), *(line.cells[:1] for line in foot)]),
    )


def _ordered(spec: TableSpec, cut: Cut) -> list[Line]:
    """The lines as they stand below each other; in a ceremony those beyond the first places without one."""
    lines = cut.board.lines(spec.codes, spec.by)
    if spec.order == "full":
        return lines
    first = [line for line in lines if line.rank is not None and line.rank <= FIRST]
    told = {line.code for line in first}
    return first + [Line(code, None, cut.board.cell(code, spec.by)) for code in spec.codes if code not in told]


def _line(spec: TableSpec, line: Line, most: float, cut: Cut) -> TableLine:
    row = seen(line, spec.columns, cut)
    rank = "" if line.rank is None and spec.order == "ceremony" else row.rank
    return TableLine(row.code, rank, row.leads, row.cells, int(1000 * (line.value or 0) / most) if most else 0)


def _foot(spec: TableSpec, cut: Cut, listed: Sequence[UnitCode]) -> tuple[FootLine, ...]:
    total = FootLine("sum", tuple(cell(spec.of, column, cut) for column in spec.columns))
    if spec.rest is None:
        return (total,)
    return FootLine("rest", tuple(_left(spec, column, listed, cut) for column in spec.columns)), total


def _left(spec: TableSpec, column: str, listed: Sequence[UnitCode], cut: Cut) -> str:
    """What the listed units leave of a column."""
    if column == "rate":
        return ""
    left = cut.board.rest(listed, column, spec.of)
    return plus(left, cut) if column == "pace" else cut.words.number(left)


TABLE = Part("table", ask, view)
