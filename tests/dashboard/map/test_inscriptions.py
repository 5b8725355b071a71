"""Names in hexagons: whole, broken before they shrink, within their hexagon; and which maps have them."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.map.atlas import Atlas
from dashboard.map.hexmap import RADIUS
from dashboard.map.inscriptions import LEADING, NAME_EM, NAME_ROOM, NAME_SIZE, fitted
from dashboard.map.names import Names
from dashboard.map.packing import packed_grid
from dashboard.words.widths import width_em
from dashboard.words.words import Words
from streaming.contests.units import Tree, UnitCode
from tests.dashboard.map.places import communes, district, province


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Má Lé", ("Má Lé",)),
        ("Lũng Cú", ("Lũng Cú",)),
        ("Sính Lủng", ("Sính", "Lủng")),
        ("Thài Phìn Tủng", ("Thài Phìn", "Tủng")),
        ("Hố Quáng Phìn", ("Hố Quáng", "Phìn")),
        ("Q. 1", ("Q. 1",)),
    ],
)
def test_a_name_breaks_where_its_lines_are_narrowest(name: str, lines: tuple[str, ...]) -> None:
    assert fitted(name)[0] == lines


WORDS = st.lists(st.text("abcdeghiklmnoprstuvxyôươắềỗ", min_size=1, max_size=9), min_size=1, max_size=14)


@given(WORDS)
def test_no_name_is_cut_and_all_stay_within_their_hexagon(words: list[str]) -> None:
    lines, size = fitted(" ".join(words))
    assert " ".join(lines) == " ".join(words)
    assert 0 < size <= NAME_SIZE
    assert max(width_em(line) for line in lines) * NAME_EM * size <= NAME_ROOM[0] + 1e-6
    assert len(lines) * LEADING * size <= NAME_ROOM[1] + 1e-6


def test_a_districts_hexagons_have_names_and_a_provinces_of_districts_have_not() -> None:
    tree = district(3, 19)
    maps = Atlas(packed_grid(tree), tree)
    names = Names(tree, Words("vi", "Asia/Ho_Chi_Minh"))
    own = maps.map(UnitCode("d1"), names)
    assert own.has_names
    assert [each.code for each in own.inscriptions] == [cell.code for cell in own.cells]
    whole = maps.map(tree.root.code, names)
    assert (len(whole.labels), whole.inscriptions) == (3, ())


@pytest.mark.parametrize(
    ("count", "has_names", "has_places"), [(24, True, True), (124, False, True), (600, False, False)]
)
def test_communes_right_below_a_province_are_named_placed_or_left_alone_by_their_width(
    count: int, has_names: bool, has_places: bool
) -> None:
    layout = province(count)
    assert (layout.has_names, bool(layout.inscriptions)) == (has_names, has_places)


def test_what_stands_in_a_hexagon_stands_in_its_middle() -> None:
    layout = province(24)
    for cell, inscription in zip(layout.cells, layout.inscriptions, strict=True):
        assert inscription.x == cell.x
        ys = [line.y - cell.y for line in inscription.lines] + [inscription.count_y - cell.y]
        assert ys == sorted(ys)
        assert ys[0] > -RADIUS / 2
        assert ys[-1] < RADIUS


def test_a_name_of_digits_keeps_its_kind_and_names_that_repeat_too() -> None:
    tree = communes(4)
    quarter, alike = (msgspec.structs.replace(tree[code], name=name) for code, name in (("x0", "1"), ("x1", "X2")))
    quarter = msgspec.structs.replace(quarter, full_name="Quận 1")
    alike = msgspec.structs.replace(alike, full_name="Thị trấn X2")
    units = {unit.code: unit for unit in tree} | {quarter.code: quarter, alike.code: alike}
    names = Names(Tree(list(units.values())), Words("vi", "Asia/Ho_Chi_Minh"))
    assert names.in_cells([UnitCode(f"x{nth}") for nth in range(4)]) == {
        "x0": "Q. 1", "x1": "TT. X2", "x2": "X. X2", "x3": "X3",
    }  # fmt: skip


def test_neighbours_are_drawn_around_a_part_and_none_around_the_whole_or_a_packed_grid() -> None:
    tree = district(3, 19)
    names = Names(tree, Words("vi", "Asia/Ho_Chi_Minh"))
    maps = Atlas(packed_grid(tree), tree)
    around = maps.map(UnitCode("d1"), names).around
    assert len(around) == 3
    assert sum(path.count("M") for path in around) <= 38
    assert maps.map(tree.root.code, names).around == ()
    assert Atlas(packed_grid(tree), tree, "packed").map(UnitCode("d1"), names).around == ()
