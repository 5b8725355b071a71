"""What the presenter's page says before its script runs."""

from typing import Any

import msgspec
import pytest

from dashboard.page import Following
from dashboard.pages import presenter
from dashboard.pages.presenter import LEADERS, Reader
from dashboard.parts.board import Line
from streaming.contests.contest import load_contest, shipped_contest
from streaming.contests.units import UnitCode
from streaming.points.point import points_of
from streaming.program.points import PointLine, PointsHeard
from streaming.program.presenter import PresenterState, RoomLine, Spoken
from streaming.program.state import SceneOnAir, Showing
from streaming.topics.frames import Frame
from tests.browser.numbers import AT_MS, board_frame, rows_of
from tests.browser.stand import state_frame
from tests.worlds.editions import edition

FOLDER = load_contest(shipped_contest())
READER = Reader("key:mc", by_link=True)
NOTHING = PresenterState()


def values(said: PresenterState = NOTHING, board: Frame | None = None, lead: str = "completed") -> dict[str, Any]:
    on_air = SceneOnAir("live", {"lead": lead}, take=1, since=1)
    follows = Following("hall", Showing("live", 0, frozen=False), on_air)
    frame = board or board_frame(FOLDER, "typical")
    return presenter.page(
        frame, state_frame("presenter/hall", said, AT_MS), edition(FOLDER, "vi"), READER, follows, now_ms=AT_MS
    )


def test_it_says_what_is_on_and_next_and_the_rooms_line() -> None:
    items = (Spoken("a", "Phát biểu", "Kính thưa", None, 60), Spoken("b", "Phát động", "Kính mời", None, None))
    told = values(PresenterState(items=items, on="a", since=1, next="b", host=RoomLine(1, "Chờ thêm 1 phút")))["told"]
    assert told == {
        "title": "Phát biểu", "say": "Kính thưa", "next": "Phát động", "next_say": "Kính mời",
        "host": "Chờ thêm 1 phút",
        "withdrawn": None, "waits": False, "next_waits": False,
    }  # fmt: skip
    before = values(PresenterState(items=items[1:], next="b"))["told"]
    assert (before["title"], before["next"]) == ("", "Phát động")


@pytest.mark.parametrize("lead", ["started", "completed"])
def test_the_number_is_the_one_that_the_wall_leads_with(lead: str) -> None:
    first, second = values(lead=lead)["figures"]
    assert (first["noun"], second["noun"]) == (
        "lượt\u00a0vào\u00a0thi" if lead == "started" else "lượt\u00a0thi", "người\u00a0dự\u00a0thi",
    )  # fmt: skip


def test_whoever_shares_a_place_is_said_to_and_none_is_left_out_unsaid() -> None:
    lines = [
        Line(UnitCode(code), rank, 9)
        for code, rank in (("a", 1), ("b", 2), ("c", 2), ("d", 2), ("e", 2), ("f", 2), ("g", 7))
    ]
    assert [line.code for line in presenter.leaders(lines)] == ["a", "b", "c", "d", "e", "f"]
    board = board_frame(FOLDER, "zero")
    rows = dict(board.rows)
    contest = FOLDER.contest
    districts = [unit.code for unit in contest.tree.children(contest.tree.root.code) if unit.place]
    counts = {code: [0, 0, 0, 0, 0] for code in rows}
    for code in districts:
        counts[code] = [5, 5, 5, 5, 0]
    tied = msgspec.structs.replace(board, rows=rows_of(contest, counts))
    shown = values(board=tied)
    leaders = shown["leaders"]
    assert len(leaders) == LEADERS
    assert {each["tie"] for each in leaders} == {"đồng hạng"}
    assert shown["more"] == f"và {len(districts) - LEADERS} đơn vị khác đồng hạng"


def test_the_host_reads_who_is_connected_who_is_missing_and_what_points_say() -> None:
    assert values()["roll"]["count"] == ""
    codes = tuple(unit.code for unit in points_of(FOLDER.contest.tree))
    heard = PointsHeard(198, 205, 6_769, codes[1:3], (PointLine("00688", 1, "<b>Mất tiếng</b>"),))
    roll = values(PresenterState(points=heard))["roll"]
    assert (roll["count"], roll["present"]) == ("198/205", "6.769")
    assert roll["missing"] == "Thành phố Hà Giang, Phường Quang Trung"
    assert roll["lines"] == [{"unit": "Phường Quang Trung", "text": "<b>Mất tiếng</b>"}]
    many = values(PresenterState(points=PointsHeard(5, 205, 0, codes[5:])))["roll"]["missing"]
    assert many.count(",") == presenter.MISSING_NAMED - 1
    assert many.endswith(f"và {200 - presenter.MISSING_NAMED} điểm cầu khác")


def test_an_item_says_that_its_point_is_not_there_yet() -> None:
    items = (Spoken("a", "Lũng Cú", "", None, 60, "00715", waits=True), Spoken("b", "Kết", "", None, None))
    told = values(PresenterState(items=items, on="a", since=1, next="b"))["told"]
    assert (told["waits"], told["next_waits"]) == (True, False)
    told = values(PresenterState(items=items, next="a"))["told"]
    assert (told["waits"], told["next_waits"]) == (False, True)
