"""What was sent, by channel or by group: each with its share of the whole, in the contest's own order. Cells of few
people say so, and tell no number."""

from typing import Literal

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part
from dashboard.parts.rows import widest
from streaming.contests.contest import Named
from streaming.topics.frames import CELL_SHOWN_MIN

Kind = Literal["channel", "group"]
LINES = (5, 8, 12)
"""How many lines a list may have for rows of the largest height, and the next."""
LONG_CHARS = 30
"""A list with a longer name is set smaller, so that names of a list have one size."""


class SplitSpec(msgspec.Struct, frozen=True):
    """The rows of a ``breakdown`` by their names on screen; the last is what named none. ``few`` stands for a count
    that is not told."""

    of: str
    column: str
    names: dict[str, str]
    few: str

    @property
    def size(self) -> int:
        """How high its rows are: 0 for the highest, more for more lines."""
        return sum(len(self.names) > held for held in LINES)

    @property
    def is_long(self) -> bool:
        """Whether a name is too long for the size of all."""
        return max(map(len, self.names.values()), default=0) > LONG_CHARS


class SplitLine(msgspec.Struct, frozen=True):
    """A line: ``count`` as it is painted, ``share`` of the whole ("" where that is not told), ``bar`` its length in
    thousandths of the longest."""

    row: str
    count: str
    share: str
    bar: int


class SplitView(msgspec.Struct, frozen=True):
    """The lines; ``chars`` of the longest count, which sets the size of all."""

    lines: tuple[SplitLine, ...]
    chars: int


def ask(edition: Edition, kind: Kind, of: str, column: str = "completed") -> SplitSpec:
    """What ``split("channel", of=root)`` asks for."""
    parts: tuple[Named, ...] = edition.contest.channels if kind == "channel" else edition.contest.groups
    names = {f"{kind}/{part.code}": edition.words.name(part) for part in parts}
    few = edition.words.say("few", n=edition.words.number(CELL_SHOWN_MIN))
    return SplitSpec(of, column, names | {f"{kind}/": edition.words.say("named_none")} if names else {}, few)


def view(spec: SplitSpec, cut: Cut) -> SplitView:
    """What is seen at a cut."""
    board, words = cut.board, cut.words
    total = board.count(spec.of, spec.column)
    most = max((board.count(row, spec.column) for row in spec.names), default=0)
    lines = []
    for row in spec.names:
        cell = board.cell(row, spec.column)
        if cell is None and row in cut.frame.rows:
            lines.append(SplitLine(row, spec.few, "", 0))
            continue
        count = board.count(row, spec.column)
        share = words.percent(count / total) if total else ""
        lines.append(SplitLine(row, words.number(count), share, 1000 * count // most if most else 0))
    return SplitView(tuple(lines), widest([line.count] for line in lines if line.count != spec.few))


SPLIT = Part("split", ask, view)
