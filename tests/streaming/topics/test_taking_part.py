"""A unit's topic beside its rows: a place takes part from its first entry to the last that is taken back; shares."""

from hypothesis import given

from streaming.fold.fold import Fold
from streaming.fold.tally import ALL, COMPLETED, STARTED
from streaming.ledger.rows import Row
from streaming.topics.taking_part import TakingPart
from streaming.topics.topics import Topics
from tests.worlds.histories import START_MS, Writer, contest, histories
from tests.worlds.whole import examples

TREE = contest().tree


def of(rows: list[Row], code: str, key: str = "taking_part") -> object:
    fold, topics = Fold(), Topics(rehearsal=False)
    for row in rows:
        fold.apply(row)
        topics.move(fold, "e1")
    topic = topics.find(f"unit/{code}")
    assert topic is not None
    return topic.state.get(key)


def share_of(rows: list[Row], code: str) -> object:
    return of(rows, code, "share")


def test_who_started_takes_part_and_what_is_no_place_does_not() -> None:
    writer = Writer(now_ms=START_MS)
    assert [of(writer.rows, code) for code in ("P", "A", "B")] == [(0, 5), (0, 2), (0, 3)]
    writer.take("r", "registered", unit="B1")
    writer.take("s", "started", unit="A1")
    writer.take("e", unit="A1")
    writer.take("x", unit="X")
    assert [of(writer.rows, code) for code in ("P", "A", "B", "A1", "X")] == [(1, 5), (1, 2), (0, 3), None, None]
    writer.take("v", "voided", voids="e")
    assert of(writer.rows, "P") == (1, 5)
    writer.take("w", "voided", voids="s")
    assert of(writer.rows, "P") == (0, 5)


@examples(40)
@given(histories)
def test_it_is_what_a_count_of_the_board_gives(rows: list[Row]) -> None:
    fold, topics = Fold(), Topics(rehearsal=False)
    for row in rows:
        fold.apply(row)
        topics.move(fold, fold.epoch("ledger", 0))
    counts = fold.public.counts[ALL]
    for unit in TREE:
        below = [leaf.code for leaf in TREE.leaves if leaf.place and unit.code in TREE.path(leaf.code)[1:]]
        found = sum(1 for code in below if counts[code][STARTED] or counts[code][COMPLETED])
        topic = topics.find(f"unit/{unit.code}")
        assert topic is not None
        assert topic.state.get("taking_part") == ((found, len(below)) if below else None)


def test_a_unit_s_share_is_that_of_the_entries_of_the_unit_above() -> None:
    writer = Writer(now_ms=START_MS)
    assert [share_of(writer.rows, code) for code in ("P", "A", "A1")] == [None, None, None]
    for nth, unit in enumerate(("A1", "A1", "A2", "B1", "X", "B1")):
        writer.take(str(nth), unit=unit)
    writer.take("s", "started", unit="B2")
    assert [share_of(writer.rows, code) for code in ("P", "A", "B", "X")] == [None, 500, 333, 167]
    assert [share_of(writer.rows, code) for code in ("A1", "A2", "B1", "B2")] == [667, 333, 1000, None]


def test_rows_that_say_the_same_again_change_nothing() -> None:
    part = TakingPart(TREE)
    for _ in range(2):
        part.take({"A1": (0, 1, 0, 0, None, None, 1, 0), "A": (0, 1, 0, 0, None, None, 1, 0)})
    assert part.of("P") == (1, 5)
