"""A list of points from outside: good lines are found, and the others named."""

import pytest

from streaming.contests.contest import load_contest
from streaming.points.finding import NEAR_LINES_MAX, Finder, folded
from streaming.points.point import points_of
from tests.suite import ROOT

TREE = load_contest(ROOT / "streaming/contests/ha-giang-2022").contest.tree
FINDER = Finder(TREE, points_of(TREE))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("00688", "00688"),
        ("688", "00688"),
        ("00691\tPhường Trần Phú", "00691"),
        ("Xã Sơn Vĩ", "00793"),
        ("xa son vi", "00793"),
        ("SƠN VĨ", "00793"),
        ("3. Xã Lũng Cú (Đồng Văn)", "00715"),
        ("TT. Phó Bảng", "00712"),
        ("TT Phó Bảng", "00712"),
        ("P.Quang Trung", "00688"),
        ("TP. Hà Giang", "024"),
        ("Huyện Đồng Văn", "026"),
        ("Đồng Văn, huyện Đồng Văn", "00721"),
        ("Lũng Cú - Đồng Văn", "00715"),
        ("02", "02"),
        ("2\tXã Lũng Cú\tĐồng Văn", "00715"),
        ("02;00715;Lũng Cú", "00715"),
    ],
)
def test_a_point_is_found_as_offices_write_it(line: str, code: str) -> None:
    found = FINDER.find([line])
    assert (found.codes, found.faults) == ((code,), ())


def test_good_lines_are_kept_and_bad_ones_named() -> None:
    found = FINDER.find(["00688", "", "Quang Trung", "Hà Giang", "Xã Lung Cuu", "zzz", "x" * 300, "Xã Lũng Cú"])
    assert (found.codes, found.rows) == (("00688", "00715"), 7)
    assert [(fault.row, fault.code, fault.near) for fault in found.faults] == [
        (3, "doubled", ("00688",)),
        (4, "several", ("02", "024")),
        (5, "unknown_unit", ("00715",)),
        (6, "unknown_unit", ()),
        (7, "too_long", ()),
    ]
    assert all(len(fault.value) <= 200 for fault in found.faults)


def test_a_kind_alone_makes_no_two_names_alike() -> None:
    found = FINDER.find(["Xã Không Có", "Xã Sơn Vỹy"])
    assert [fault.near for fault in found.faults] == [(), ("00793",)]


def test_a_point_of_another_subtree_is_named_as_that() -> None:
    found = Finder(TREE, points_of(TREE, "026")).find(["Quang Trung", "Lũng Cú", "024"])
    assert found.codes == ("00715",)
    assert [(fault.row, fault.code) for fault in found.faults] == [(1, "other_subtree"), (3, "other_subtree")]


def test_names_are_folded_as_people_type_them() -> None:
    assert folded("  Xã  ĐƯỜNG Âm ") == "xa duong am"


def test_what_may_be_meant_is_looked_for_in_the_first_unknown_lines_alone() -> None:
    found = FINDER.find(["Xã Lũng Cúu"] * (NEAR_LINES_MAX + 1))
    assert [bool(fault.near) for fault in found.faults] == [True] * NEAR_LINES_MAX + [False]
