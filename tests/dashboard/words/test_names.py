"""Names in a list: of one size, and the last line named after what is in it."""

from pathlib import Path

import msgspec
import pytest

from dashboard.words.names import named, rest, together
from dashboard.words.words import Words
from streaming.contests.contest import load_contest, shipped_contest
from streaming.contests.units import Unit, UnitCode
from tests.suite import ROOT

HA_GIANG = ("Đơn vị khác, ngoài tỉnh, chưa khai báo", "Other units, outside the province, not declared")
CAO_BANG = ROOT / "tests/contests/cao-bang-2022"
TWO_LEVELS = ROOT / "tests/contests/hai-cap-2025"
VI, EN = Words("vi", "UTC"), Words("en", "UTC")
ROOM_EM = 26.5
"""A room in which the longest of these last lines is named whole."""


def unit(full: str, short: str = "", name_en: str = "") -> Unit:
    return Unit(UnitCode("x"), None, "x", full, full, name_en=name_en, short_name=short or msgspec.UNSET)


def test_a_short_name_goes_before_the_rule() -> None:
    assert VI.short_name(unit("Thị trấn Đồng Văn")) == "TT. Đồng Văn"
    assert VI.short_name(unit("Thị trấn Đồng Văn", "Đồng Văn")) == "Đồng Văn"
    assert EN.short_name(unit("Người dự thi ngoài tỉnh", "Ngoài tỉnh")) == "Ngoài tỉnh"
    assert EN.short_name(unit("Người dự thi ngoài tỉnh", "Ngoài tỉnh", name_en="Outside")) == "Outside"


def fits(*names: str) -> dict[str, str]:
    return {code: name.fit for code, name in together({name: named(unit(name), VI) for name in names}).items()}


def test_the_names_of_a_list_are_of_one_size() -> None:
    assert fits("Xã A", "Xã Thài Phìn Tủng") == {"Xã A": "w0 n2", "Xã Thài Phìn Tủng": "w0 n2"}
    assert fits("Xã A", "Thị trấn Hố Quáng Phìn") == {"Xã A": "w1 n2", "Thị trấn Hố Quáng Phìn": "w1 n2"}
    assert fits() == {}


def test_a_name_on_several_lines_stands_alone() -> None:
    assert fits("Xã A", "Huyện Hoàng Su Phì", "a" * 40) == {
        "Xã A": "w0 n1", "Huyện Hoàng Su Phì": "w0 n1", "a" * 40: "w4 n4",
    }  # fmt: skip


def apart(path: Path) -> list[Unit]:
    tree = load_contest(path).contest.tree
    return [child for child in tree.children(tree.root.code) if not child.place]


@pytest.mark.parametrize(
    ("path", "others", "vi", "en"),
    [
        (shipped_contest(), False, *HA_GIANG),
        (shipped_contest(), True, *HA_GIANG),
        (CAO_BANG, False, "Khối các cơ quan tỉnh, ngoài tỉnh", "Provincial agencies, outside the province"),
        (TWO_LEVELS, True, "Đơn vị khác, ngoài tỉnh", "Other units, outside the province"),
        (TWO_LEVELS, False, "Người dự thi ngoài tỉnh", "Outside the province"),
    ],
)
def test_the_last_line_tells_what_is_in_it(path: Path, others: bool, vi: str, en: str) -> None:
    assert [rest(apart(path), words, others=others, room_em=ROOM_EM).full for words in (VI, EN)] == [vi, en]


def test_a_last_line_without_units_apart() -> None:
    for words, said in ((VI, "Đơn vị khác"), (EN, "Other units")):
        name = rest([], words, others=True, room_em=ROOM_EM)
        assert (name.full, name.short) == (said, said)


def test_a_last_line_names_as_many_as_its_room_holds() -> None:
    units = apart(shipped_contest())
    assert rest(units, EN, others=True, room_em=21.4).full == "Other units, not declared"
    assert rest(units, VI, others=True, room_em=8).full == "Đơn vị khác"


def test_a_name_within_a_line_keeps_its_own_capitals() -> None:
    units = [unit("Ngoài tỉnh"), unit("LLVT tỉnh"), unit("Khối Đảng")]
    assert rest(units, VI, others=False, room_em=ROOM_EM).full == "Ngoài tỉnh, LLVT tỉnh, Khối Đảng"
    assert rest(units[::-1], VI, others=False, room_em=ROOM_EM).full == "Khối Đảng, LLVT tỉnh, ngoài tỉnh"
