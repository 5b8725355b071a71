"""The lines between the lands of units: each once, so that neighbours stay neighbours when lines are simplified.

Rings are cut where more than two lands meet, or two and the outside; what lies between two cuts is a line that both
neighbours walk, each in its own direction.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from itertools import pairwise
from math import inf

from dashboard.map.labels import Pause, no_pause
from streaming.contests.boundaries import Polygon, Ring
from streaming.contests.topojson import Point
from streaming.contests.units import UnitCode

Walk = tuple[tuple[int, bool], ...]
"""A ring as its lines, one after the other: which, and whether it is walked from its end."""


@dataclass(frozen=True)
class Line:
    """A line with how much each of its points matters: the area by which the lands would change without it.

    Ends matter without bound. `sides` are the units that it bounds: two, or one at the rim.
    """

    points: tuple[Point, ...]
    weights: tuple[float, ...]
    sides: frozenset[UnitCode]

    def simplified(self, weight_min: float) -> tuple[Point, ...]:
        """The points that matter at least so much; of a closed line the three that matter most at the least."""
        kept = tuple(point for point, weight in zip(self.points, self.weights, strict=True) if weight >= weight_min)
        if self.points[0] == self.points[-1] and len(kept) < 4:
            most = sorted(self.weights, reverse=True)[min(4, len(self.weights)) - 1]
            kept = tuple(point for point, weight in zip(self.points, self.weights, strict=True) if weight >= most)
        return kept


class Lines:
    """All lines of the lands of units, given in a plane."""

    def __init__(self, land: Mapping[UnitCode, tuple[Polygon, ...]], pause: Pause = no_pause) -> None:
        cuts = _cuts(land, pause)
        at: dict[tuple[Point, ...], int] = {}
        sides: list[set[UnitCode]] = []
        self.walks: dict[UnitCode, tuple[tuple[Walk, ...], ...]] = {}
        for code, polygons in land.items():
            walked: list[tuple[Walk, ...]] = []
            for polygon in polygons:
                rings: list[Walk] = []
                for ring in polygon:
                    walk: list[tuple[int, bool]] = []
                    for piece in _pieces(ring, cuts):
                        turned = piece[::-1]
                        is_turned = turned < piece
                        nth = at.setdefault(turned if is_turned else piece, len(at))
                        if nth == len(sides):
                            sides.append(set())
                        sides[nth].add(code)
                        walk.append((nth, is_turned))
                    rings.append(tuple(walk))
                walked.append(tuple(rings))
            self.walks[code] = tuple(walked)
            pause()
        self.lines: list[Line] = []
        for points, bounded in zip(at, sides, strict=True):
            self.lines.append(Line(points, weights(points), frozenset(bounded)))
            pause()


def _cuts(land: Mapping[UnitCode, tuple[Polygon, ...]], pause: Pause) -> set[Point]:
    """The points at which rings part: those whose neighbours are not the same in every ring."""
    beside: dict[Point, frozenset[Point]] = {}
    cuts: set[Point] = set()
    for polygons in land.values():
        for polygon in polygons:
            for ring in polygon:
                for before, point, after in zip((ring[-1], *ring[:-1]), ring, (*ring[1:], ring[0]), strict=True):
                    if beside.setdefault(point, frozenset((before, after))) != {before, after}:
                        cuts.add(point)
        pause()
    return cuts


def _pieces(ring: Ring, cuts: set[Point]) -> list[tuple[Point, ...]]:
    """The lines of a ring between its cuts; the ring itself, from its least point on, where it has none."""
    at = [nth for nth, point in enumerate(ring) if point in cuts] or [ring.index(min(ring))]
    turned = ring[at[0] :] + ring[: at[0]]
    starts = [nth - at[0] for nth in at]
    return [(*turned, turned[0])[start : end + 1] for start, end in pairwise([*starts, len(ring)])]


def weights(points: Sequence[Point]) -> tuple[float, ...]:
    """How much each point of a line matters (Visvalingam and Whyatt): the area of the triangle that it makes with what
    is left beside it when it is the least that is left. Never less than one that went before it."""
    found = [inf] * len(points)
    before = list(range(-1, len(points) - 1))
    after = list(range(1, len(points) + 1))
    areas = [inf] * len(points)
    for nth in range(1, len(points) - 1):
        areas[nth] = _triangle(points[nth - 1], points[nth], points[nth + 1])
    waiting = [(area, nth) for nth, area in enumerate(areas) if area < inf]
    heapify(waiting)
    least = 0.0
    while waiting:
        area, nth = heappop(waiting)
        if area != areas[nth]:
            continue  # It has another area since; that one waits too.
        least = max(least, area)
        found[nth] = least
        areas[nth] = -1.0
        one, other = before[nth], after[nth]
        after[one], before[other] = other, one
        for beside in (one, other):
            if 0 < beside < len(points) - 1:
                areas[beside] = _triangle(points[before[beside]], points[beside], points[after[beside]])
                heappush(waiting, (areas[beside], beside))
    return tuple(found)


def _triangle(one: Point, middle: Point, other: Point) -> float:
    return abs((one[0] - middle[0]) * (other[1] - middle[1]) - (other[0] - middle[0]) * (one[1] - middle[1])) / 2
