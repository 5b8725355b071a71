"""Holds at the desk: they act at once, are written in order, and no release that came before undoes them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from server.control import desk
from server.control.desk import Desk
from server.control.holds import UNWRITTEN_MAX
from server.errors import CatchingUp, Stale, StillWriting
from server.routes.api.decisions import DECISION_BODY_WAIT_S
from streaming.checkpoint import objection_to, read_checkpoint
from streaming.decisions.holds import Final, Hold
from streaming.errors import LedgerBusy, LedgerUnavailable, Undecidable
from streaming.ledger import sqlite_storage
from streaming.pump import Pump
from streaming.topics.state import Frozen
from tests.worlds.desk_room import ANN, BINH, Room, running
from tests.worlds.histories import START_MS, contest
from tests.worlds.ledgers import Disk, raise_full
from tests.worlds.pump_stage import WAIT_S


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with running(Room(tmp_path)) as room:
        yield room


async def test_to_hold_what_is_held_writes_nothing(room: Room) -> None:
    held = await room.do(do="hold", unit="A")
    assert await room.do(BINH, do="hold", unit="A") == held
    all_held = await room.do(do="hold", unit=None)
    final = await room.do(do="final")
    assert final == (all_held or 0) + 1
    assert room.ledger.head == final


async def test_a_hold_acts_at_once_while_the_ledger_cannot_be_written(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "WRITE_WAIT_S", 0.05)
    bodies: list[dict[str, Any]] = [
        {"do": "release", "unit": "A"},
        {"do": "release", "unit": None},
        {"do": "void", "entries": [["web", "e1"]], "reason": "x"},
        {"do": "delay", "delay_ms": 1_000},
        {"do": "correct", "unit": "A1", "round": 1, "column": "completed", "delta": 1, "reason": "x", "labelled": True},
    ]
    with room.unwritable():
        assert await room.do(do="hold", unit="A") is None
        assert await room.do(BINH, do="final") is None
        assert [(each.kind, each.unit, each.by) for each in room.desk.unwritten] == [
            ("hold", "A", ANN),
            ("final", None, BINH),
        ]
        assert room.pump.stands_still
        for body in bodies:
            with pytest.raises(LedgerUnavailable, match="another program holds a lock on it"):
                await room.do(**body, seen=room.ledger.head)
    entered = asyncio.create_task(room.enter(2))
    await room.until(8)
    await entered
    assert room.desk.unwritten == ()
    assert not room.pump.stands_still
    kinds = [row.type for row in room.ledger.read()]
    assert kinds == ["decision", *["participation"] * 3, "decision", "decision", *["participation"] * 2]
    assert (room.board.seq, room.total, room.board.state["frozen"]) == (6, 3, Frozen(START_MS))


async def test_a_rule_holds_once_and_tells_its_figures(room: Room) -> None:
    assert not room.desk.is_held("A")
    room.desk.hold_by_rule("A", "unit_pace", {"pace": 120, "past": 3})
    assert room.desk.is_held("A"), "it acts before it is written"
    await room.until(5)
    assert room.desk.is_held("A")
    body = room.body(5)
    assert (body["rule"], body["detail"]) == ("unit_pace", {"pace": 120, "past": 3})
    assert room.pump.fold.gate.held["A"].rule == "unit_pace"


async def test_so_many_holds_wait_to_be_written_and_one_more_is_refused_while_nothing_moves(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    with room.unwritable(), monkeypatch.context() as patience:
        patience.setattr(desk, "WRITE_WAIT_S", 0.0)
        for _ in range(UNWRITTEN_MAX):
            room.desk.hold_by_rule("A1", "person_rate", {"entries": 6})
        for decision in ({"do": "hold", "unit": "B"}, {"do": "final"}):
            with pytest.raises(LedgerBusy, match="50 decisions wait to be written: nothing moves on screen until they"):
                await room.do(**decision)
        with pytest.raises(LedgerBusy):
            room.desk.hold_by_rule("B", "person_rate", {"entries": 6})
        assert (len(room.desk.unwritten), room.pump.stands_still) == (UNWRITTEN_MAX, True)
    await room.until(4 + UNWRITTEN_MAX)
    assert (room.desk.unwritten, room.pump.stands_still) == ((), False)
    assert await room.do(do="hold", unit="B") == 5 + UNWRITTEN_MAX


async def test_a_unit_is_held_by_a_hold_above_it_too_but_not_by_one_of_everything(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    await room.do(do="final")
    assert not room.desk.is_held("A1")
    await room.do(do="hold", unit="A")
    assert room.desk.is_held("A1")
    assert not room.desk.is_held("P")
    with room.unwritable(), monkeypatch.context() as patience:
        patience.setattr(desk, "WRITE_WAIT_S", 0.0)
        await room.do(do="hold", unit="B")
        assert room.desk.is_held("B1")


async def test_a_hold_of_what_is_just_being_released_holds_it_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await room.do(do="hold", unit="A")
    disk = Disk(room.ledger, monkeypatch)
    entering = asyncio.create_task(room.enter(1))
    await disk.hangs()
    release = asyncio.create_task(room.do(do="release", unit="A", seen=held))
    await asyncio.sleep(0)
    hold = asyncio.create_task(room.do(BINH, do="hold", unit="A"))
    await asyncio.sleep(0)
    assert room.pump.stands_still, "it acts before the release is on disk"
    assert [(each.kind, each.unit, each.by) for each in room.desk.unwritten] == [("hold", "A", BINH)]
    disk.go_on()
    assert (await release, await hold) == (7, 8), "and is written after it, or the release would undo it"
    await entering
    await room.enter(2)
    await room.until(10)
    assert room.pump.fold.gate.held["A"].since == 8
    assert (room.total, room.desk.unwritten) == (4, ())


async def test_a_hold_after_a_release_that_the_disk_did_not_take_is_the_first_one_still(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await room.do(do="hold", unit="A")
    with monkeypatch.context() as patched:
        patched.setattr(desk, "DECIDE_WAIT_S", 0.05)
        disk = Disk(room.ledger, patched)
        entering = asyncio.create_task(room.enter(1))
        await disk.hangs()
        with pytest.raises(LedgerUnavailable, match="no commit within"):
            await room.do(do="release", unit="A", seen=held)
        disk.go_on()
    await entering
    await room.until(6)
    assert await room.do(BINH, do="hold", unit="A") == held
    assert room.ledger.head == 6


async def test_a_release_that_the_disk_is_just_taking_stands_before_all_others_until_it_is_known(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await room.do(do="hold", unit="A")
    release: dict[str, Any] = {"do": "release", "unit": "A", "seen": held}
    with monkeypatch.context() as patched:
        patched.setattr(desk, "DECIDE_WAIT_S", 0.05)
        patched.setattr(desk, "WRITE_WAIT_S", 0.0)
        disk = Disk(room.ledger, patched)
        assert await room.do(**release) is None
        assert "A" in room.pump.fold.gate.held
        with pytest.raises(
            StillWriting, match=f"{ANN} decided, and that is still being written: release of A"
        ) as still:
            await room.do(**release)
        assert (still.value.last.kind, still.value.last.unit) == ("release", "A")
        with pytest.raises(Stale, match=f"{ANN} decided since: release of A") as stale:
            await room.do(BINH, **release)
        assert type(stale.value) is Stale
        assert await room.do(BINH, do="hold", unit="A") is None
        assert room.pump.stands_still
        assert [(each.kind, each.by) for each in room.desk.unwritten] == [("release", ANN), ("hold", BINH)]
        disk.go_on()
        await room.until(7)
    assert [(room.body(seq)["kind"], room.body(seq)["unit"]) for seq in (6, 7)] == [("release", "A"), ("hold", "A")]
    assert room.pump.fold.gate.held["A"].since == 7
    assert (room.desk.unwritten, room.ledger.head) == ((), 7)
    assert await room.do(BINH, **(release | {"seen": 7})) == 8


async def test_after_a_release_that_the_disk_refused_late_the_next_one_is_taken(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = await room.do(do="hold", unit="A")
    release: dict[str, Any] = {"do": "release", "unit": "A", "seen": held}
    with monkeypatch.context() as patched:
        patched.setattr(desk, "DECIDE_WAIT_S", 0.05)
        patched.setattr(sqlite_storage, "insert_rows", raise_full)
        disk = Disk(room.ledger, patched)
        assert await room.do(**release) is None
        disk.go_on()
        async with asyncio.timeout(WAIT_S):
            while room.desk.unwritten:  # noqa: ASYNC110 - a refusal has no event
                await asyncio.sleep(0.001)
    assert (room.ledger.refusal, "A" in room.pump.fold.gate.held) == ("the disk is full", True)
    assert await room.do(**release) == 6
    assert [row.seq for row in room.ledger.read()] == [1, 2, 3, 4, 5, 6]


def test_a_decision_is_answered_before_the_page_gives_up() -> None:
    assert DECISION_BODY_WAIT_S + max(desk.DECIDE_WAIT_S, desk.WRITE_WAIT_S) < 8


async def test_a_held_unit_s_own_point_is_told_only_if_an_operator_lets_it(room: Room) -> None:
    topic, other = room.pump.topics.find("point/A1"), room.pump.topics.find("point/B1")
    assert topic is not None
    assert other is not None
    held = await room.do(do="hold", unit="A")
    assert topic.state == {}
    await room.do(do="release", unit="A", seen=held)
    await room.do(do="hold", unit="A", tell=True)
    assert (topic.state, other.state) == ({"review": True}, {})


async def test_the_point_of_a_unit_that_a_rule_holds_may_be_told_later(room: Room) -> None:
    topic = room.pump.topics.find("point/A1")
    assert topic is not None
    room.desk.hold_by_rule("A", "unit_pace", {"pace": 120, "past": 3})
    await room.until(5)
    assert topic.state == {}
    assert await room.do(do="hold", unit="A", tell=True) == 6
    assert topic.state == {"review": True}
    assert await room.do(do="hold", unit="A", tell=True) == 5, "it is told already"


async def test_final_numbers_stand_on_one_seq_in_every_topic_and_jump_on_release(room: Room) -> None:
    names = ("board", "round/1", "breakdown", "unit/A1", "unit/P")
    topics = [topic for name in names if (topic := room.pump.topics.find(name))]
    seqs: list[int] = []
    for topic in topics:
        topic.listeners.add(lambda *_: None)
    room.board.listeners.add(lambda _base, seq, _payload: seqs.append(seq))
    final = await room.do(do="final")
    for _ in range(3):
        await room.take(100, "A1")
    assert {topic.seq for topic in topics} == {final}
    assert (room.total, room.board.state["frozen"]) == (3, Frozen(START_MS))
    released = await room.do(do="release", unit=None, seen=final)
    assert {topic.seq for topic in topics} == {released}
    assert (room.total, "frozen" in room.board.state) == (303, False)
    assert seqs == [final, released], "one frame brings it all"


async def behind(folder: Path) -> Room:
    """A room that stands at a checkpoint of row 6, with rows 7 and 8 to be replayed; its pump is not running."""
    room, path = Room(folder), folder / "ledger.checkpoint"
    await room.decide(kind="hold", unit=None)
    await room.decide(kind="release", unit=None)
    await room.enter(3)
    made = [
        Pump(room.ledger, now_ms=room.clock, live_sources=list, rehearsal=False, tick_ms=20, checkpoint=path)
        for _ in range(2)
    ]
    made[0].replay()
    made[0].save()
    await room.enter(2)
    checkpoint = read_checkpoint(path)
    assert checkpoint is not None
    assert objection_to(checkpoint, room.ledger, contest()) is None
    made[1].resume(checkpoint, contest())
    room.pump, room.desk = made[1], Desk(room.ledger, made[1], room.clock)
    return room


async def test_while_the_ledger_is_replayed_a_hold_is_taken_and_the_rest_is_not(tmp_path: Path) -> None:
    room = await behind(tmp_path)
    for row in list(room.ledger.read())[:2]:
        room.pump.fold.apply(row)  # So far it has come, and everything was held then.
    refused: list[dict[str, Any]] = [{"do": "hold", "unit": "Z"}, {"do": "release", "unit": "A", "seen": 0}]
    for action, error in zip(refused, (Undecidable, CatchingUp), strict=True):
        with pytest.raises(error):
            await room.do(**action)
    made = await room.desk.decide(ANN, Hold(unit=None))
    final = await room.desk.decide(ANN, Final())
    assert (made.seq, final.seq) == (9, 10)
    assert room.body(9)["shown"] == {"rows": 6, "seq": 6, "completed": 3, "participants": 0}
    async with turning(room):
        await room.until(10)
        assert (room.total, room.board.state["frozen"]) == (5, Frozen(START_MS))
    room.ledger.close()


async def test_a_hold_that_is_not_on_disk_when_the_ledger_has_been_replayed_still_acts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await behind(tmp_path)
    with room.unwritable(), monkeypatch.context() as patience:
        patience.setattr(desk, "WRITE_WAIT_S", 0.0)
        assert await room.do(do="final") is None
        async with turning(room):
            async with asyncio.timeout(WAIT_S):
                while room.pump.is_behind:  # noqa: ASYNC110 - a replay has no event
                    await asyncio.sleep(0)
            assert (room.pump.seq, room.total) == (6, 3)
    async with turning(room):
        await room.until(9)
        assert (room.total, room.board.state["frozen"]) == (5, Frozen(START_MS))
    room.ledger.close()


@asynccontextmanager
async def turning(room: Room) -> AsyncIterator[None]:
    task = asyncio.create_task(room.pump.run())
    yield
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
