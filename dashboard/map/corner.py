"""Whether the top left corner of a map is free, so that a unit's name may stand in it and the map begin as high."""

from collections.abc import Iterable
from typing import NamedTuple

from dashboard.map.hexmap import RADIUS
from dashboard.map.layout import Layout


class Corner(NamedTuple):
    """The room of a map on a wall, and the words in its corner: from ``words_left`` on, down to ``words_bottom``. All
    are in one unit."""

    left: float
    right: float
    top: float
    bottom: float
    words_left: float
    words_bottom: float


def is_free(layout: Layout, corners: Iterable[Corner], width: float) -> bool:
    """Whether no hexagon would stand below words of this width, whichever of the corners it is. True boundaries have no
    cells to tell by, so theirs never is."""
    return layout.ground != "boundaries" and all(_is_free(layout, corner, width) for corner in corners)


def _is_free(layout: Layout, corner: Corner, words_width: float) -> bool:
    x, y, width, height = layout.view_box
    room_width, room_height = corner.right - corner.left, corner.bottom - corner.top
    scale = min(room_width / width, room_height / height)
    left = corner.left + (room_width - width * scale) / 2 - x * scale
    top = corner.top + (room_height - height * scale) / 2 - y * scale
    high = (cell for cell in layout.cells if top + (cell.y - RADIUS) * scale < corner.words_bottom)
    return all(left + (cell.x - RADIUS) * scale >= corner.words_left + words_width for cell in high)
