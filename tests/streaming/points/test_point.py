"""Which units are connection points."""

from streaming.contests.contest import load_contest
from streaming.points.point import point_in, points_of
from tests.suite import ROOT
from tests.worlds.apps import FOUR_LEVELS, UNIT


def test_every_place_is_a_point_and_what_is_none_is_not() -> None:
    tree = load_contest(ROOT / "streaming" / "contests" / "ha-giang-2022").contest.tree
    points = points_of(tree)
    assert len(points) == 205
    assert [unit.code for unit in points[:3]] == ["02", "024", "00688"]
    assert {unit for unit in tree if unit.place} == set(points)
    apart = next(unit for unit in tree if not unit.place)
    assert (point_in(tree, apart.code), point_in(tree, "nowhere")) == (None, None)


def test_a_unit_stands_before_those_below_it() -> None:
    tree = load_contest(FOUR_LEVELS).contest.tree
    below = [unit.code for unit in points_of(tree, UNIT)]
    assert below == [UNIT, "P1D1X1", "P1D1X2", "P1D1X3"]
    assert point_in(tree, UNIT) is tree[UNIT]
