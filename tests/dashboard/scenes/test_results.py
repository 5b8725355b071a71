"""Results of a round: told from the last of the first places up, those who share one together, and nothing before."""

from dataclasses import replace
from functools import partial

import msgspec
import pytest

from dashboard.page import Following
from dashboard.pages.hall import cut_of, page, painted
from dashboard.parts.part import Cut
from dashboard.scenes.results import LINES_MAX, RESULTS, ResultsSettings, places
from streaming.program.state import SceneOnAir, Showing
from streaming.topics.frames import COLUMNS, Frame
from tests.browser.cases import Case, folder, frame_of
from tests.browser.numbers import topic_frame
from tests.worlds.editions import edition

CONTEST = folder("ha-giang").contest
DISTRICTS = [unit.code for unit in CONTEST.tree.children("02") if unit.place]
COMPLETED, RANK = COLUMNS.index("completed"), COLUMNS.index("rank")


def cut(counts: list[int] | None = None, *, at_ms: int | None = None, frozen: bool = False) -> Cut:
    """A moment after the first round, whose districts have these counts."""
    board = frame_of(Case("ha-giang", "typical"))
    at = CONTEST.rounds[0].closes_ms + 1 if at_ms is None else at_ms
    board = msgspec.structs.replace(board, at=at, state=dict(board.state) | ({"frozen": {"at": at}} if frozen else {}))
    given = dict(zip(DISTRICTS, counts or [], strict=False))

    def frame(topic: str) -> Frame:
        found = topic_frame(board, CONTEST, topic)
        if not given:
            return found
        rows = dict(found.rows)
        for code in DISTRICTS:
            row = list(rows[code] or ())
            row[COMPLETED] = given.get(code, 0)
            row[RANK] = 1 + sum(other > given.get(code, 0) for other in given.values())
            rows[code] = tuple(row)
        state = {"round": {"n": 1, "opens_ms": CONTEST.rounds[0].opens_ms, "closes_ms": CONTEST.rounds[0].closes_ms}}
        return msgspec.structs.replace(found, rows=rows, state=state)

    return cut_of(board, edition(folder("ha-giang")), frame_of=frame)


def shown(step: int, of: Cut, count: int = 5) -> str:
    return str(painted(RESULTS, of, SceneOnAir("results", {"round": 1, "count": count}, 7, 7, step)))


def told(text: str) -> list[str]:
    return [code for code in DISTRICTS if f'data-code="{code}"' in text]


def test_of_one_cut_places_are_counted_once_however_often_they_are_asked_for() -> None:
    of, asked = cut([50, 40]), list[str]()
    frame_of_ = of.frame_of

    def counted(topic: str) -> Frame | None:
        asked.append(topic)
        return frame_of_(topic)

    of = replace(of, frame_of=counted)
    for _ in range(3):
        assert RESULTS.lacks(of, ResultsSettings(1, 5)) is None
        assert RESULTS.steps(ResultsSettings(1, 5), of) == 2
    assert asked == ["round/1"]
    first, second = (places(of.of("round/1"), count) for count in (5, 5))
    assert first is second
    # Another moment is another cut, and another number of places another list.
    assert places(replace(of).of("round/1"), 5) is not first
    assert places(of.of("round/1"), 3) is not first


def test_before_the_first_step_it_says_what_is_to_come() -> None:
    of = cut([50, 40, 30, 20, 10, 5])
    assert ["results-title" in shown(step, of) for step in (0, 1, 5)] == [True, False, False]
    assert "Kết quả Tuần 1" in shown(0, of)
    assert "Kết quả Tuần 1" in shown(1, of)


def test_each_step_tells_one_place_more_from_the_last_to_the_first_and_back() -> None:
    of = cut([50, 40, 30, 20, 10, 5])
    assert RESULTS.steps(ResultsSettings(1, 5), of) == 5
    assert [told(shown(step, of)) for step in (0, 1, 3, 5, 2)] == [
        [], DISTRICTS[4:5], DISTRICTS[2:5], DISTRICTS[:5], DISTRICTS[3:5],
    ]  # fmt: skip


def test_those_who_share_a_place_are_told_together() -> None:
    of = cut([50, 40, 40, 20, 10])
    assert RESULTS.steps(ResultsSettings(1, 3), of) == 2
    assert told(shown(1, of, 3)) == DISTRICTS[1:3]
    assert shown(1, of, 3).count("đồng hạng") == 2
    assert "đồng hạng" not in shown(1, cut([50, 40, 30]), 3)


def test_many_on_one_place_are_counted() -> None:
    of = cut([7] * len(DISTRICTS))
    assert len(told(shown(1, of))) == min(LINES_MAX, len(DISTRICTS))


def test_nothing_of_what_is_not_told_is_in_the_page_that_shows_it() -> None:
    of = cut([987_651, 876_541, 765_431, 654_321, 543_211])
    scene = SceneOnAir("results", {"round": 1, "count": 5}, 7, 7, 2)
    values = page(
        of.frame, of.edition, follows=Following("hall", Showing("live", 0, frozen=False), scene), frame_of=of.frame_of
    )
    text = "".join(str(value) for value in values.values())
    assert "654.321" in text
    for number in ("765431", "876541", "987651", "765.431", "876.541", "987.651"):
        assert number not in text
    assert '"topic":"board"' in values["first_frame"]


@pytest.mark.parametrize(
    ("asked", "at_ms", "frozen", "lack"),
    [
        (0, None, False, None),
        (1, None, False, None),
        (2, None, False, "round_open"),
        (2, None, True, None),
        (9, None, False, "round"),
        (0, CONTEST.rounds[0].closes_ms - 1, False, "round_open"),
        (0, CONTEST.rounds[0].closes_ms - 1, True, None),
        (0, CONTEST.rounds[0].opens_ms - 1, True, "round_open"),
    ],
)
def test_a_round_is_told_once_it_has_closed_or_its_numbers_are_final(
    asked: int, at_ms: int | None, frozen: bool, lack: str | None
) -> None:
    of = cut([5, 4, 3], at_ms=at_ms, frozen=frozen)
    assert RESULTS.lacks(of, ResultsSettings(asked)) == lack


def test_the_last_round_that_has_closed_is_chosen() -> None:
    assert RESULTS.chosen(ResultsSettings(), cut([5])).round == 1
    assert RESULTS.lacks(cut([0])) == "completed"


@pytest.mark.parametrize("count", [2, 11])
def test_it_tells_three_to_ten_places(count: int) -> None:
    with pytest.raises(msgspec.ValidationError, match="count"):
        msgspec.convert({"count": count}, ResultsSettings)


def test_the_round_topic_is_what_it_is_painted_of() -> None:
    assert partial(RESULTS.topic, ResultsSettings(3))() == "round/3"
