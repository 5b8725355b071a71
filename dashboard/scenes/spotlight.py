"""Where the map of a spotlight begins: beside the unit's name where the land leaves it room, else below."""

from itertools import product

from dashboard.edition import Edition
from dashboard.map.corner import Corner, is_free
from dashboard.parts.place import head_width

# The geometry of the scene on a wall of 16:9, in 1/108 of its height, as css/scenes/unit.css has it.
NAME_LEFT, NAME_SIZE, LINE_SIZE, HEAD_HEIGHT = 0.05 * 192 + 15.5, 8.4, 3.6, 14.4
WALLS = (177.0, 192.0)
"""Widths of a wall between which the map may begin beside the name."""
HEIGHTS = (79.0, 71.0)
"""What the map has of the height below the title: as one that stands on one line leaves it, and one on two above a
legend that takes two."""
CORNERS = tuple(
    Corner(0.48 * wall + 4, 0.95 * wall, 0, height, NAME_LEFT, HEAD_HEIGHT) for wall, height in product(WALLS, HEIGHTS)
)


def is_beside(edition: Edition, code: str) -> bool:
    """Whether the map of a unit begins as high as its name."""
    layout = edition.map(code)
    if layout is None:
        return False
    return edition.keep(
        ("spotlight", code), lambda: is_free(layout, CORNERS, head_width(edition, code, NAME_SIZE, LINE_SIZE))
    )
