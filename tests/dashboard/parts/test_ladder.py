"""A unit among its siblings: its place, who shares it, who is just ahead and just behind."""

from collections.abc import Mapping

import msgspec
import pytest

from dashboard.pages.unit import cut_of
from dashboard.parts.ladder import LADDER, Rung
from dashboard.parts.part import Cut
from dashboard.parts.place import PLACE
from streaming.contests.contest import Contest
from streaming.contests.units import UnitCode
from streaming.topics.board import Board
from streaming.topics.frames import Frame
from streaming.topics.state import Near
from tests.browser.cases import Case, folder, frame_of
from tests.worlds.editions import edition

SHIPPED = folder("ha-giang")
DISTRICT = "026"
WARDS = [unit.code for unit in SHIPPED.contest.tree.children(DISTRICT)]
OWN = WARDS[0]


def frame(contest: Contest, code: str, totals: Mapping[UnitCode, int]) -> Frame:
    """The snapshot of a unit's topic when these units have so many entries, and all others none."""
    board = Board(contest)
    counts: dict[str, list[int]] = {unit.code: [0, 0, totals.get(unit.code, 0), 0, 0] for unit in contest.tree}
    board.take(counts, list(counts))
    near = Near(*board.ranking(code).near(code))
    shown = [code, *(unit.code for unit in contest.tree.children(code)), *filter(None, (near.ahead, near.behind))]
    rows = {each: board.rows[each] for each in shown}
    state = {"near": msgspec.to_builtins(near)}
    return msgspec.structs.replace(frame_of(Case("ha-giang", "zero")), topic=f"unit/{code}", rows=rows, state=state)


def cut(totals: Mapping[UnitCode, int], code: str = OWN, lang: str = "vi") -> Cut:
    return cut_of(frame(SHIPPED.contest, code, totals), edition(SHIPPED, lang))


def line_of(at: Cut, code: str = OWN) -> str:
    return PLACE.view(PLACE.ask(at.edition, of=code), at).line


def ladder(at: Cut, code: str = OWN) -> tuple[Rung, ...]:
    return LADDER.view(LADDER.ask(at.edition, of=code), at).lines


def test_a_unit_stands_between_the_one_ahead_and_the_one_behind() -> None:
    at = cut({OWN: 50, WARDS[1]: 75, WARDS[2]: 40})
    assert line_of(at) == "Xếp thứ 2/19 xã, thị trấn theo số lượt thi"
    assert [(line.code, line.rank, line.value, line.gap) for line in ladder(at)] == [
        (WARDS[1], "1", "75", "cách 25"), (OWN, "2", "50", ""), (WARDS[2], "3", "40", "hơn 10"),
    ]  # fmt: skip


@pytest.mark.parametrize(("lang", "line", "gap"), [
    ("vi", "Đồng hạng 2/19 xã, thị trấn theo số lượt thi", "bằng 2 đơn vị"),
    ("en", "Joint place 2 of 19 communes and townships by entries", "level with 2"),
])  # fmt: skip
def test_who_shares_a_place_is_told_so_that_the_next_one_is_no_fault(lang: str, line: str, gap: str) -> None:
    at = cut({OWN: 50, WARDS[1]: 75, WARDS[2]: 50, WARDS[3]: 50, WARDS[4]: 9}, lang=lang)
    assert line_of(at) == line
    assert [(rung.rank, rung.gap) for rung in ladder(at)][1] == ("2", gap)
    assert [rung.rank for rung in ladder(at)] == ["1", "2", "5"]


def test_several_who_are_just_ahead_together_are_counted() -> None:
    at = cut({OWN: 50, WARDS[1]: 75, WARDS[2]: 75, WARDS[3]: 75})
    assert line_of(at).startswith("Xếp thứ 4/19")
    assert [(rung.rank, rung.also) for rung in ladder(at)] == [("1", "và 2 đơn vị"), ("4", ""), ("–", "")]


def test_all_may_be_equal_and_then_stand_alone() -> None:
    at = cut(dict.fromkeys(WARDS, 12))
    assert line_of(at).startswith("Đồng hạng 1/19")
    assert [(rung.rank, rung.gap) for rung in ladder(at)] == [("1", "bằng 18 đơn vị")]


def test_before_the_first_entry_there_is_no_ladder() -> None:
    at = cut({})
    assert line_of(at) == "Chưa xếp hạng"
    assert ladder(at) == ()


def test_the_last_of_all_that_share_the_end_knows_how_many_they_are() -> None:
    totals = {code: 100 - nth for nth, code in enumerate(WARDS[1:-1])} | {OWN: 5, WARDS[-1]: 5}
    at = cut(totals)
    assert line_of(at).startswith("Đồng hạng 18/19")
    assert ladder(at)[-1].gap == "bằng 1 đơn vị"


def test_the_root_has_the_first_three_below_it_instead() -> None:
    root = SHIPPED.contest.tree.root.code
    at = cut({UnitCode(code): n for code, n in (("024", 5), ("026", 9), ("027", 7), ("028", 3))}, code=root)
    assert line_of(at, root) == ""
    assert [(rung.code, rung.rank) for rung in ladder(at, root)] == [("026", "1"), ("027", "2"), ("024", "3")]


def test_names_of_one_ladder_are_shortened_all_or_none() -> None:
    names = LADDER.ask(edition(SHIPPED), of="026").names
    assert names["026"] == ("H. Đồng Văn", 0)
    assert all(size == 0 for _, size in names.values())
    wards = LADDER.ask(edition(SHIPPED), of=OWN).names
    assert wards[OWN][0] == SHIPPED.contest.tree[OWN].full_name
