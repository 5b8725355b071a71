"""The hexagon map: nothing missing, nothing open, names inside their own land and clear of each other."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise
from math import dist, sqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.map.atlas import Atlas
from dashboard.map.hexmap import PLANE, RADIUS
from dashboard.map.labels import EMPTY, FOREIGN, anchors_in, overlap, row_at, strangeness
from dashboard.map.lattice import centre, corners, holds, outlines
from dashboard.map.layout import LABELS_PX, ROOM_PX, Layout
from dashboard.map.names import Names
from dashboard.map.packing import packed_grid
from dashboard.words.widths import width_em
from dashboard.words.words import Words
from streaming.contests.contest import ContestFolder, load_contest, shipped_contest
from streaming.contests.grid import Grid
from streaming.contests.units import Tree, Unit, UnitCode

CONTESTS = Path(__file__).parents[2] / "contests"
FOLDERS = {path.name: load_contest(path) for path in (shipped_contest(), *sorted(CONTESTS.iterdir()))}

Corner = tuple[float, float]


def atlas(folder: ContestFolder) -> Atlas:
    tree = folder.contest.tree
    return Atlas(folder.grid or packed_grid(tree), tree)


def names(tree: Tree, lang: str = "vi") -> Names:
    return Names(tree, Words(lang, "Asia/Ho_Chi_Minh"))


def drawn(folder: ContestFolder, code: str | None = None) -> Layout:
    tree = folder.contest.tree
    return atlas(folder).map(UnitCode(code or tree.root.code), names(tree))


def folder_of(hexes: Layout) -> ContestFolder:
    return next(folder for folder in FOLDERS.values() if folder.contest.tree.root.code == hexes.top)


def tree_of(hexes: Layout) -> Tree:
    return folder_of(hexes).contest.tree


def grid_of(hexes: Layout) -> Grid:
    return folder_of(hexes).grid or packed_grid(tree_of(hexes))


MAPS = {name: drawn(folder) for name, folder in FOLDERS.items()}
EVERY_MAP = pytest.mark.parametrize("hexes", MAPS.values(), ids=MAPS)


def rings(path: str) -> list[list[Corner]]:
    """Return the corners of each ring of a path; fails on anything but closed rings of lines."""
    assert re.fullmatch(r"(M[-\d.]+ [-\d.]+l[-\d. ]+z)+", path)
    return [list(_corners(ring)) for ring in path.removesuffix("z").split("z")]


def _corners(ring: str) -> Iterator[Corner]:
    start, _, steps = ring.removeprefix("M").partition("l")
    (x, y), numbers = map(float, start.split()), list(map(float, steps.split()))
    yield x, y
    for by_x, by_y in zip(numbers[::2], numbers[1::2], strict=True):
        x, y = round(x + by_x, 1), round(y + by_y, 1)
        yield x, y


def sides(path: str) -> Counter[frozenset[Corner]]:
    """Return how often each side stands in a path, whichever way it is walked."""
    return Counter(frozenset({one, other}) for ring in rings(path) for one, other in pairwise([*ring, ring[0]]))


def cells_below(hexes: Layout, code: UnitCode) -> set[Corner]:
    return {grid_of(hexes).cells[one] for one in tree_of(hexes).below(code) if one in grid_of(hexes).cells}


def lattice_below(hexes: Layout, code: UnitCode) -> set[tuple[int, int]]:
    return {centre(int(q), int(r), grid_of(hexes).shift_parity) for q, r in cells_below(hexes, code)}


@EVERY_MAP
def test_every_place_without_places_below_has_one_hexagon(hexes: Layout) -> None:
    leaves = [unit.code for unit in tree_of(hexes).leaves if unit.place]
    assert [cell.code for cell in hexes.cells] == leaves
    assert len({(cell.x, cell.y) for cell in hexes.cells}) == len(leaves)


@EVERY_MAP
def test_hexagons_keep_apart_and_inside_the_view_box(hexes: Layout) -> None:
    x, y, width, height = hexes.view_box
    for cell in hexes.cells:
        (ring,) = rings(cell.path)
        assert len(ring) == 6
        for corner in ring:
            assert x < corner[0] < x + width
            assert y < corner[1] < y + height
            # In its own cell by more than a unit: from the centre no corner is as far as the cell's.
            assert dist(corner, (cell.x, cell.y)) < RADIUS - 1
    for one, other in combinations(hexes.cells, 2):
        assert dist((one.x, one.y), (other.x, other.y)) > RADIUS * sqrt(3) - 0.2


@EVERY_MAP
def test_each_side_between_two_units_stands_in_both_borders(hexes: Layout) -> None:
    """Σ sides of the borders = 2 × inner sides between different units + sides of the outline."""
    owner = {code: border.code for border in hexes.borders for code in tree_of(hexes).below(border.code)}
    at = {code: centre(*cell, grid_of(hexes).shift_parity) for code, cell in grid_of(hexes).cells.items()}
    of_side: dict[frozenset[tuple[int, int]], list[UnitCode]] = {}
    for code, middle in at.items():
        ring = corners(middle)
        for edge in pairwise((*ring, ring[0])):
            of_side.setdefault(frozenset(edge), []).append(owner.get(code, UnitCode("")))
    inner = sum(len(set(owners)) == 2 for owners in of_side.values())
    outer = sum(len(owners) == 1 for owners in of_side.values())
    assert sides(hexes.outline).total() == outer
    if not hexes.borders:
        return
    every = sum((sides(border.path) for border in hexes.borders), Counter[frozenset[Corner]]())
    assert every.total() == 2 * inner + outer
    assert set(every.values()) <= {1, 2}
    assert {side for side, times in every.items() if times == 1} == sides(hexes.outline).keys()
    assert sum(times == 2 for times in every.values()) == inner


@EVERY_MAP
def test_names_stand_on_their_own_land_and_clear_of_each_other_in_the_hall(hexes: Layout) -> None:
    x, y, width, height = hexes.view_box
    scale = min(ROOM_PX[0] / width, ROOM_PX[1] / height)
    assert [label.code for label in hexes.labels] == [border.code for border in hexes.borders]
    for label in hexes.labels:
        land = lattice_below(hexes, label.code)
        assert holds(land, label.x / PLANE.step_x, label.y / PLANE.step_y)
        assert label.width == pytest.approx(width_em(label.text) * hexes.label_size)
        assert label.height >= 1.15 * hexes.label_size
        assert x - 0.1 <= label.x - label.width / 2
        assert label.x + label.width / 2 <= x + width + 0.1
        assert y - 0.1 <= label.y - label.height / 2
        assert label.y + label.height / 2 <= y + height + 0.1
    assert [(one.text, two.text) for one, two in combinations(hexes.labels, 2) if overlap(one, two) > 0] == []
    assert hexes.label_size * scale > LABELS_PX[0] - 2  # A name that stands out may shrink the map by that much.


def test_ha_giang_has_its_eleven_names_at_full_size() -> None:
    hexes = MAPS["ha-giang-2022"]
    assert (len(hexes.cells), len(hexes.borders), len(hexes.labels)) == (193, 11, 11)
    assert "TP. Hà Giang" in {label.text for label in hexes.labels}
    width, height = hexes.view_box[2:]
    assert hexes.label_size * min(ROOM_PX[0] / width, ROOM_PX[1] / height) == pytest.approx(LABELS_PX[0], abs=0.1)
    assert all(len(rings(border.path)) == 1 for border in hexes.borders if border.code != "030")


def test_names_that_cannot_all_stand_clear_shrink_and_the_smallest_areas_go_without() -> None:
    units = [Unit(UnitCode("p"), None, "tỉnh", "P", "Tỉnh P")]
    for nth in range(60):
        parent = UnitCode(f"d{nth}")
        units.append(Unit(parent, UnitCode("p"), "huyện", "Thượng Nguyên Bình", f"Huyện {nth}"))
        size = 1 if nth == 30 else 4
        units += [Unit(UnitCode(f"x{nth}-{n}"), parent, "xã", "X", "Xã X") for n in range(size)]
    tree = Tree(units)
    hexes = Atlas(packed_grid(tree), tree).map(tree.root.code, names(tree))
    assert 0 < len(hexes.labels) < len(hexes.borders) == 60
    assert not [1 for one, other in combinations(hexes.labels, 2) if overlap(one, other) > 0]
    assert all(label.height == pytest.approx(1.2 * hexes.label_size) for label in hexes.labels)


class Coded(Names):
    """Writes each unit's code."""

    def __init__(self, tree: Tree) -> None:
        super().__init__(tree, Words("vi", "Asia/Ho_Chi_Minh"))

    def bare(self, unit: Unit) -> str:
        return unit.code


def test_a_name_may_be_written_otherwise() -> None:
    folder = FOLDERS["ha-giang-2022"]
    hexes = atlas(folder).map(folder.contest.tree.root.code, Coded(folder.contest.tree))
    assert {label.text for label in hexes.labels} == {border.code for border in hexes.borders}


def test_two_levels_have_no_inner_borders_and_no_names() -> None:
    hexes = MAPS["hai-cap-2025"]
    assert (len(hexes.cells), hexes.borders, hexes.labels) == (16, (), ())


def test_the_same_contest_gives_the_same_map() -> None:
    folder = FOLDERS["ha-giang-2022"]
    assert drawn(folder) == MAPS["ha-giang-2022"]


# Measured on Be Vietnam Pro Bold, in em.
@pytest.mark.parametrize(
    ("text", "measured"),
    [
        ("Hoàng Su Phì", 6.61),
        ("TP. Hà Giang", 6.56),
        ("Bắc Quang", 5.56),
        ("Mèo Vạc", 4.43),
        ("Đồng Văn", 4.93),
        ("Nấm Dẩn", 4.55),
        ("W", 1.06),
        ("A", 0.769),
        ("4", 0.72),
    ],
)
def test_the_width_of_a_name_is_bounded_from_above_and_not_far(text: str, measured: float) -> None:
    assert measured <= width_em(text) <= 1.15 * measured


def test_a_name_is_as_wide_in_either_form() -> None:
    assert width_em("Tỉnh") == width_em("Ti\u0309nh")


def test_part_of_a_map_has_its_own_view_box_and_the_same_hexagons() -> None:
    whole = MAPS["ha-giang-2022"]
    part = drawn(FOLDERS["ha-giang-2022"], "024")
    assert part.top == "024"
    assert {cell.code for cell in part.cells} == tree_of(whole).below(UnitCode("024")) - {"024"}
    assert set(part.cells) < set(whole.cells)
    assert (part.borders, part.labels) == ((), ())
    assert part.outline == next(border.path for border in whole.borders if border.code == "024")
    assert part.view_box[2] < whole.view_box[2]


def test_part_of_a_map_for_the_root_a_leaf_and_what_is_no_place() -> None:
    maps = atlas(FOLDERS["ha-giang-2022"]).on_map
    assert maps.top("02") == "02"
    assert maps.top("00688") == maps.top("024") == "024"
    assert maps.top("HG-NT") is None
    with pytest.raises(KeyError):
        maps.top("nirgends")


def test_a_deeper_tree_shows_the_next_level_in_each_part() -> None:
    whole = MAPS["bon-cap"]
    assert [border.code for border in whole.borders] == ["P1", "P2", "P3"]
    part = drawn(FOLDERS["bon-cap"], "P2")
    assert [border.code for border in part.borders] == ["P2D1", "P2D2", "P2D3"]
    assert len(part.labels) == 3


def test_a_hole_is_a_ring_of_the_same_path() -> None:
    middle = centre(1, 1, 0)
    around = {centre(q, r, 0) for q, r in ((0, 1), (2, 1), (1, 0), (2, 0), (1, 2), (2, 2))}
    assert middle not in around
    assert sorted(len(ring) for ring in outlines(around)) == [6, 18]
    assert [sorted(ring) for ring in outlines({middle})] == [sorted(corners(middle))]
    assert sorted(corners(middle)) in [sorted(ring) for ring in outlines(around)]


def test_a_side_belongs_to_both_of_its_hexagons() -> None:
    one, other = centre(0, 0, 0), centre(1, 0, 0)
    assert holds({one}, 1, 0.5)
    assert holds({other}, 1, 0.5)
    assert holds({one}, 0.5, 1.5)
    assert not holds({one}, 0.6, 1.5)
    assert not holds({one}, 1.1, 0)


def test_a_name_is_strange_where_it_covers_land_of_others_or_none() -> None:
    """What is looked up once for a row is what each point says by itself: own land, else land of others, else none."""
    hexes = MAPS["ha-giang-2022"]
    areas = {border.code: lattice_below(hexes, border.code) for border in hexes.borders}
    rows: dict[int, dict[int, UnitCode]] = {}
    for code, area in areas.items():
        for column, row in area:
            rows.setdefault(row, {})[column] = code
    costs: set[float] = set()
    for code, area in areas.items():
        others = {at for other in areas if other != code for at in areas[other]}
        for x, y in sorted(anchors_in(area, *next(iter(area)))):
            xs = [x - 4, x - 1, x, x + 1.7]
            each = [0 if holds(area, at, y) else FOREIGN if holds(others, at, y) else EMPTY for at in xs]
            assert strangeness(code, rows.get(row_at(y), {}), xs) == pytest.approx(sum(each))
            costs.update(each)
    assert costs == {0, FOREIGN, EMPTY}


def test_languages_that_write_all_names_alike_share_a_map() -> None:
    maps, tree = atlas(FOLDERS["bon-cap"]), FOLDERS["bon-cap"].contest.tree
    alike = [maps.map(tree.root.code, names(tree, lang)) for lang in ("vi", "en")]
    other = maps.map(tree.root.code, Coded(tree))
    assert alike[0] is alike[1]
    assert [label.text for label in other.labels] == [label.code for label in alike[0].labels]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=14), st.booleans())
def test_a_packed_grid_keeps_every_unit_in_one_piece(sizes: list[int], two_levels: bool) -> None:
    root = Unit(UnitCode("p"), None, "tỉnh", "P", "Tỉnh P")
    units = [root, Unit(UnitCode("nt"), root.code, "khác", "NT", "NT", place=False)]
    for nth, size in enumerate(sizes):
        parent = root.code
        if not two_levels:
            parent = UnitCode(f"d{nth}")
            units.append(Unit(parent, root.code, "huyện", f"D{nth}", f"Huyện D{nth}"))
        units += [Unit(UnitCode(f"x{nth}-{n}"), parent, "xã", "X", "Xã X") for n in range(size)]
    tree = Tree(units)
    grid = packed_grid(tree)
    assert grid.cells.keys() == {unit.code for unit in tree.leaves if unit.place}
    assert len(set(grid.cells.values())) == sum(sizes)
    width = 1 + max(q for q, _ in grid.cells.values())
    height = 1 + max(r for _, r in grid.cells.values())
    assert width * height <= 2 * sum(sizes) + 12
    for unit in tree.children("p"):
        below = [code for code in grid.cells if code in tree.below(unit.code)]
        if below and not tree.is_leaf(unit.code):
            land = {centre(*grid.cells[code], grid.shift_parity) for code in below}
            assert pieces(land) == 1


def pieces(land: set[tuple[int, int]]) -> int:
    """Return how many unconnected parts the hexagons make."""
    left, count = set(land), 0
    while left:
        count += 1
        waiting = [left.pop()]
        while waiting:
            x, y = waiting.pop()
            for near in ((x + 2, y), (x - 2, y), (x + 1, y + 3), (x - 1, y + 3), (x + 1, y - 3), (x - 1, y - 3)):
                if near in left:
                    left.remove(near)
                    waiting.append(near)
    return count


@EVERY_MAP
def test_every_unit_of_a_shipped_grid_is_in_one_piece(hexes: Layout) -> None:
    for border in hexes.borders:
        assert pieces(lattice_below(hexes, border.code)) == 1
