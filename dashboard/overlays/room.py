"""Where an overlay stands so that it keeps out of its output's boxes: the station's logo, the sign-language window.

By rule and not by what it says, so that every renderer has it in one place, and no longer name moves it on air: each
overlay asks for a room of its own size, in the places of its lane in their order; what needs more shrinks there.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Literal, NamedTuple

from streaming.program.state import KeptOut

Lane = Literal["bottom", "side", "corner", "full"]
"""Where an overlay stands. Showing one hides the other that its lane shows."""
Position = Literal[
    "", "top-left", "top", "top-right", "left", "centre", "right", "bottom-left", "bottom", "bottom-right"
]
"""Where in the picture, "" for an overlay's own place."""
STAGE = (1920, 1080)
GAP_PX = 24
"""Between a box and an overlay."""
LITTLE_SHRUNK = 0.85
"""So much smaller an overlay rather is than somewhere else."""
UPWARDS = 4
"""What stands at an edge rather goes along it than away from it."""
SHRUNK_MIN = 0.6
"""How far an overlay shrinks where nothing larger is left; beyond that there is no room."""
CORNER_PX = (420, 116)
"""What the corner keeps free above the side: as large as a count, with its gap."""
MARK_PX = (680, 72)
"""The mark of a rehearsal, in the language in which it is longer."""
PLACES: dict[Lane, tuple[Position, ...]] = {
    "bottom": ("bottom-left",),
    "side": ("top-right", "top-left"),
    "corner": ("top-right", "top-left"),
    "full": ("bottom",),
}
"""Where a lane stands, the first that is free."""
MARK_PLACES: tuple[Position, ...] = ("top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right")


class Rect(NamedTuple):
    """A part of the stage, in px of 1920×1080."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """From side to side."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """From top to foot."""
        return self.bottom - self.top

    def hits(self, other: "Rect") -> bool:
        """Whether they share anything."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def holds(self, other: "Rect") -> bool:
        """Whether the other lies within it."""
        return (
            self.left <= other.left and self.top <= other.top and self.right >= other.right
            and self.bottom >= other.bottom
        )  # fmt: skip


SAFE = Rect(96, 54, 1824, 1026)
"""The 5 % box."""


class Room(NamedTuple):
    """What an overlay has: the area ``within`` which it stands, at a ``position`` of that; and the middle and the top
    of the mark of a rehearsal, whose place it leaves. All in px of the stage."""

    within: Rect
    position: Position
    mark: tuple[float, float]


def room_of(lane: Lane, wants_px: tuple[float, float], position: Position, boxes: Sequence[KeptOut]) -> Room | None:
    """The room of an overlay of a lane that asks for so much, at a ``position``, "" for its own; None where there is
    none. One that somebody puts somewhere stands there if it can, and else as near as it can.
    """
    kept = _kept(boxes)
    width, height = wants_px
    places = (position,) if position else PLACES[lane]
    region = SAFE
    if lane == "side" and not position:
        region = SAFE._replace(top=SAFE.top + CORNER_PX[1])
        corner = _placed(PLACES["corner"], *CORNER_PX, kept, SAFE)
        kept = [*kept, *((corner[1],) if corner else ())]
    found = _placed(places, width, height, kept, region)
    if found is None:
        return None
    within, stands, place = found
    mark = _placed(MARK_PLACES, *MARK_PX, [*kept, stands], SAFE) or _placed(MARK_PLACES, *MARK_PX, kept, SAFE)
    if mark is None:
        return None
    _, of_mark, _ = mark
    return Room(_without(within, of_mark, stands), place, ((of_mark.left + of_mark.right) / 2, of_mark.top))


def _kept(boxes: Iterable[KeptOut]) -> list[Rect]:
    return [
        Rect(
            box.left - GAP_PX, box.top - GAP_PX, box.left + box.width + GAP_PX, box.top + box.height + GAP_PX
        ) for box in boxes
    ]  # fmt: skip


def _placed(
    places: Sequence[Position], width: float, height: float, kept: Sequence[Rect], region: Rect
) -> tuple[Rect, Rect, Position] | None:
    """The free area for something of a size, where in it that stands, and at which place of it: at the first place that
    is free, else as near to the first as it is held with little shrunk, else as little shrunk as may be."""
    areas = list(free(kept, region))
    for place in places:
        stands = at(place, region, width, height)
        holding = [area for area in areas if area.holds(stands)]
        if holding:
            return max(holding, key=lambda area: area.width * area.height), stands, place
    wanted = at(places[0], region, width, height)

    def cost(area: Rect) -> tuple[float, float, float]:
        held, stands = _held(area, width, height), at(places[0], area, width, height)
        moved = abs(stands.left - wanted.left) + UPWARDS * abs(stands.top - wanted.top)
        return 0 if held >= LITTLE_SHRUNK else -held, moved, -held

    area = min(areas, key=cost, default=None)
    if area is None or (held := _held(area, width, height)) < SHRUNK_MIN:
        return None
    return area, at(places[0], area, held * width, held * height), places[0]


def _held(area: Rect, width: float, height: float) -> float:
    """How much of its size something has in an area, 1 for all."""
    return min(1.0, area.width / width, area.height / height)


def at(place: Position, area: Rect, width: float, height: float) -> Rect:
    """Something of a size at a place of an area."""
    if place.endswith("left"):
        left = area.left
    else:
        left = area.right - width if place.endswith("right") else (area.left + area.right - width) / 2
    if place.startswith("top"):
        top = area.top
    else:
        top = area.bottom - height if place.startswith("bottom") else (area.top + area.bottom - height) / 2
    return Rect(left, top, left + width, top + height)


def free(kept: Sequence[Rect], region: Rect) -> Iterator[Rect]:
    """The largest areas of a region that hit none of the boxes: each touches a box or the edge on all its sides."""
    lefts = sorted({region.left, *(box.right for box in kept if region.left < box.right < region.right)})
    tops = sorted({region.top, *(box.bottom for box in kept if region.top < box.bottom < region.bottom)})
    rights = sorted({region.right, *(box.left for box in kept if region.left < box.left < region.right)})
    bottoms = sorted({region.bottom, *(box.top for box in kept if region.top < box.top < region.bottom)})
    areas = (Rect(*sides) for sides in product(lefts, tops, rights, bottoms))
    found = [area for area in areas if area.width > 0 and area.height > 0 and not any(map(area.hits, kept))]
    return (area for area in found if not any(other != area and other.holds(area) for other in found))


def _without(within: Rect, mark: Rect, stands: Rect) -> Rect:
    """An area without what the mark of a rehearsal takes of it, on the side of what stands there on which that is."""
    if not within.hits(mark) or mark.hits(stands):
        return within
    if mark.bottom <= stands.top:
        return within._replace(top=max(within.top, mark.bottom))
    if mark.top >= stands.bottom:
        return within._replace(bottom=min(within.bottom, mark.top))
    if mark.right <= stands.left:
        return within._replace(left=max(within.left, mark.right + GAP_PX))
    return within._replace(right=min(within.right, mark.left - GAP_PX))
