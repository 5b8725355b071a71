"""Lines between lands: each once, shared by its two sides, simplified alike for both."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.map.lines import Lines, weights
from streaming.contests.boundaries import Polygon
from streaming.contests.topojson import Point
from streaming.contests.units import UnitCode

A, B, C = UnitCode("a"), UnitCode("b"), UnitCode("c")


def square(x: int, y: int, side: int = 2) -> Polygon:
    return (((x, y), (x + side, y), (x + side, y + side), (x, y + side)),)


def test_two_squares_side_by_side_share_one_line() -> None:
    lines = Lines({A: (square(0, 0),), B: (square(2, 0),)})
    shared = [line for line in lines.lines if line.sides == {A, B}]
    assert [line.points for line in shared] == [((2, 0), (2, 2))]
    assert sorted(len(line.sides) for line in lines.lines) == [1, 1, 2]


def test_an_island_and_an_enclave_are_closed_lines() -> None:
    around, hole = square(0, 0, 9)[0], square(1, 1)[0]
    lines = Lines({A: ((around, hole),), B: ((hole,),), C: (square(20, 0),)})
    closed = [line for line in lines.lines if line.points[0] == line.points[-1]]
    assert {line.sides for line in closed} == {frozenset({A}), frozenset({A, B}), frozenset({C})}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8, unique=True))
def test_walks_lead_back_to_the_rings(corners: list[tuple[int, int]]) -> None:
    """Squares on a board: what is walked, simplified by nothing, is the ring again."""
    land = {UnitCode(f"u{x}-{y}"): (square(2 * x, 2 * y),) for x, y in corners}
    lines = Lines(land)
    for code, polygons in land.items():
        ((walk,),) = lines.walks[code]
        ring: list[Point] = []
        for nth, is_turned in walk:
            points = lines.lines[nth].simplified(0)
            ring += (points[::-1] if is_turned else points)[:-1]
            assert code in lines.lines[nth].sides
        assert set(ring) == set(polygons[0][0])
        assert len(ring) == 4
        at = ring.index(polygons[0][0][0])
        assert tuple(ring[at:] + ring[:at]) == polygons[0][0]


def test_a_point_matters_by_the_land_that_it_makes() -> None:
    line = [(0.0, 0.0), (1.0, 0.1), (2.0, 0.0), (3.0, 5.0), (4.0, 0.0)]
    found = weights(line)
    assert found[0] == found[-1] == inf
    assert found[1] == pytest.approx(0.1)
    assert found[3] > found[2] > found[1]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=2, max_size=30))
def test_less_is_left_of_a_line_the_more_a_point_must_matter(points: list[Point]) -> None:
    found = weights(points)
    assert len(found) == len(points)
    assert all(weight >= 0 for weight in found)
    counts = [sum(weight >= least for weight in found) for least in (0, 0.5, 2, 50, inf)]
    assert counts == sorted(counts, reverse=True)
    assert counts[-1] >= 2


def test_a_small_island_keeps_three_corners_however_coarse_the_map() -> None:
    (line,) = Lines({A: (square(0, 0),)}).lines
    assert len(line.simplified(1e9)) >= 4
    assert line.simplified(1e9)[0] == line.simplified(1e9)[-1]
