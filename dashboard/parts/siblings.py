"""The units that a unit is ranked with, and how it stands among them."""

from collections.abc import Sequence

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut
from streaming.contests.units import Unit, UnitCode
from streaming.topics.state import Near, UnitState


class Ranked(msgspec.Struct, frozen=True):
    """A ranking of siblings by a column: how many there are, and how many of them can have a place at all, because a
    share of a target is nobody's who has none. ``kinds`` is what they are."""

    by: str
    count: int
    placed: int
    kinds: str


def siblings(edition: Edition, code: str) -> tuple[UnitCode, ...]:
    """The units that a unit is ranked with, itself included, in official order; none for the root."""
    tree, unit = edition.tree, edition.tree[code]
    if unit.parent is None:
        return ()
    units = tree.siblings(unit.code) if edition.contest.ranking.apart else tree.children(unit.parent)
    return tuple(each.code for each in units)


def ranked(edition: Edition, code: str) -> Ranked:
    """How a unit's siblings are ranked; made once for all of them."""
    codes = siblings(edition, code)
    return edition.keep(("ranked", codes[:1]), lambda: _ranked(edition, [edition.tree[each] for each in codes]))


def _ranked(edition: Edition, units: Sequence[Unit]) -> Ranked:
    by = edition.contest.ranking.by
    placed = [unit for unit in units if by != "rate" or edition.tree.target(unit.code) is not None]
    return Ranked(by, len(units), len(placed), edition.words.kinds(units) if units else "")


def near(cut: Cut) -> Near:
    """The siblings just ahead and just behind of the unit that the cut is of."""
    found = cut.state.near if isinstance(cut.state, UnitState) else None
    return found or Near()


def place_of(of: str, siblings: Ranked, cut: Cut) -> int | None:
    """A unit's place, None while nothing has been counted for it."""
    rank = cut.board.cell(of, "rank")
    return int(rank) if siblings.count and rank is not None and cut.board.has_entries(of, siblings.by) else None


def level_with(of: str, siblings: Ranked, cut: Cut) -> int:
    """How many siblings share a unit's place: those between it and the one behind, whose place comes after them all."""
    place = place_of(of, siblings, cut)
    if place is None:
        return 0
    behind = near(cut).behind
    after = cut.board.cell(behind, "rank") if behind is not None else siblings.placed + 1
    return max(0, int(after) - place - 1) if after is not None else 0
