"""The corner above a map."""

import pytest

from dashboard.map.corner import Corner, is_free
from tests.browser.cases import folder
from tests.worlds.editions import edition

WIDE, LOW = Corner(96, 182, 11, 97, 28, 29), Corner(96, 182, 40, 97, 28, 29)


@pytest.mark.parametrize(
    ("code", "corner", "width", "free"),
    [
        ("026", WIDE, 70.0, True),  # Đồng Văn: its north-west is free
        ("026", WIDE, 140.0, False),
        ("028", WIDE, 90.0, False),  # Yên Minh: as wide as the room
        ("028", LOW, 90.0, True),  # it begins below the words
    ],
)
def test_words_have_the_corner_where_no_hexagon_stands(code: str, corner: Corner, width: float, *, free: bool) -> None:
    layout = edition(folder("ha-giang")).map(code)
    assert layout is not None
    assert is_free(layout, [corner], width) is free


def test_all_corners_must_be_free() -> None:
    layout = edition(folder("ha-giang")).map("026")
    assert layout is not None
    assert not is_free(layout, [WIDE, WIDE._replace(left=20)], 70.0)
