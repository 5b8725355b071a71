"""Light over a map: it begins at the capital, reaches every cell, and is later the farther a cell lies."""

import re

import pytest

from dashboard.map.light import RINGS, STOPS, colour
from tests.browser.cases import folder
from tests.worlds.editions import edition


@pytest.mark.parametrize("contest", ["ha-giang", "hai-cap-124", "bon-cap", "cao-bang-2022"])
def test_every_cell_lights_up_once_and_later_the_farther_it_lies(contest: str) -> None:
    of = edition(folder(contest))
    root = of.tree.root.code
    layout, light = of.map(root), of.light(root)
    assert layout is not None
    assert light is not None
    assert sum(ring.path.count("M") for ring in light.rings) == light.asleep.count("M")
    found = [ring.at for ring in light.rings]
    assert found == sorted(set(found))
    assert found[0] == 0
    assert found[-1] == RINGS - 1
    assert float(light.radius) > 0


def test_it_begins_in_the_capital() -> None:
    of = edition(folder("ha-giang"))
    light, layout = of.light("02"), of.map("02")
    assert light is not None
    assert layout is not None
    capital = {unit.code for unit in of.tree.children("024")}
    middle = next(cell for cell in layout.cells if (f"{cell.x:g}", f"{cell.y:g}") == (light.x, light.y))
    assert middle.code in capital
    assert light.rings[0].path == middle.path


def test_a_contest_without_a_map_has_none() -> None:
    of = edition(folder("truong-hoc"))
    assert (of.light(of.tree.root.code) is None) == (of.map(of.tree.root.code) is None)


def test_its_colours_go_from_one_end_to_the_other() -> None:
    assert [colour(share) for share, _ in STOPS] == [f"#{stop:06x}" for _, stop in STOPS]
    assert all(re.fullmatch("#[0-9a-f]{6}", colour(at / 100)) for at in range(101))
