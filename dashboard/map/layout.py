"""A map laid out: what a page draws, whether of hexagons or of true boundaries."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from dashboard.map.labels import Label
from streaming.contests.units import UnitCode

Ground = Literal["hexagons", "packed", "boundaries"]
"""What a map shows of the land: a hexagon for each place roughly where it lies, the same packed together without regard
to where they lie, or true boundaries."""

ROOM_PX = (960, 900)
"""The width and height that the hall's live scene gives the map at 1080p."""
LABELS_PX = (44, 38, 32)
"""Font sizes of the names in the hall's live scene: readable from twenty metres, and the smallest where there are
many."""
MARGIN = 6.0
"""Free space round the map for the outline's stroke."""
DECIMALS_KEPT_MAX = 8_192
"""Numbers whose text is cached, some 100 bytes each: hexagons form columns and rows, so coordinates repeat."""

Box = tuple[float, float, float, float]
"""x, y, width, height."""


@dataclass(frozen=True)
class Cell:
    """The land of a unit: path data and the point in it at which it is marked."""

    code: UnitCode
    path: str
    x: float
    y: float


@dataclass(frozen=True)
class Border:
    """The border of a unit with its neighbours. Round hexagons it is closed, holes are parts of the same path; with
    true boundaries it has the lines that no other unit's path has."""

    code: UnitCode
    path: str


@dataclass(frozen=True)
class Line:
    """A line of text, centred in its cell on this baseline."""

    text: str
    y: float


@dataclass(frozen=True)
class Inscription:
    """What stands in a cell: the unit's name on its lines, a count beneath, or instead of both its place.

    `size` is the name's font size and `place_size` that of the place, x the middle of all, `count_y` and `place_y`
    baselines. A cell too narrow for names has no lines, and its place alone.
    """

    code: UnitCode
    lines: tuple[Line, ...]
    size: float
    x: float
    count_y: float
    place_size: float
    place_y: float


@dataclass(frozen=True)
class Layout:
    """A map of what lies below one unit (`top`).

    `borders` and `labels` are those of the units right below `top` that have units below themselves: none where these
    are the cells. `label_size` is the font size, in units of the view box, for which the labels keep clear of each
    other. Where so many units cannot all be named (a country of 63 provinces), the smaller ones have no label.
    `inscriptions` stand in the order of the cells, or there are none; `around` are the cells of neighbours, the nearest
    first, each line of them farther away and fainter.
    """

    top: UnitCode
    ground: Ground
    view_box: Box
    cells: tuple[Cell, ...]
    borders: tuple[Border, ...]
    outline: str
    labels: tuple[Label, ...]
    label_size: float
    inscriptions: tuple[Inscription, ...] = ()
    around: tuple[str, ...] = ()

    @property
    def view_box_text(self) -> str:
        """The value of an SVG's viewBox."""
        return " ".join(decimal(value) for value in self.view_box)

    @property
    def has_names(self) -> bool:
        """Whether names stand in the cells."""
        return any(inscription.lines for inscription in self.inscriptions)


def scale_of(box: Box) -> float:
    """How many pixels of the hall's live scene a unit of the view box has at 1080p."""
    return min(ROOM_PX[0] / box[2], ROOM_PX[1] / box[3])


def widened(box: Box, labels: tuple[Label, ...]) -> Box:
    """Return the bounds, widened where a name extends beyond them."""
    x, y, width, height = box
    left = min([x, *(label.x - label.width / 2 for label in labels)])
    right = max([x + width, *(label.x + label.width / 2 for label in labels)])
    top = min([y, *(label.y - label.height / 2 for label in labels)])
    bottom = max([y + height, *(label.y + label.height / 2 for label in labels)])
    return round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1)


@lru_cache(maxsize=DECIMALS_KEPT_MAX)
def decimal(value: float) -> str:
    """Return a number with at most one decimal, which is finer than a pixel."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")
