"""What an output tells of the connection points: to everybody those that are connected, while somebody airs that; to
its presenter also who is missing, and what points want the hall to hear."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

SCENE = "connected"
"""The scene that airs the roll call. Nothing else does."""


class PointsAired(msgspec.Struct, frozen=True):
    """The points that are connected, in official order, of how many, and how many people are ``present`` at them. A
    missing one is never named, and without the scene nothing is told."""

    connected: tuple[str, ...]
    of: int
    present: int


class PointLine(msgspec.Struct, frozen=True):
    """What a point tells the hall, and somebody has let through to the host."""

    unit: str
    at: int
    text: str


class PointsHeard(msgspec.Struct, frozen=True):
    """The roll call as a presenter needs it: how many points are connected, of how many, how many people are present at
    them, which are ``missing``, and what points tell him."""

    connected: int
    of: int
    present: int
    missing: tuple[str, ...]
    lines: tuple[PointLine, ...] = ()


class PointCalled(NamedTuple):
    """A point as the roll call has it: its depth in the tree, whether nothing lies below it, whether it is connected,
    and the people there."""

    code: str
    depth: int
    is_leaf: bool
    is_connected: bool
    present: int


Level = Literal["all", "upper", "lower"]
"""Which points are told of: all; those right below the whole; those at the lowest level."""


def is_told(level: str, depth: int, *, is_leaf: bool) -> bool:
    """Whether a level has the points of a depth."""
    return level == "all" or (level == "upper" and depth == 1) or (level == "lower" and is_leaf)


@dataclass(frozen=True)
class RollCalled:
    """The roll call as it stands: every point in official order, and the lines that the host may read."""

    points: tuple[PointCalled, ...] = ()
    lines: tuple[PointLine, ...] = ()

    def aired(self, level: str) -> PointsAired:
        """What everybody sees of it: of the points of a Level."""
        told = [point for point in self.points if is_told(level, point.depth, is_leaf=point.is_leaf)]
        there = [point for point in told if point.is_connected]
        return PointsAired(tuple(point.code for point in there), len(told), sum(point.present for point in there))

    @cached_property
    def heard(self) -> PointsHeard | None:
        """What a presenter is told; None until any point is connected, or has something to say."""
        there = [point for point in self.points if point.is_connected]
        if not there and not self.lines:
            return None
        missing = tuple(point.code for point in self.points if not point.is_connected)
        return PointsHeard(len(there), len(self.points), sum(point.present for point in there), missing, self.lines)
