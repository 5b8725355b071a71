"""The page of the roll call: every connection point at and below a unit, in official order."""

from collections.abc import Mapping

import msgspec

from dashboard.edition import Edition
from dashboard.page import data_block
from streaming.contests.units import Tree
from streaming.points.point import points_of
from streaming.points.roll_call import LINE_CHARS_MAX, PEOPLE_CHARS_MAX, PRESENT_MAX
from streaming.topics.frames import Frame


class RollCallData(msgspec.Struct, frozen=True, kw_only=True):
    """What the page's script reads: the first ``frame`` of the topic, the ``points`` in official order, each with its
    level below the first, from 0; whether who looks may tick and call, and let lines through to the host; the names of
    accounts by number, and the bounds of what is typed."""

    frame: Frame
    points: tuple[tuple[str, int], ...]
    may_tick: bool
    may_moderate: bool
    names: Mapping[str, str]
    present_max: int = PRESENT_MAX
    line_chars_max: int = LINE_CHARS_MAX
    people_chars_max: int = PEOPLE_CHARS_MAX


def points_page(data: RollCallData, edition: Edition, scope: str) -> dict[str, object]:
    """The values of control/points.html beside those that all pages of the room have; the map is that of the ``scope``,
    and each of its cells has the code of its point."""
    picture = None if edition.tree.is_leaf(scope) else edition.picture(scope, titled=True)
    land = None if picture is None else picture.drawn([None] * len(picture.codes))
    return {"roll": data_block(data), "data": data, "land": land}


def levels_of(tree: Tree, scope: str) -> tuple[tuple[str, int], ...]:
    """The points at and below a unit, with their levels below it."""
    return tuple((unit.code, tree.depth(unit.code) - tree.depth(scope)) for unit in points_of(tree, scope))
