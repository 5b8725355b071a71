"""True boundaries as they are drawn: neighbours touch, the small stays visible, names stand on their own land."""

import re
from itertools import combinations

import pytest

from dashboard.map.boundary_atlas import SMALL_PX, BoundaryAtlas
from dashboard.map.labels import overlap
from dashboard.map.lands import ISLAND_PX
from dashboard.map.layout import ROOM_PX, Layout
from dashboard.map.names import Names
from dashboard.words.words import Words
from streaming.contests.boundaries import Boundaries, Polygon
from streaming.contests.units import Tree, UnitCode
from tests.dashboard.map.places import communes, district

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def square(x: float, y: float, side: float) -> Polygon:
    """A square in degrees from its south-western corner, its sides of many points as surveys have."""
    along = [nth * side / 8 for nth in range(8)]
    return (
        (
            *((x + step, y) for step in along),
            *((x + side, y + step) for step in along),
            *((x + side - step, y + side) for step in along),
            *((x, y + side - step) for step in along),
        ),
    )


def chequered(tree: Tree) -> Boundaries:
    """Each district a strip of squares from west to east, the first in the north; the last has an island beside it."""
    land: dict[UnitCode, tuple[Polygon, ...]] = {}
    for row, above in enumerate(tree.children("p")):
        for column, unit in enumerate(tree.children(above.code)):
            land[unit.code] = (square(105 + column / 8, 22 - row / 8, 1 / 8),)
    last = tree.leaves[-1].code
    land[last] += (square(106.5, 22, 0.0005), square(106.5003, 22, 0.0005))
    return Boundaries(land)


TREE = district(3, 6)
ATLAS = BoundaryAtlas(chequered(TREE), TREE)
NAMES = Names(TREE, Words("vi", "Asia/Ho_Chi_Minh"))


def drawn(code: str) -> Layout:
    return ATLAS.map(UnitCode(code), NAMES)


def points(path: str) -> list[tuple[float, float]]:
    """The points of a path of one ring: a start, then steps."""
    numbers = [float(number) for number in NUMBER.findall(path)]
    x, y = numbers[:2]
    found = [(x, y)]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        x, y = round(x + dx, 1), round(y + dy, 1)
        found.append((x, y))
    return found


def test_a_straight_side_is_drawn_by_its_ends_and_neighbours_share_them() -> None:
    paths = {cell.code: cell.path for cell in drawn("p").cells}
    corners = {code: set(points(path)) for code, path in paths.items() if path.count("M") == 1}
    assert {len(found) for found in corners.values()} == {4}
    assert len(corners[UnitCode("d0-0")] & corners[UnitCode("d0-1")]) == 2
    assert len(corners[UnitCode("d0-1")] & corners[UnitCode("d1-1")]) == 2
    assert len(corners[UnitCode("d0-0")] & corners[UnitCode("d1-1")]) == 1


def test_the_map_fills_its_room_and_is_true_to_scale() -> None:
    _, _, width, height = drawn("d0").view_box
    assert width == pytest.approx(ROOM_PX[0], abs=0.2) or height == pytest.approx(ROOM_PX[1], abs=0.2)
    across = [point[0] for point in points(drawn("d0").cells[0].path)]
    down = [point[1] for point in points(drawn("d0").cells[0].path)]
    # A degree of longitude is narrower than one of latitude, by the cosine of 22 degrees.
    assert (max(across) - min(across)) / (max(down) - min(down)) == pytest.approx(0.927, abs=0.01)


def test_borders_run_between_districts_and_the_outline_round_all() -> None:
    layout = drawn("p")
    assert [border.code for border in layout.borders] == ["d0", "d1", "d2"]
    assert sum(border.path.count("M") for border in layout.borders) == 12
    part = drawn("d1")
    assert part.borders == ()
    assert part.outline.count("M") >= 12


def test_an_island_and_one_that_is_nearly_there_too_are_one_square() -> None:
    path = next(cell.path for cell in drawn("p").cells if cell.code == "d2-5")
    assert path.count("M") == 2
    assert f"h{ISLAND_PX:g}v{ISLAND_PX:g}" in path


def test_a_unit_too_small_to_see_is_a_hexagon_above_its_neighbours() -> None:
    land = dict(chequered(TREE).land)
    land[UnitCode("d0-0")] = (square(105.01, 22.3, 0.0001),)
    layout = BoundaryAtlas(Boundaries(land), TREE).map(UnitCode("p"), NAMES)
    last = layout.cells[-1]
    assert last.code == "d0-0"
    xs = [float(x) for x in NUMBER.findall(last.path)[::2]]
    ys = [float(y) for y in NUMBER.findall(last.path)[1::2]]
    assert len(xs) == 6
    assert max(ys) - min(ys) == pytest.approx(SMALL_PX, abs=0.2)
    assert (min(xs) + max(xs)) / 2 == pytest.approx(last.x, abs=0.2)


@pytest.mark.parametrize("code", ["p", "d1"])
def test_names_stand_on_their_own_land_and_clear_of_each_other(code: str) -> None:
    layout = drawn(code)
    assert len(layout.labels) == (3 if code == "p" else 6)
    assert not [1 for one, other in combinations(layout.labels, 2) if overlap(one, other) > 0]
    boxes = {cell.code: points(cell.path.split("M")[1]) for cell in layout.cells}
    for label in layout.labels:
        own = [point for leaf, ring in boxes.items() if leaf.startswith(label.code) for point in ring]
        assert min(x for x, _ in own) < label.x < max(x for x, _ in own)
        assert min(y for _, y in own) < label.y < max(y for _, y in own)


def test_communes_too_many_to_be_named_have_their_places_where_they_are_marked() -> None:
    tree = communes(70)
    land = {unit.code: (square(105 + nth % 10 / 10, 22 + nth // 10 / 10, 0.1),) for nth, unit in enumerate(tree.leaves)}
    layout = BoundaryAtlas(Boundaries(land), tree).map(UnitCode("p"), NAMES)
    assert layout.labels == ()
    assert [(each.code, each.x, each.lines) for each in layout.inscriptions] == [
        (cell.code, cell.x, ()) for cell in layout.cells
    ]
    assert drawn("p").inscriptions == drawn("d1").inscriptions == ()


def test_each_cell_is_marked_at_a_point_within_it() -> None:
    for cell in drawn("p").cells:
        ring = points(cell.path.split("M")[1])
        assert min(x for x, _ in ring) < cell.x < max(x for x, _ in ring)
        assert min(y for _, y in ring) < cell.y < max(y for _, y in ring)


def test_languages_that_write_all_names_alike_share_a_map() -> None:
    assert ATLAS.map(UnitCode("p"), Names(TREE, Words("en", "Asia/Ho_Chi_Minh"))) is drawn("p")
