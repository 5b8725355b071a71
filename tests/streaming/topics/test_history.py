"""What is kept for those who show it late: once for all of them, no longer than one waits, and never too much."""

from dataclasses import dataclass

import pytest

from streaming.fold.cursor import Cut
from streaming.topics.history import History
from streaming.topics.moves import Move, Notes
from streaming.topics.state import BoardState
from tests.worlds.histories import contest


@dataclass
class Reader:
    read: int = 0


def a_move(seq: int, *rows: str, is_whole: bool = False) -> Move:
    return Move(
        epoch="e1",
        contest=contest(),
        cut=Cut(seq, seq, None, 0),
        rows={"board": dict.fromkeys(rows, (seq,))},
        states={"board": BoardState(act=seq)},
        notes=Notes(act=seq),
        is_whole=is_whole,
    )


def kept(history: History) -> list[tuple[int, int, dict[str, int]]]:
    """Number, time and cells of what is kept."""
    return [
        (shown.number, shown.at_ms, {code: int(cells[0] or 0) for code, cells in shown.move.rows["board"].items()})
        for shown in history.after(0)
    ]


def test_two_moves_are_one_at_the_later_cut_with_the_rows_of_both() -> None:
    both = a_move(1, "A", "B").then(a_move(2, "B", "X"))
    assert both.rows["board"] == {"A": (1,), "B": (2,), "X": (2,)}
    assert (both.cut.seq, both.states["board"], both.notes.act) == (2, BoardState(act=2), 2)
    assert not both.is_whole
    assert a_move(1, "A", is_whole=True).then(a_move(2, "B")).is_whole
    whole = a_move(2, "B", is_whole=True)
    assert a_move(1, "A").then(whole) is whole


def test_nothing_is_kept_before_anybody_reads_and_no_longer_than_the_last_of_them() -> None:
    history, slow, fast = History(), Reader(), Reader()
    history.add(a_move(1, "A"), 100)
    assert kept(history) == []
    history.attach(slow)
    history.attach(fast)
    for seq in (2, 3):
        history.add(a_move(seq, "A"), seq * 100)
    fast.read = 3
    history.let_go()
    assert [number for number, *_ in kept(history)] == [2, 3]
    slow.read = 2
    history.let_go()
    assert [number for number, *_ in kept(history)] == [3]
    history.detach(slow)
    assert kept(history) == []


def test_while_it_keeps_all_it_does_so_for_nobody() -> None:
    history = History()
    history.keeps_all = True
    history.add(a_move(1, "A", is_whole=True), 100)
    assert history.first is not None
    assert history.first.move.is_whole


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        ({"moves_max": 4}, [(2, 200, {"A": 1, "B": 2}), (4, 400, {"X": 3, "A": 4}), (5, 500, {"B": 5})]),
        ({"rows_max": 4}, [(4, 400, {"A": 4, "B": 2, "X": 3}), (5, 500, {"B": 5})]),
        ({"rows_max": 0}, [(5, 500, {"A": 4, "B": 5, "X": 3})]),
    ],
)
def test_where_too_much_waits_neighbours_become_one_at_the_time_of_the_later(
    bounds: dict[str, int], expected: list[tuple[int, int, dict[str, int]]]
) -> None:
    history = History(**bounds)
    history.attach(Reader())
    for seq, code in enumerate("ABXAB", start=1):
        history.add(a_move(seq, code), seq * 100)
    assert kept(history) == expected


def test_those_that_were_taken_up_to_a_time_come_in_their_order() -> None:
    history = History()
    history.attach(Reader())
    for seq in (1, 2, 3):
        history.add(a_move(seq, "A"), seq * 100)
    assert [shown.number for shown in history.after(0, 200)] == [1, 2]
    assert [shown.number for shown in history.after(1, 200)] == [2]
    assert list(history.after(0, 99)) == []
