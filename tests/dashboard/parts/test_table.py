"""The standings: they add up on every page, tell the first places alone in a ceremony, and fit any number of units."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from dashboard.pages.hall import cut_of
from dashboard.parts.part import Cut
from dashboard.parts.table import DELAY_MS, LINES_MAX, TURN_MS, Order, TableLine, TableView, ask, layout, view
from tests.browser.cases import Case, folder, frame_of
from tests.worlds.editions import edition

LARGE = "030"
"""Huyện Vị Xuyên with its 24 communes."""


def cut(kind: str = "typical", *, contest: str = "ha-giang", turns: int = 0) -> Cut:
    frame = frame_of(Case(contest, kind))
    # The first page stands at a time that all pages divide.
    start = frame.at - frame.at % (60 * TURN_MS) + DELAY_MS
    return cut_of(frame, edition(folder(contest)), start + turns * TURN_MS)


def table(shown: Cut, of: str = "", order: Order = "full") -> TableView:
    return view(ask(shown.edition, of or shown.tree.root.code, "completed", order), shown)


def lines(seen: TableView) -> list[TableLine]:
    return [line for half in seen.halves for line in half]


def count(text: str) -> int:
    return int(text.replace(".", "").replace("+", "") or 0)


@pytest.mark.parametrize("has_rest", [True, False])
def test_any_number_of_units_fits(has_rest: bool) -> None:
    for units in (*range(1, 600), 10_000):
        per_page, in_column = layout(units, has_rest=has_rest)
        halves, pages = -(-per_page // in_column), -(-units // per_page)
        assert halves <= 2
        assert in_column + 1 + (has_rest or pages > 1) <= LINES_MAX
        # The last page is nearly as full as the others, and the second column as the first.
        assert per_page * pages - units < pages
        assert halves == 1 or per_page - in_column >= in_column - 1


@pytest.mark.parametrize(
    ("units", "has_rest", "wanted"),
    [(0, True, (1, 1)), (11, True, (11, 11)), (12, True, (12, 6)), (13, True, (13, 7)), (30, True, (15, 8)),
     (124, True, (21, 11)), (168, False, (21, 11))],
)  # fmt: skip
def test_pages_and_columns_are_filled_evenly(units: int, has_rest: bool, wanted: tuple[int, int]) -> None:
    assert layout(units, has_rest=has_rest) == wanted


def test_the_lines_add_up_on_every_page() -> None:
    for turns in range(2):
        shown = cut(turns=turns)
        for of in ("", LARGE):
            seen = table(shown, of)
            cells = [line.cells for line in lines(seen)] + [line.cells for line in seen.foot]
            for column in range(3):
                *parts, total = [count(each[column]) for each in cells]
                assert sum(parts) == total, column


def test_a_page_turns_after_three_beats_and_all_units_have_their_turn() -> None:
    pages = [table(cut(turns=turns), LARGE) for turns in range(3)]
    assert [page.page for page in pages] == ["1/2", "2/2", "1/2"]
    codes = [line.code for page in pages[:2] for line in lines(page)]
    assert sorted(codes) == sorted(unit.code for unit in cut().tree.children(LARGE))
    assert [[len(half) for half in page.halves] for page in pages[:2]] == [[6, 6], [6, 6]]


def test_a_page_stands_until_the_beat_of_its_end_is_painted() -> None:
    shown = cut()
    spec = ask(shown.edition, LARGE, "completed")
    times = (0, TURN_MS - 1, TURN_MS, 2 * TURN_MS)
    pages = [view(spec, cut_of(shown.frame, shown.edition, shown.now_ms + ms)).page for ms in times]
    assert pages == ["1/2", "1/2", "2/2", "1/2"]


def test_in_a_ceremony_the_first_places_are_told_and_the_others_stand_in_official_order() -> None:
    seen = lines(table(cut(), order="ceremony"))
    official: list[str] = [unit.code for unit in cut().tree.children(cut().tree.root.code)]
    assert [line.rank for line in seen] == ["1", "2", "3", "4", "5", *[""] * 6]
    assert _in_order([official.index(line.code) for line in seen[5:]])
    assert [line.code for line in seen[:5]] == [line.code for line in lines(table(cut()))[:5]]


def test_the_whole_order_is_told_where_somebody_asks_for_it() -> None:
    assert [line.rank for line in lines(table(cut()))] == [str(place) for place in range(1, 12)]


def test_who_shares_a_place_that_is_told_is_told_too() -> None:
    seen = lines(table(cut("ties"), order="ceremony"))
    places = [int(line.rank) for line in seen if line.rank]
    assert len(places) >= 5
    assert max(places) <= 5


@pytest.mark.parametrize(("order", "rank"), [("ceremony", ""), ("full", "–")])
def test_without_entries_nobody_has_a_place_and_no_bar_is_drawn(order: Order, rank: str) -> None:
    seen = lines(table(cut("zero"), order=order))
    assert {(line.rank, line.leads, line.bar) for line in seen} == {(rank, False, 0)}


def test_the_bar_is_that_of_the_number_that_ranks() -> None:
    seen = lines(table(cut()))
    bars = [line.bar for line in seen]
    assert bars[0] == 1000
    assert bars == sorted(bars, reverse=True)


def _in_order(values: Sequence[int]) -> bool:
    return all(one < other for one, other in pairwise(values))
