"""The desk on a real ledger and pump, past 350 lines by its one set-up: what may be decided, and with what effect."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.control import actions
from server.control.desk import Desk
from server.errors import Stale
from streaming.decisions.corrections import Correct
from streaming.decisions.rounds import MoveRound
from streaming.effect import TotalEffect
from streaming.errors import Declined, NotHeld, Undecidable
from streaming.topics.state import Passed
from tests.worlds.desk_room import ANN, BINH, Room, running
from tests.worlds.histories import ROUND_MS, START_MS
from tests.worlds.ledgers import Disk


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with running(Room(tmp_path)) as room:
        yield room


async def test_a_decision_stands_with_who_why_and_the_numbers_then_on_air(room: Room) -> None:
    held = await room.do(do="hold", unit="A", reason="đối soát", tell=True)
    row = next(row for row in room.ledger.read() if row.seq == held)
    assert row.by == ANN
    assert room.body(held) == {
        "kind": "hold",
        "unit": "A",
        "reason": "đối soát",
        "tell": True,
        "shown": {"rows": 4, "seq": 4, "completed": 3, "participants": 0},
    }


async def test_hold_see_the_effect_release(room: Room) -> None:
    held = await room.do(do="hold", unit=None)
    await room.enter(2)
    await room.until(7)
    assert room.total == 3
    effect = room.desk.effect(None)
    assert (effect.seen, effect.total) == (held, TotalEffect((3, 5), (0, 0)))
    assert [(unit.code, unit.completed, unit.rank) for unit in effect.units] == [
        ("P", (3, 5), (1, 1)),
        ("A", (3, 5), (1, 1)),
        ("A1", (3, 5), (1, 1)),
    ]
    await room.do(do="release", unit=None, seen=effect.seen)
    assert room.total == 5


async def test_every_unit_is_released_at_once_with_its_effect_said_before(room: Room) -> None:
    await room.do(do="hold", unit="A")
    held = await room.do(do="hold", unit="B")
    await room.enter(2)
    await room.until(8)
    with pytest.raises(NotHeld):
        await room.do(do="release", unit=None, seen=held)
    assert room.desk.effect(None).total == TotalEffect((3, 3), (0, 0))
    assert room.desk.effect(None, every=True).total == TotalEffect((3, 5), (0, 0))
    await room.do(do="release", unit=None, every=True, seen=held)
    assert room.total == 5
    with pytest.raises(Undecidable):
        await room.do(do="release", unit="A", every=True, seen=room.desk.effect(None).seen)


async def test_a_stale_action_is_refused_with_what_was_decided_meanwhile(room: Room) -> None:
    held = await room.do(do="hold", unit="A")
    seen = room.desk.effect("A").seen
    await room.do(BINH, do="hold", unit="B")
    with pytest.raises(Stale) as caught:
        await room.do(do="release", unit="A", seen=seen)
    last = caught.value.last
    assert (last.by, last.kind, last.unit, last.at) == (BINH, "hold", "B", START_MS)
    await room.do(BINH, do="release", unit="A", seen=room.desk.effect("A").seen)
    assert held is not None


async def test_ones_own_decisions_make_nothing_stale(room: Room) -> None:
    await room.do(do="hold", unit="A")
    await room.do(do="hold", unit="B")
    assert await room.do(do="release", unit="A", seen=0)


async def test_of_two_at_once_the_second_is_refused(room: Room) -> None:
    await room.do(do="hold", unit="A")
    seen = room.desk.effect("A").seen
    done = await asyncio.gather(
        room.do(do="release", unit="A", seen=seen),
        room.do(
            BINH, do="correct", unit="A1", round=1, column="completed", delta=1, reason="x", labelled=False, seen=seen
        ),
        return_exceptions=True,
    )
    assert [type(result) for result in done] == [int, Stale]


@pytest.mark.parametrize(
    ("body", "error", "message"),
    [
        ({"do": "release", "unit": "A", "seen": 0}, NotHeld, "unit: it is not held"),
        ({"do": "release", "unit": None, "seen": 0}, NotHeld, "unit: it is not held"),
        ({"do": "hold", "unit": "Z"}, Undecidable, "hold of an unknown unit “Z”"),
        (
            {"do": "void", "entries": [["web", "x"]], "reason": "x", "seen": 0},
            Undecidable,
            "no entry “x” of “web” counts",
        ),
        (
            {"do": "delay", "delay_ms": 10**12, "seen": 0},
            Undecidable,
            "delay_ms is 1000000000000, expected 0 to 604800000",
        ),
        (
            {"do": "schedule", "round": 1, "before_close_ms": 0, "delay_ms": None, "seen": 0},
            Undecidable,
            "before_close_ms is 0, expected 1",
        ),
        (
            {"do": "schedule", "round": 7, "before_close_ms": 1, "delay_ms": None, "seen": 0},
            Undecidable,
            "there is no round 7",
        ),
        (
            {"do": "round", "n": 1, "opens_ms": START_MS, "closes_ms": START_MS + 3 * ROUND_MS, "seen": 0},
            Undecidable,
            "round 1 would overlap another",
        ),
    ],
)
async def test_what_cannot_be_decided_is_refused_and_leaves_no_row(
    room: Room, body: dict[str, Any], error: type[Declined], message: str
) -> None:
    with pytest.raises(error, match=message):
        await room.do(**body)
    assert room.ledger.head == 4


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"unit": "A"}, 'no leaf unit has code "A"'),
        ({"round": 9}, "there is no round 9"),
        ({"delta": 0}, "delta: found 0"),
        ({"delta": -4}, "delta: found -4, expected -3 or more"),
        ({"column": "participants", "delta": -1}, "delta: found -1, expected 0 or more"),
        ({"round": 2, "delta": -1}, "delta: found -1, expected 0 or more"),
    ],
)
async def test_a_correction_that_cannot_be_is_refused(room: Room, changes: dict[str, Any], message: str) -> None:
    body: dict[str, Any] = {
        "do": "correct",
        "unit": "A1",
        "round": 1,
        "column": "completed",
        "delta": -1,
        "reason": "x",
    }
    with pytest.raises(Undecidable, match=message):
        await room.do(**(body | {"labelled": True, "seen": 0} | changes))
    assert room.ledger.head == 4


async def test_what_an_operator_corrects_voids_and_clears_counts(room: Room) -> None:
    body: dict[str, Any] = {"do": "correct", "unit": "A1", "round": 1, "column": "completed", "reason": "x"}
    await room.do(**body, delta=-3, labelled=True, seen=0)
    assert (room.total, room.board.state["corrected"]) == (0, ("A1",))
    await room.do(**body, delta=3, labelled=False, seen=0)
    await room.do(do="quarantine", entries=[["web", "e1"], ["web", "e2"]], seen=0)
    assert room.total == 1
    await room.do(do="clear", entries=[["web", "e1"]], seen=0)
    await room.do(do="void", entries=[["web", "e2"]], reason="trùng", seen=0)
    await room.do(do="clear", entries=[["web", "e2"]], seen=0)
    assert room.total == 2
    with pytest.raises(Undecidable, match="no entry"):
        await room.do(do="void", entries=[["web", "e2"]], reason="trùng", seen=0)


@pytest.mark.parametrize(
    "body",
    [
        {"do": "hold"},
        {"do": "hold", "unit": "A", "until": 1},
        {"do": "release", "unit": "A"},
        {
            "do": "correct",
            "unit": "A1",
            "round": 1,
            "column": "pace",
            "delta": 1,
            "reason": "x",
            "labelled": True,
            "seen": 0,
        },
        {"do": "void", "entries": [], "reason": "x", "seen": 0},
        {"do": "void", "entries": [["web", "e1"]], "reason": "  ", "seen": 0},
        {"do": "hold", "unit": None, "reason": "x" * 301},
        {"do": "guess"},
        {},
    ],
)
async def test_an_action_that_is_not_whole_is_none(body: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        actions.decoder.decode(msgspec.json.encode(body))


async def test_a_milestone_is_written_once_for_ever(room: Room) -> None:
    await room.desk.reach(3)
    await room.until(5)
    await room.desk.reach(3)
    assert room.ledger.head == 5
    assert room.board.state["milestone"] == Passed(3, START_MS)


async def test_the_control_topic_shows_the_whole_and_who_decided_last(room: Room) -> None:
    topic = room.pump.topics.find("control")
    assert topic is not None
    held = await room.do(do="hold", unit="A", reason="đối soát")
    await room.enter(2)
    await room.until(7)
    assert (topic.seq, topic.rows["P"][2], room.total) == (7, 5, 3)
    state = msgspec.to_builtins(dict(topic.state))
    assert state["shown"] == {"seq": held, "at": START_MS, "heard": START_MS}
    assert state["decided"] == held
    assert state["last"] == {
        "seq": held, "kind": "hold", "unit": "A", "by": ANN, "at": START_MS, "final": False, "source": None,
    }  # fmt: skip
    assert list(state["gate"]["held"]) == [
        {
            "unit": "A", "since": held, "at": START_MS, "by": ANN, "reason": "đối soát", "rule": None, "tell": False,
            "final": False, "scheduled": False, "entries": 2,
        }
    ]  # fmt: skip
    assert (state["outside"], state["nameless"]) == ({"before": 0, "between": 0, "after": 0}, 5)


async def test_only_what_has_arrived_and_is_not_voided_waits_to_be_verified(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = room.pump.topics.find("control")
    assert topic is not None

    def waiting() -> tuple[list[str], int]:
        gate = topic.state["gate"]
        return [each.id for each in gate.quarantined], gate.quarantined_total

    await room.enter(7)
    await room.until(11)
    await room.do(do="quarantine", entries=[["web", f"e{n}"] for n in (1, 9, 10, 11)], seen=0)
    assert waiting() == (["e10", "e9", "e1"], 3), "the latest by row first; e11 is still to come"
    await room.do(do="void", entries=[["web", "e9"]], reason="trùng", seen=0)
    assert waiting() == (["e10", "e1"], 2)
    monkeypatch.setattr("streaming.topics.operators.LISTED_MAX", 1)
    await room.do(do="void", entries=[["web", "e2"]], reason="trùng", seen=0)
    assert waiting() == (["e10"], 2)
    monkeypatch.undo()
    await room.enter(1)
    await room.until(15)
    assert waiting() == (["e11", "e10", "e1"], 3)
    await room.do(do="void", entries=[["web", "e10"], ["web", "e11"], ["web", "e1"]], reason="trùng", seen=0)
    assert waiting() == ([], 0)
    assert topic.state["gate"].quarantined == ()


async def test_the_effect_of_a_release_is_told_to_the_last_entry_and_place(room: Room) -> None:
    await room.take(1_000, "B1")
    await room.take(600, "B2")
    held = await room.do(do="hold", unit="B3")
    await room.take(1_290, "B3", person="một người")
    await room.take(1, "B3", "started")
    await room.do(do="quarantine", entries=[["web", f"e{1_604 + number}"] for number in range(5)], seen=held)
    fix: dict[str, Any] = {"do": "correct", "round": 1, "column": "completed", "reason": "x", "labelled": False}
    await room.do(**fix, unit="B3", delta=-1, seen=held)
    await room.do(do="hold", unit="B2")
    await room.take(900, "B2")
    await room.do(do="delay", delay_ms=60_000, seen=held)
    await room.take(7, "B3")
    effect = room.desk.effect("B3")
    assert effect.total == TotalEffect((1_603, 2_887), (0, 1)), "+1.284"
    units = {unit.code: (unit.completed, unit.participants, unit.rank) for unit in effect.units}
    assert units == {
        "P": ((1_603, 2_887), (0, 1), (1, 1)),
        "B": ((1_600, 2_884), (0, 1), (1, 1)),
        "B1": ((1_000, 1_000), (0, 0), (1, 2)),
        "B2": ((600, 600), (0, 0), (2, 3)),
        "B3": ((0, 1_284), (0, 1), (3, 1)),
    }, "hạng 3 → 1; what another hold, the quarantine and the delay keep back is not in it"
    await room.do(do="release", unit="B3", seen=effect.seen)
    assert (room.total, room.board.rows["B3"][2], room.board.rows["B3"][6]) == (2_887, 1_284, 1)


async def test_the_effect_is_of_the_last_decision_that_it_takes_into_account(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await room.do(do="hold", unit="A")
    disk = Disk(room.ledger, monkeypatch)
    other = asyncio.create_task(room.do(BINH, do="hold", unit="B"))
    await disk.hangs()
    seen = room.desk.effect("A").seen
    assert seen == held
    disk.go_on()
    with pytest.raises(Stale):
        await room.do(do="release", unit="A", seen=seen)
    assert await other == 6


async def test_what_the_same_operator_decides_at_once_is_checked_against_what_they_decided_before(room: Room) -> None:
    fix: dict[str, Any] = {"do": "correct", "unit": "A1", "round": 1, "column": "completed", "reason": "x"}
    await room.desk.decide(
        ANN, Correct(unit="A1", round=1, column="completed", delta=-3, reason="x", labelled=True, seen=0)
    )
    with pytest.raises(Undecidable, match="delta: found -3, expected 0 or more"):
        await room.do(**fix, delta=-3, labelled=True, seen=0)
    later = START_MS + 2 * ROUND_MS
    move: dict[str, Any] = {"do": "round", "seen": 0}
    await room.desk.decide(ANN, MoveRound(n=1, opens_ms=START_MS, closes_ms=later, seen=0))
    with pytest.raises(Undecidable, match="round 2 would overlap another"):
        await room.do(**move, n=2, opens_ms=later - 1, closes_ms=later + ROUND_MS)


async def test_a_decision_is_refused_as_stale_also_by_a_desk_that_was_opened_since(room: Room) -> None:
    held = await room.do(do="hold", unit="A")
    await room.do(BINH, do="hold", unit="B")
    await room.do(do="hold", unit="B1")
    room.desk = Desk(room.ledger, room.pump, room.clock)
    with pytest.raises(Stale) as caught:
        await room.do(do="release", unit="A", seen=held)
    assert (caught.value.last.by, caught.value.last.unit) == (BINH, "B")


async def test_what_a_rule_has_held_since_makes_a_release_stale(room: Room) -> None:
    held = await room.do(do="hold", unit="A")
    room.desk.hold_by_rule("B", "unit_pace", {"pace": 120, "past": 3})
    with pytest.raises(Stale, match="system decided since: hold of B"):
        await room.do(do="release", unit="A", seen=held)


async def test_a_held_unit_is_put_right_before_its_release(room: Room) -> None:
    held = await room.do(do="hold", unit="B")
    await room.take(500, "B1")
    fix: dict[str, Any] = {"do": "correct", "unit": "B1", "round": 1, "column": "completed", "reason": "x"}
    await room.do(**fix, delta=-400, labelled=True, seen=held)
    with pytest.raises(Undecidable, match="delta: found -101, expected -100 or more"):
        await room.do(**fix, delta=-101, labelled=True, seen=held)
    assert room.desk.effect("B").total.completed == (3, 103)
    await room.do(do="release", unit="B", seen=held)
    assert (room.total, room.board.rows["B1"][2]) == (103, 100)


async def test_of_a_unit_with_quarantined_entries_no_more_is_taken_than_is_on_air(room: Room) -> None:
    await room.do(do="quarantine", entries=[["web", "e1"]], seen=0)
    fix: dict[str, Any] = {"do": "correct", "unit": "A1", "round": 1, "column": "completed", "reason": "x"}
    with pytest.raises(Undecidable, match="delta: found -3, expected -2 or more"):
        await room.do(**fix, delta=-3, labelled=True, seen=0)
