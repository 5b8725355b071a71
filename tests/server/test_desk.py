"""The desk on a real ledger and pump: who may decide what as things stand, and holds that the disk does not take."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server import actions, desk
from server.desk import Desk, Stale
from server.errors import Problem
from streaming.decisions import read_decision
from streaming.errors import LedgerUnavailable
from tests.streaming.histories import ROUND_MS, START_MS
from tests.streaming.test_pump import WAIT_S, Stage

ANN, BINH = "account:1", "account:2"


class Room(Stage):
    """A store with its desk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.path = folder / "ledger.db"
        self.desk = Desk(self.ledger, self.pump, self.clock)

    @property
    def total(self) -> Any:
        return self.board.rows["P"][2]

    async def until(self, seq: int) -> None:
        async with asyncio.timeout(WAIT_S):
            while self.pump.moved_seq < seq:  # noqa: ASYNC110 - a fold has no event
                await asyncio.sleep(0.001)

    async def do(self, by: str = ANN, **body: Any) -> int | None:
        made = await self.desk.decide(by, actions.decoder.decode(msgspec.json.encode(body)))
        if made.seq is not None:
            await self.until(made.seq)
        return made.seq

    def body(self, seq: int | None) -> dict[str, Any]:
        return next(read_decision(row) for row in self.ledger.read() if row.seq == seq)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    room = Room(tmp_path)
    task = asyncio.create_task(room.pump.run())
    await room.enter(3)
    await room.until(4)
    yield room
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    room.ledger.close()


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
    assert (effect.seen, effect.total) == (held, {"completed": (3, 5), "participants": (0, 0)})
    assert [(unit.code, unit.completed, unit.rank) for unit in effect.units] == [
        ("P", (3, 5), (1, 1)),
        ("A", (3, 5), (1, 1)),
        ("A1", (3, 5), (1, 1)),
    ]
    await room.do(do="release", unit=None, seen=effect.seen)
    assert room.total == 5


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


async def test_to_hold_what_is_held_writes_nothing(room: Room) -> None:
    held = await room.do(do="hold", unit="A")
    assert await room.do(BINH, do="hold", unit="A") == held
    all_held = await room.do(do="hold", unit=None)
    final = await room.do(do="final")
    assert final == (all_held or 0) + 1
    assert room.ledger.head == final


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"do": "release", "unit": "A", "seen": 0}, 409, "unit: it is not held"),
        ({"do": "release", "unit": None, "seen": 0}, 409, "unit: it is not held"),
        ({"do": "hold", "unit": "Z"}, 422, 'hold of an unknown unit "Z"'),
        ({"do": "void", "entries": [["web", "x"]], "reason": "x", "seen": 0}, 422, "no entry “x” of “web” counts"),
        ({"do": "delay", "delay_ms": 10**12, "seen": 0}, 422, "delay_ms is 1000000000000, expected 0 to 604800000"),
        (
            {"do": "schedule", "round": 1, "before_close_ms": 0, "delay_ms": None, "seen": 0},
            422,
            "before_close_ms is 0, expected 1",
        ),
        ({"do": "schedule", "round": 7, "before_close_ms": 1, "delay_ms": None, "seen": 0}, 422, "there is no round 7"),
        (
            {"do": "round", "n": 1, "opens_ms": START_MS, "closes_ms": START_MS + 3 * ROUND_MS, "seen": 0},
            422,
            "round 1 would overlap another",
        ),
    ],
)
async def test_what_cannot_be_decided_is_refused_and_leaves_no_row(
    room: Room, body: dict[str, Any], status: int, message: str
) -> None:
    with pytest.raises(Problem, match=message) as caught:
        await room.do(**body)
    assert caught.value.status == status
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
    with pytest.raises(Problem, match=message):
        await room.do(**(body | {"labelled": True, "seen": 0} | changes))
    assert room.ledger.head == 4


async def test_what_an_operator_corrects_voids_and_clears_counts(room: Room) -> None:
    body: dict[str, Any] = {"do": "correct", "unit": "A1", "round": 1, "column": "completed", "reason": "x"}
    await room.do(**body, delta=-3, labelled=True, seen=0)
    assert (room.total, room.board.state["corrected"]) == (0, ["A1"])
    await room.do(**body, delta=3, labelled=False, seen=0)
    await room.do(do="quarantine", entries=[["web", "e1"], ["web", "e2"]], seen=0)
    assert room.total == 1
    await room.do(do="clear", entries=[["web", "e1"]], seen=0)
    await room.do(do="void", entries=[["web", "e2"]], reason="trùng", seen=0)
    await room.do(do="clear", entries=[["web", "e2"]], seen=0)
    assert room.total == 2
    with pytest.raises(Problem, match="no entry"):
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


async def test_a_hold_acts_at_once_while_the_ledger_cannot_be_written(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "WRITE_WAIT_S", 0.05)
    other = sqlite3.connect(room.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await room.do(do="hold", unit="A") is None
    assert await room.do(BINH, do="final") is None
    assert [(each.kind, each.unit, each.by) for each in room.desk.unwritten] == [
        ("hold", "A", ANN),
        ("final", None, BINH),
    ]
    assert room.pump.stands_still
    bodies: list[dict[str, Any]] = [{"do": "release", "unit": "A"}, {"do": "delay", "delay_ms": 1_000}]
    for body in bodies:
        with pytest.raises((LedgerUnavailable, Problem)):
            await room.do(**body, seen=9)
    other.execute("ROLLBACK")
    other.close()
    entered = asyncio.create_task(room.enter(2))
    await room.until(8)
    await entered
    assert room.desk.unwritten == ()
    assert not room.pump.stands_still
    kinds = [row.type for row in room.ledger.read()]
    assert kinds == ["decision", *["participation"] * 3, "decision", "decision", *["participation"] * 2]
    assert (room.board.seq, room.total, room.board.state["frozen"]) == (6, 3, {"at": START_MS})


async def test_a_rule_holds_once_and_tells_its_figures(room: Room) -> None:
    for _ in range(2):
        await room.desk.hold_by_rule("A", "unit_pace", {"pace": 120, "past": 3})
    await room.until(5)
    assert room.ledger.head == 5
    body = room.body(5)
    assert (body["rule"], body["detail"]) == ("unit_pace", {"pace": 120, "past": 3})
    assert room.pump.fold.gate.held["A"].rule == "unit_pace"


async def test_a_milestone_is_written_once_for_ever(room: Room) -> None:
    await room.desk.reach(3)
    await room.until(5)
    await room.desk.reach(3)
    assert room.ledger.head == 5
    assert room.board.state["milestone"] == {"value": 3, "at": START_MS}


async def test_the_control_topic_shows_the_whole_and_who_decided_last(room: Room) -> None:
    topic = room.pump.topics.find("control")
    assert topic is not None
    held = await room.do(do="hold", unit="A", reason="đối soát")
    await room.enter(2)
    await room.until(7)
    assert (topic.seq, topic.rows["P"][2], room.total) == (7, 5, 3)
    state = topic.state
    assert state["shown"] == {"seq": held, "at": START_MS, "heard": START_MS}
    assert state["decided"] == held
    assert state["last"] == {"seq": held, "kind": "hold", "unit": "A", "by": ANN, "at": START_MS}
    assert state["gate"]["held"] == [
        {
            "unit": "A", "since": held, "at": START_MS, "by": ANN, "reason": "đối soát", "rule": None, "tell": False,
            "final": False, "scheduled": False, "entries": 2,
        }
    ]  # fmt: skip
    assert (state["outside"], state["nameless"]) == ({"before": 0, "between": 0, "after": 0}, 5)


async def test_a_held_unit_s_own_point_is_told_only_if_the_operator_lets_it(room: Room) -> None:
    topic = room.pump.topics.find("point/A1")
    assert topic is not None
    held = await room.do(do="hold", unit="A")
    assert topic.state == {}
    await room.do(do="release", unit="A", seen=held)
    await room.do(do="hold", unit="A", tell=True)
    assert topic.state == {"review": True}
    other = room.pump.topics.find("point/B1")
    assert other is not None
    assert other.state == {}
