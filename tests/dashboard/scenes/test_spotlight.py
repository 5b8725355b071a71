"""Where the map of a spotlight begins."""

import pytest

from dashboard.scenes.spotlight import is_beside
from tests.browser.cases import folder
from tests.worlds.editions import edition


@pytest.mark.parametrize(
    ("code", "beside"),
    [("026", True), ("028", False), ("HG-CQ", False)],
    ids=["a free corner", "land as wide as the room", "no place"],
)
def test_a_map_begins_beside_the_name_where_no_hexagon_would_stand_below_it(code: str, *, beside: bool) -> None:
    assert is_beside(edition(folder("ha-giang")), code) is beside
