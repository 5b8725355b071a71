"""The units that had the latest entries, the newest first."""

from collections.abc import Mapping

import msgspec

from dashboard.edition import Edition, UnitMeta
from dashboard.parts.part import Cut, Part
from streaming.topics.state import BoardState

RECENT_ROWS = 8


class RecentSpec(msgspec.Struct, frozen=True):
    """How many lines there are; ``units`` has the names of every unit that may be called."""

    limit: int
    units: Mapping[str, UnitMeta | msgspec.Raw]


class RecentSeen(msgspec.Struct, frozen=True):
    """A line: its unit and what the last minutes brought there."""

    code: str
    pace: str


class RecentView(msgspec.Struct, frozen=True):
    """The lines that are seen."""

    lines: tuple[RecentSeen, ...]


def ask(edition: Edition, limit: int = RECENT_ROWS) -> RecentSpec:
    """What ``recent()`` asks for."""
    return RecentSpec(limit, edition.metas(edition.tree.taking_part))


def view(spec: RecentSpec, cut: Cut) -> RecentView:
    """What is seen at a cut."""
    recent = cut.state.recent if isinstance(cut.state, BoardState) else None
    codes = [code for code in recent or () if code in spec.units][: spec.limit]
    return RecentView(tuple(RecentSeen(code, _pace(cut, code)) for code in codes))


def _pace(cut: Cut, code: str) -> str:
    pace = cut.board.count(code, "pace")
    return f"+{cut.words.number(pace)}" if pace > 0 else ""


RECENT = Part("recent", ask, view)
