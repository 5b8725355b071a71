"""What screens read out of a board, on the table that JavaScript is held to as well."""

import json
from typing import Any

import pytest

from dashboard.parts.board import BoardView, ranked, started_leads
from streaming.contests.contest import Contest, RankBy, Ranking, Round
from streaming.contests.units import Unit, UnitCode
from streaming.topics.frames import COLUMNS, Frame
from tests.suite import ROOT

GOLDEN: dict[str, Any] = json.loads((ROOT / "tests/golden/board.json").read_text("utf-8"))


def contest(*, by: RankBy = "completed", apart: bool = True) -> Contest:
    """The golden file's contest: R above A, B, C and X, which is no place."""
    units = tuple(
        Unit(UnitCode(code), None if code == "R" else UnitCode("R"), "xã", code, code, place=code != "X")
        for code in GOLDEN["units"]
    )
    return Contest(id="x", title="x", rounds=(Round(1, "1", 0, 1),), ranking=Ranking(by, apart), units=units)


def frame(rows: dict[str, list[Any]]) -> Frame:
    return Frame(
        type="snapshot", topic="board", epoch="e", base=0, seq=1, at=1, heard=1, rehearsal=False, columns=COLUMNS,
        rows={code: tuple(cells) for code, cells in rows.items()}, state={},
    )  # fmt: skip


def test_the_golden_columns_are_those_of_the_frames() -> None:
    assert tuple(GOLDEN["columns"]) == COLUMNS


@pytest.mark.parametrize(("started", "completed", "leads"), GOLDEN["leads"])
def test_who_leads(started: int, completed: int, leads: bool) -> None:
    assert started_leads(started, completed) is leads


@pytest.mark.parametrize("wanted", GOLDEN["boards"], ids=lambda wanted: str(wanted["name"]))
def test_a_board_is_read(wanted: dict[str, Any]) -> None:
    board = BoardView(frame(wanted["rows"]), contest(by=wanted.get("by", GOLDEN["by"])))
    codes = [UnitCode(code) for code in GOLDEN["ranked"]]
    assert board.taking_part(codes) == wanted["taking_part"]
    assert [[line.code, line.rank, line.value] for line in board.lines(codes, wanted["shown_by"])] == wanted["lines"]
    assert board.rest(codes, wanted.get("rest_by", wanted["shown_by"]), "R") == wanted["rest"]


def test_units_that_are_no_place_are_ranked_only_where_the_contest_says_so() -> None:
    assert [unit.code for unit in ranked(contest())] == ["A", "B", "C"]
    assert [unit.code for unit in ranked(contest(apart=False))] == ["A", "B", "C", "X"]
