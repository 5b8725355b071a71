"""The units whose turn it was last among those where something came in, the newest first."""

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part
from dashboard.parts.rows import widest
from dashboard.words.names import Name, fit
from streaming.contests.units import Unit, UnitCode
from streaming.topics.state import BoardState

RECENT_ROWS = 7
ROOM_EM = {"w": 14.5, "n": 11.4}
ABOVE_EM = {"w": 18.0, "n": 14.0}
"""The room of a name and of the one below it, in em of their type: half a wall (w), or a phone's width (n)."""


class UnitMeta(msgspec.Struct, frozen=True):
    """A unit's name with that of the unit above, None where that is the root."""

    code: str
    above: Name | None
    full: str
    short: str
    fit: str


class RecentSpec(msgspec.Struct, frozen=True):
    """How many lines there are; ``units`` has the names of every unit that may be called."""

    limit: int
    units: dict[UnitCode, UnitMeta]


class RecentSeen(msgspec.Struct, frozen=True):
    """A line: its unit and how many entries that has."""

    code: str
    count: str


class RecentView(msgspec.Struct, frozen=True):
    """The lines that are seen; ``chars`` of the longest number, which sets the size of all."""

    lines: tuple[RecentSeen, ...]
    chars: int


def ask(edition: Edition, limit: int = RECENT_ROWS) -> RecentSpec:
    """What ``recent()`` asks for."""
    return RecentSpec(limit, {unit.code: _meta(edition, unit) for unit in edition.tree.taking_part})


def _meta(edition: Edition, unit: Unit) -> UnitMeta:
    parent = edition.tree[unit.parent] if unit.parent is not None else None
    above = None if parent is None or parent.parent is None else edition.named(parent)
    name = edition.named(unit)
    if above is not None:
        above = msgspec.structs.replace(above, fit=fit(above.full, above.short, ABOVE_EM))
    return UnitMeta(unit.code, above, name.full, name.short, fit(name.full, name.short, ROOM_EM))


def view(spec: RecentSpec, cut: Cut) -> RecentView:
    """What is seen at a cut."""
    recent = cut.state.recent if isinstance(cut.state, BoardState) else None
    codes = [code for code in recent or () if code in spec.units][: spec.limit]
    lines = tuple(RecentSeen(code, cut.shown(code, "completed")) for code in codes)
    return RecentView(lines, widest([line.count] for line in lines))


RECENT = Part("recent", ask, view)
