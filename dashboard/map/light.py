"""Light that runs over a map from its middle outward: rings of cells, each a little later and in another colour.

Its colours are light and tell nothing of numbers. Cells of a ring are one path, so that a map of any size is some
twenty paths that come into sight.
"""

from collections.abc import Collection
from math import cos, hypot, pi, sin
from typing import NamedTuple

from dashboard.map.layout import Box, Layout, decimal
from streaming.contests.units import UnitCode

RINGS = 18
"""Rings of light; the first begins with the cue and the last 1 s later (css/parts/light.css)."""
STOPS = (
    (0.0, 0xFFF3CF), (0.1, 0xFFDB79), (0.18, 0xFCCF5C), (0.33, 0xF6C65A), (0.42, 0xD8C46A), (0.52, 0xA5C685),
    (0.61, 0x6ABB94), (0.7, 0x44AB9C), (0.79, 0x35969E), (0.88, 0x2A829E), (1.0, 0x2A6A95),
)  # fmt: skip
"""The colour at a share of the way from the middle to the farthest cell: from white gold over green to deep blue."""
RAYS, SPARKS = 24, 24
WIDER = 1.4
"""How much larger the room of the rays is than that of the land: what an engine must paint for them is bounded."""


class Ring(NamedTuple):
    """Cells equally far from the middle: their place in time, their colour, and their land as one path."""

    at: int
    colour: str
    path: str


class Light(NamedTuple):
    """What a map needs to wake up: the land asleep as one path, the rings, and the middle from which light comes.

    ``wide_box`` is the view box of what shines beyond the land. ``rays`` and ``sparks`` are drawn round that point;
    ``radius`` is how far the farthest cell lies from it.
    """

    view_box: str
    wide_box: str
    asleep: str
    rings: tuple[Ring, ...]
    borders: tuple[str, ...]
    outline: str
    x: str
    y: str
    radius: str
    rays: tuple[tuple[str, str], ...]
    sparks: tuple[tuple[str, str], ...]


def light(layout: Layout, heart: Collection[UnitCode]) -> Light:
    """The light over a map, from the middle of the cells of ``heart``; from that of all where none of these has a
    cell."""
    cells = layout.cells
    hearts = [cell for cell in cells if cell.code in heart] or list(cells)
    x, y = sum(cell.x for cell in hearts) / len(hearts), sum(cell.y for cell in hearts) / len(hearts)
    # From a cell's own middle: a light between two cells would have no hexagon to begin with.
    first = min(hearts, key=lambda cell: hypot(cell.x - x, cell.y - y))
    x, y = first.x, first.y
    far = max(1.0, *(hypot(cell.x - x, cell.y - y) for cell in cells))
    paths: dict[int, list[str]] = {}
    for cell in cells:
        at = round(hypot(cell.x - x, cell.y - y) / far * (RINGS - 1))
        paths.setdefault(at, []).append(cell.path)
    return Light(
        layout.view_box_text,
        _widened(layout.view_box),
        "".join(cell.path for cell in cells),
        tuple(Ring(at, colour(at / (RINGS - 1)), "".join(paths[at])) for at in sorted(paths)),
        tuple(border.path for border in layout.borders),
        layout.outline,
        decimal(x),
        decimal(y),
        decimal(far),
        tuple(_rays(far)),
        tuple(_sparks(far)),
    )


def _widened(box: Box) -> str:
    x, y, width, height = box
    wide = (x - (WIDER - 1) / 2 * width, y - (WIDER - 1) / 2 * height, WIDER * width, WIDER * height)
    return " ".join(decimal(value) for value in wide)


def colour(share: float) -> str:
    """The colour at a share of the way: "#f6c65a"."""
    after = next(at for at, (stop, _) in enumerate(STOPS) if stop >= share)
    if after == 0:
        return f"#{STOPS[0][1]:06x}"
    (low, one), (high, other) = STOPS[after - 1], STOPS[after]
    part = (share - low) / (high - low)
    mixed = 0
    for shift in (16, 8, 0):
        start, end = one >> shift & 255, other >> shift & 255
        mixed |= round(start + (end - start) * part) << shift
    return f"#{mixed:06x}"


def _rays(far: float) -> list[tuple[str, str]]:
    """Thin triangles all round, of uneven length and width, each with its opacity."""
    found = []
    for nth in range(RAYS):
        turn = 2 * pi * (nth + 0.6 * (nth * 7 % 5) / 5) / RAYS
        long, wide = far * (1.05 + 0.11 * (nth * 5 % 7)), 0.012 + 0.006 * (nth * 3 % 5)
        ends = [(long * cos(turn + side), long * sin(turn + side)) for side in (-wide, wide)]
        path = f"M0 0L{decimal(ends[0][0])} {decimal(ends[0][1])}L{decimal(ends[1][0])} {decimal(ends[1][1])}Z"
        found.append((path, f"{0.24 + 0.06 * (nth * 4 % 6):.2f}"))
    return found


def _sparks(far: float) -> list[tuple[str, str]]:
    """Small hexagons beyond the land, each with its opacity."""
    found = []
    for nth in range(SPARKS):
        # By the golden angle, so that no two stand in one direction.
        turn, away = 2.39996 * nth, far * (0.72 + 0.5 * (nth * 11 % SPARKS) / SPARKS)
        size = 2.6 + 1.3 * (nth * 5 % 4)
        corners = [
            (away * cos(turn) + size * sin(pi * side / 3), away * sin(turn) - size * cos(pi * side / 3))
            for side in range(6)
        ]
        path = "M" + "L".join(f"{decimal(each[0])} {decimal(each[1])}" for each in corners) + "Z"
        found.append((path, f"{0.3 + 0.08 * (nth * 3 % 5):.2f}"))
    return found
