"""Places the names on the map: each inside its own area, without overlaps."""

from bisect import insort
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from math import ceil, floor

from dashboard.map.lattice import SLACK, Point
from dashboard.words.widths import width_em
from streaming.contests.units import UnitCode

LINE_EM = 1.2
"""Line height: Vietnamese marks stack above capitals and hang below."""
CANDIDATES_MAX = 60
CANDIDATES_TOTAL = 1_200
STARTS_MAX = 12
STARTS_TOTAL = 130
PASSES_MAX = 30
"""Places tried for each name, orders tried, passes of each; with more names fewer, or a national map would
take minutes."""
ANCHOR_CELLS_MAX = 24
"""Hexagons of an area, the nearest to its middle, in which its name may be centred."""

_OVERLAP = 1_000.0
FOREIGN = 1.0
EMPTY = 0.4
_AWAY = 0.35
_SAMPLES = 9
_SHIFTS = (-0.8, -0.4, 0.0, 0.4, 0.8)
_SHIFTS_BETWEEN = (-0.6, -0.3, 0.0, 0.3, 0.6)
"""How far from its row's middle a name may be centred: always less than 1, where hexagons begin to narrow."""


@dataclass(frozen=True)
class Label:
    """A name, centred at (x, y), within `width` by `height`; all in the units of the map's view box."""

    code: UnitCode
    text: str
    x: float
    y: float
    width: float
    height: float


Choice = tuple[float, Label]
"""What a place costs by itself, and the label standing there."""
Land = dict[int, dict[int, UnitCode]]
"""Whose hexagon stands where: by the y of its row, then by the x of its centre."""
Pause = Callable[[], None]
"""Called between pieces of work of at most some milliseconds, where whoever asked may let others go first."""


def no_pause() -> None:
    """Do not pause."""


@dataclass(frozen=True)
class Plane:
    """How the lattice becomes the picture: `step_x`, `step_y` are the picture's units of one step."""

    step_x: float
    step_y: float


def place(
    names: Mapping[UnitCode, str],
    areas: Mapping[UnitCode, AbstractSet[Point]],
    plane: Plane,
    size: float,
    pause: Pause = no_pause,
) -> tuple[Label, ...]:
    """Return a label for each name, `size` being the font's size in the units of the picture.

    Each name starts where its own area gives it the most room, and moves while that frees it from others;
    the smallest areas choose first, then others do, and the best result is taken. The same areas always
    give the same places.
    """
    land: Land = {}
    for code, area in areas.items():
        for x, y in area:
            land.setdefault(y, {})[x] = code
    count = min(CANDIDATES_MAX, 8 + CANDIDATES_TOTAL // (1 + len(names)))
    tried: dict[UnitCode, list[Choice]] = {}
    for code, text in names.items():
        tried[code] = _candidates(code, text, areas[code], land, plane, size, count)
        pause()
    near = _near(tried)
    order = sorted(names, key=lambda code: (len(areas[code]), code))
    starts = [
        order[nth:] + order[:nth] for nth in range(min(len(order), STARTS_MAX, 1 + STARTS_TOTAL // (1 + len(order))))
    ]
    settled = [_settle(start, tried, near, pause) for start in starts]
    best = min(settled, key=lambda choices: _cost(choices, near), default={})
    return tuple(best[code][1] for code in names)


def placed(
    names: Mapping[UnitCode, str],
    areas: Mapping[UnitCode, AbstractSet[Point]],
    plane: Plane,
    sizes: Sequence[float],
    pause: Pause = no_pause,
) -> tuple[tuple[Label, ...], float]:
    """Return the names and their size: the largest of `sizes` at which none overlap, else the smallest with some left
    out."""
    labels: tuple[Label, ...] = ()
    size = 0.0
    for size in sizes:
        labels = place(names, areas, plane, size, pause)
        if clear(labels, areas) == labels:
            break
    return clear(labels, areas), size


def clear(labels: Sequence[Label], areas: Mapping[UnitCode, AbstractSet[Point]]) -> tuple[Label, ...]:
    """Return the labels that touch no other, those of the larger areas kept first."""
    kept: list[Label] = []
    for label in sorted(labels, key=lambda label: -len(areas[label.code])):
        if not any(overlap(label, other) > 0 for other in kept):
            kept.append(label)
    return tuple(label for label in labels if label in kept)


def _near(tried: Mapping[UnitCode, list[Choice]]) -> dict[UnitCode, frozenset[UnitCode]]:
    """Return for each name the names that it could touch, wherever both are put: the others need not be looked at."""
    reach = {
        code: (
            min(label.x - label.width / 2 for _, label in choices),
            max(label.x + label.width / 2 for _, label in choices),
            min(label.y - label.height / 2 for _, label in choices),
            max(label.y + label.height / 2 for _, label in choices),
        )
        for code, choices in tried.items()
    }
    return {
        code: frozenset(
            other
            for other, (o_left, o_right, o_top, o_bottom) in reach.items()
            if other != code and o_left <= right and left <= o_right and o_top <= bottom and top <= o_bottom
        )
        for code, (left, right, top, bottom) in reach.items()
    }


def _settle(
    order: Sequence[UnitCode],
    tried: Mapping[UnitCode, list[Choice]],
    near: Mapping[UnitCode, AbstractSet[UnitCode]],
    pause: Pause,
) -> dict[UnitCode, Choice]:
    """Return a choice for each name: one after the other in this order, then each again while that helps."""
    chosen: dict[UnitCode, Choice] = {}
    near_in_order = {code: [other for other in order if other in near[code]] for code in order}
    for _ in range(PASSES_MAX):
        has_moved = False
        for code in order:
            others = [chosen[other][1] for other in near_in_order[code] if other in chosen]
            choice = _cheapest(tried[code], others)
            has_moved |= choice is not chosen.get(code)
            chosen[code] = choice
            pause()
        if not has_moved:
            break
    return chosen


def _cheapest(choices: Sequence[Choice], others: Sequence[Label]) -> Choice:
    """Return the first of the best choices beside these labels; `choices` stand in the order of their own cost."""
    best, best_cost = choices[0], float("inf")
    for choice in choices:
        if choice[0] >= best_cost:
            break
        cost = choice[0] + _crowding(choice[1], others)
        if cost < best_cost:
            best, best_cost = choice, cost
    return best


def _cost(chosen: Mapping[UnitCode, Choice], near: Mapping[UnitCode, AbstractSet[UnitCode]]) -> float:
    crowding, before = 0.0, list[tuple[UnitCode, Label]]()
    for code, (_, label) in chosen.items():
        crowding += _crowding(label, [other for earlier, other in before if earlier in near[code]])
        before.append((code, label))
    return sum(cost for cost, _ in chosen.values()) + crowding


def overlap(one: Label, other: Label) -> float:
    """Return the area that two labels share, 0 where they stand apart."""
    wide = (one.width + other.width) / 2 - abs(one.x - other.x)
    high = (one.height + other.height) / 2 - abs(one.y - other.y)
    return wide * high if wide > 0 and high > 0 else 0.0


def _crowding(label: Label, others: Sequence[Label]) -> float:
    shared = 0.0
    x, y, width, height = label.x, label.y, label.width, label.height
    for other in others:
        # The same as `overlap`, inlined, because a country needs it a million times.
        wide = (width + other.width) / 2 - abs(x - other.x)
        if wide > 0:
            high = (height + other.height) / 2 - abs(y - other.y)
            if high > 0:
                shared += wide * high
    return 0.0 if shared == 0 else _OVERLAP * (1 + shared / (width * height))


def _candidates(
    code: UnitCode,
    text: str,
    area: AbstractSet[Point],
    land: Land,
    plane: Plane,
    size: float,
    count: int,
) -> list[Choice]:
    """Return (cost, label) for the best places inside the area, the best first."""
    width, height = width_em(text) * size, LINE_EM * size
    middle_x = sum(x for x, _ in area) / len(area)
    middle_y = sum(y for _, y in area) / len(area)
    half = width / 2 / plane.step_x
    offsets = [half * (2 * nth / (_SAMPLES - 1) - 1) for nth in range(_SAMPLES)]
    anchors = [
        (((x - middle_x) * plane.step_x / size) ** 2 + ((y - middle_y) * plane.step_y / size) ** 2, nth, x, y)
        for nth, (x, y) in enumerate(sorted(anchors_in(area, middle_x, middle_y), key=lambda at: (at[1], at[0])))
    ]
    found: list[tuple[float, int, float, float]] = []
    known: dict[tuple[float, int], float] = {}
    for away, nth, x, y in sorted(anchors):
        # A place never costs less than its way from the middle, so from here on none is among the best.
        if len(found) == count and _AWAY * away > found[-1][0]:
            break
        # Points a little above and below a row's middle lie in the same hexagons, so they are looked up once.
        at = (x, row_at(y))
        if (foreign := known.get(at)) is None:
            foreign = known[at] = strangeness(code, land.get(at[1], {}), [x + offset for offset in offsets])
        insort(found, (foreign + _AWAY * away, nth, x, y))
        del found[count:]
    return [(cost, Label(code, text, x * plane.step_x, y * plane.step_y, width, height)) for cost, _, x, y in found]


def row_at(y: float) -> int:
    """Return the row (its y) in which one of `anchors_in` lies: where its hexagons are at their widest."""
    return 3 * round(y / 3)


def strangeness(code: UnitCode, row: Mapping[int, UnitCode], xs: Sequence[float]) -> float:
    """Return what it costs a name to cover these points of a row: a neighbour's land misleads, the empty outside less.

    The points lie where a hexagon is at its widest, so it holds all that are no further than 1 from its middle.
    """
    cost = 0.0
    for x in xs:
        here = EMPTY
        for column in range(ceil(x - 1 - SLACK), floor(x + 1 + SLACK) + 1):
            if (owner := row.get(column)) is not None:
                here = 0.0 if owner == code or here == 0.0 else FOREIGN
        cost += here
    return cost


def anchors_in(area: AbstractSet[Point], middle_x: float, middle_y: float) -> set[tuple[float, float]]:
    """Return points well inside the area: centres, middles of the sides between two, and a little above."""
    anchors: set[tuple[float, float]] = set()
    nearest = sorted(area, key=lambda at: (3 * (at[0] - middle_x) ** 2 + (at[1] - middle_y) ** 2, at))
    for x, y in nearest[:ANCHOR_CELLS_MAX]:
        anchors.update((x, y + shift) for shift in _SHIFTS)
        if (x + 2, y) in area:
            anchors.update((x + 1, y + shift) for shift in _SHIFTS_BETWEEN)
    return anchors
