"""Which maps a contest offers, and on which ground a page shows one."""

from dataclasses import replace

import pytest

from dashboard.edition import Editions
from dashboard.map.atlases import Atlases, grounds
from dashboard.map.drawing import Picture
from dashboard.map.labels import no_pause
from streaming.contests.boundaries import Boundaries
from streaming.contests.contest import ContestFolder, load_contest, shipped_contest

SHIPPED = load_contest(shipped_contest())


def bounded(held: ContestFolder) -> ContestFolder:
    land = {}
    for nth, unit in enumerate(unit for unit in held.contest.tree.leaves if unit.place):
        x, y = 105 + nth % 14 / 10, 22 + nth // 14 / 10
        land[unit.code] = ((((x, y), (x + 0.1, y), (x + 0.1, y + 0.1), (x, y + 0.1)),),)
    return replace(held, boundaries=Boundaries(land))


def test_a_folder_offers_what_it_says_of_the_land_and_a_packed_grid_only_without() -> None:
    assert grounds(SHIPPED) == ("hexagons",)
    assert grounds(bounded(SHIPPED)) == ("hexagons", "boundaries")
    assert grounds(replace(bounded(SHIPPED), map="boundaries")) == ("boundaries", "hexagons")
    assert grounds(replace(bounded(SHIPPED), grid=None)) == ("boundaries",)
    assert grounds(replace(SHIPPED, grid=None)) == ("packed",)
    assert grounds(replace(bounded(SHIPPED), map="none")) == ()


def test_an_edition_shows_the_first_ground_unless_another_is_offered_and_asked_for() -> None:
    edition = Editions(bounded(SHIPPED), "made").of("vi")
    shown = [edition.map("02", ground=ground) for ground in (None, "hexagons", "boundaries", "packed")]
    assert [layout.ground for layout in shown if layout is not None] == [
        "hexagons", "hexagons", "boundaries", "hexagons",
    ]  # fmt: skip
    assert [len(layout.cells) for layout in shown if layout is not None] == [193] * 4
    assert edition.map("HG-NT") is None


def test_a_contest_without_a_map_has_none_on_any_page() -> None:
    edition = Editions(replace(SHIPPED, map="none"), "made").of("vi")
    assert edition.grounds == ()
    assert edition.map("02", ground="hexagons") is None
    assert edition.has_map("02")


def test_the_maps_of_a_ground_are_made_once() -> None:
    atlases = Atlases(bounded(SHIPPED))
    assert not atlases.has("boundaries")
    assert atlases.of("boundaries") is atlases.of("boundaries")
    assert atlases.has("boundaries")
    assert not atlases.has("hexagons")


@pytest.fixture(scope="module")
def picture() -> Picture:
    layout = Editions(SHIPPED, "made").of("vi").map("026")
    assert layout is not None
    return Picture(layout, lambda code: f"<{code}>", no_pause)


def test_a_picture_has_each_cell_with_its_colour_and_what_stands_in_it(picture: Picture) -> None:
    colours = [nth % 7 for nth in range(len(picture.codes))]
    drawn = picture.drawn(colours, counts=["7<"] * len(picture.codes), here=picture.codes[2])
    assert drawn["cells"].count("<path") == drawn["names"].count("<g ") == len(picture.codes)
    for code, colour in zip(picture.codes, colours, strict=True):
        assert f'<path class="s{colour}" data-code="{code}"' in drawn["cells"]
        assert f'<g class="t{colour}" data-code="{code}"' in drawn["names"]
    assert "<title>&lt;" in drawn["cells"]
    assert drawn["names"].count(">7&lt;</text>") == len(picture.codes)
    assert drawn["here"] in drawn["cells"]
    assert picture.drawn(colours)["here"] is None
