"""The replay of a ledger: the numbers of then, in the order and at the pace of then, by nobody who could be named."""

from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given

from streaming.audit.recount import _counted, walked
from streaming.contests.contest import Round
from streaming.errors import FoldError
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL
from streaming.ledger.rows import Row
from streaming.participation import Accepted, check
from streaming.sources.replay import Due, Replay
from tests.worlds.histories import HOUR_MS, LEAVES, START_MS, UNITS, Writer, contest, histories

NOW_MS = 1_800_000_000_000
OPEN = msgspec.structs.replace(
    contest(), rounds=(Round(n=1, name="Tuần 1", opens_ms=NOW_MS, closes_ms=NOW_MS + 10**12),)
)
"""A contest of the same units, whose one round opens as the replay begins."""


def replay(rows: list[Row], **options: Any) -> tuple[Replay, list[Due]]:
    decisions = [row for row in rows if row.type == "decision"]
    made = Replay(decisions, options.pop("leaves", LEAVES), start_ms=options.pop("start_ms", NOW_MS), **options)
    return made, list(made.items(rows))


def received(*replays: list[Due]) -> Fold:
    """What a server that receives them makes of them, each item as the intake keeps it."""
    writer = Writer(OPEN, now_ms=NOW_MS)
    for due in (due for dues in replays for due in dues):
        kept = check(due.item, 0, OPEN.tree, NOW_MS + 10**12, lambda person: f"digest of {person}")
        assert isinstance(kept, Accepted), kept
        fields = msgspec.to_builtins(kept.participation)
        writer.take(kept.id, by="td", **fields)
    fold = Fold()
    for row in writer.rows:
        fold.apply(row)
    return fold


def counts(fold: Fold) -> dict[str, tuple[int, ...]]:
    return {code: tuple(numbers[:4]) for code, numbers in fold.whole.counts[ALL].items()}


@given(histories)
def test_the_replayed_numbers_are_those_of_the_ledger_but_for_its_corrections(rows: list[Row]) -> None:
    walk = walked(rows)
    walk.fixes = []
    there = _counted(walk, public=False)[ALL]
    assert counts(received(replay(rows)[1])) == {code: numbers[:4] for code, numbers in there.items()}


@given(histories)
def test_it_keeps_the_order_and_no_pause_is_longer_than_it_was(rows: list[Row]) -> None:
    _, dues = replay(rows, speed=10)
    assert all(before.seq <= after.seq and before.after_s <= after.after_s for before, after in pairwise(dues))
    assert len({due.item["id"] for due in dues}) == len(dues)
    received_ms = {row.seq: row.received_ms for row in rows}
    for before, after in pairwise(dues):
        steps = pairwise(received_ms[seq] for seq in range(before.seq, after.seq + 1))
        went_ms = sum(max(0, later - earlier) for earlier, later in steps)
        assert after.after_s - before.after_s == pytest.approx(went_ms / 1000 / 10)


def test_times_go_by_so_many_times_as_fast_from_the_first_item_on() -> None:
    writer = Writer()
    writer.now_ms = START_MS + 60_000
    for id_ in ("a", "b", "c"):
        writer.take(id_, unit="A1")
        writer.now_ms += 60_000
    writer.set(-HOUR_MS)
    writer.take("d", unit="A1", at=START_MS)
    _, dues = replay(writer.rows, speed=4)
    assert [due.after_s for due in dues] == [0, 15, 30, 45 - 15]
    assert [datetime.fromisoformat(due.item["at"]).timestamp() - NOW_MS / 1000 for due in dues] == [0, 15, 30, 30]


def test_two_replays_of_a_ledger_add_as_much_twice_and_share_neither_ids_nor_people() -> None:
    writer = Writer(now_ms=START_MS)
    writer.take("e", unit="A1", person="p", channel="website", group="hoc-sinh", score=18, duration_s=512)
    writer.take("e", by="app", unit="A1", person="q")
    first, second = replay(writer.rows)[1], replay(writer.rows, start_ms=NOW_MS + 1)[1]
    told = {name: first[0].item[name] for name in ("kind", "unit", "channel", "group", "score", "duration_s")}
    assert told == {
        "kind": "completed", "unit": "A1", "channel": "website", "group": "hoc-sinh", "score": 18, "duration_s": 512
    }  # fmt: skip
    assert counts(received(first))["P"] == (0, 0, 2, 2)
    assert counts(received(first, second))["P"] == (0, 0, 4, 4)


def test_what_was_taken_back_by_its_source_or_by_an_operator_is_taken_back_again() -> None:
    writer = Writer(now_ms=START_MS)
    for id_ in ("a", "b", "c"):
        writer.take(id_, unit="A1", person=id_)
    writer.take("v", "voided", voids="a")
    writer.decide("void", entries=[["web", "b"], ["web", "b"]])
    writer.decide("void", entries=[["app", "c"]])
    assert counts(received(replay(writer.rows)[1]))["A1"] == (0, 0, 1, 1)


def test_what_is_left_out_is_counted() -> None:
    writer = Writer(now_ms=START_MS)
    writer.take("early", unit="A1", at=START_MS - 1)
    writer.take("a", unit="A1")
    writer.take("x", unit="X")
    writer.now_ms += 1_000
    writer.take("b", unit="A1")
    correction = {"unit": "A1", "round": 1, "column": "completed", "labelled": False}
    undone = writer.decide("correction", **correction, delta=2).seq
    writer.decide("correction", **correction, delta=-2, undoes=undone)
    stands = writer.decide("correction", **correction, delta=1).seq
    made, dues = replay(writer.rows, leaves=set(LEAVES) - {"X"}, from_ms=START_MS + 1_000)
    assert [due.after_s for due in dues] == [0]
    assert made.left.unknown == {"X": 1}
    assert (made.left.outside, made.left.before, made.left.corrected) == (1, 1, {stands})


def test_an_entry_counts_by_the_rounds_as_they_were_moved_in_the_end() -> None:
    writer = Writer(now_ms=START_MS - 60_000)
    writer.take("a", unit="A1")
    assert replay(writer.rows)[1] == []
    writer.decide("round", n=1, opens_ms=START_MS - 120_000, closes_ms=START_MS)
    assert len(replay(writer.rows)[1]) == 1


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (Row(3, "participation", START_MS, "web", "a", b"", b"{}"), "row 3: expected row 2"),
        (Row(2, "gift", START_MS, "web", "a", b"", b"{}"), 'row 2: unknown type "gift"'),
        (Row(2, "participation", START_MS, "web", "a", b"", b"{}"), "row 2: a participation row that cannot be read"),
        (Row(2, "participation", START_MS, "web", None, b"", b'{"kind":"started","at":1}'), "without an id"),
    ],
)
def test_a_row_that_is_not_what_it_promises_is_named(bad: Row, said: str) -> None:
    rows = [*Writer(now_ms=START_MS).rows, bad]
    with pytest.raises(FoldError, match=said):
        replay(rows)


def test_a_ledger_that_names_no_contest_is_refused() -> None:
    with pytest.raises(FoldError, match="row 1: expected the decision that says what the contest is"):
        Replay([], LEAVES, start_ms=NOW_MS)


def test_every_unit_of_the_histories_is_one_that_receives() -> None:
    assert {unit.code for unit in UNITS} == {unit.code for unit in OPEN.units}
