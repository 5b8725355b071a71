"""The standings in full: ranked lines, the rest, and the sum, so that the lines add up."""

from collections.abc import Sequence

import msgspec

from dashboard.edition import Edition
from dashboard.parts.board import STANDINGS_ROWS_MAX, columns
from dashboard.parts.part import Cut, Part
from dashboard.parts.rows import RowSeen, ranked_below, seen, widest
from streaming.contests.units import UnitCode

ROWS_IN_COLUMN = 13
"""Lines in one column, the rest and the sum among them; more make a second one."""
IN_HALF_MIN = 7


class TableSpec(msgspec.Struct, frozen=True):
    """The standings of ``codes``, the first ``limit`` of them listed; ``children`` counts all units right below."""

    of: str
    by: str
    limit: int
    columns: tuple[str, ...]
    codes: tuple[UnitCode, ...]
    children: int

    @property
    def lines(self) -> int:
        """Lines that are seen, with the rest and the sum."""
        listed = min(self.limit, len(self.codes))
        return listed + 1 + (listed < self.children)

    @property
    def halves(self) -> int:
        """Columns of lines on a wall."""
        return 2 if self.lines > ROWS_IN_COLUMN else 1

    @property
    def in_half(self) -> int:
        """Lines of the first column."""
        return max(IN_HALF_MIN, -(-self.lines // self.halves))


class FootSeen(msgspec.Struct, frozen=True):
    """A line below the ranking: "rest", what the listed units leave, or "sum"."""

    kind: str
    at: int
    cells: tuple[str, ...]


class TableView(msgspec.Struct, frozen=True):
    """The lines from the first place down, each with its bar in percent of the longest; then those below."""

    rows: tuple[RowSeen, ...]
    bars: tuple[str, ...]
    foot: tuple[FootSeen, ...]
    chars: int


def ask(edition: Edition, of: str, by: str, limit: int = STANDINGS_ROWS_MAX) -> TableSpec:
    """What ``table(of=root, by="completed")`` asks for."""
    has_rate = edition.tree.target(edition.tree[of].code) is not None
    codes = ranked_below(edition, of)
    return TableSpec(
        of, by, limit, columns(by, has_rate=has_rate), codes, len(edition.tree.children(edition.tree[of].code))
    )


def view(spec: TableSpec, cut: Cut) -> TableView:
    """What is seen at a cut."""
    lines = cut.board.lines(spec.codes, spec.by)
    most = max((line.value or 0 for line in lines), default=0)
    rows = tuple(seen(line, at if at < spec.limit else -1, spec.columns, cut) for at, line in enumerate(lines))
    bars = tuple(f"{100 * (line.value or 0) / most if most else 0:.1f}%" for line in lines)
    foot = _foot(spec, cut, [line.code for line in lines[: spec.limit]])
    return TableView(rows, bars, foot, widest([foot[-1].cells]))


def _foot(spec: TableSpec, cut: Cut, listed: Sequence[UnitCode]) -> tuple[FootSeen, ...]:
    foot = []
    if len(listed) < spec.children:
        whole = spec.of
        rest = tuple(
            "" if column == "rate" else cut.words.number(cut.board.rest(listed, column, whole))
            for column in spec.columns
        )
        foot.append(FootSeen("rest", len(listed), rest))
    total = tuple(cut.shown(spec.of, column) for column in spec.columns)
    return (*foot, FootSeen("sum", len(listed) + len(foot), total))


TABLE = Part("table", ask, view)
