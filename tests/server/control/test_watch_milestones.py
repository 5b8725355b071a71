"""Milestones on a real app: each written once, of what is on air."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streaming.topics.state import Passed
from tests.worlds.apps import LEAF
from tests.worlds.watch_room import WAIT_S, OpenRoom, rooms


@pytest.fixture
async def open_room(tmp_path: Path) -> AsyncIterator[OpenRoom]:
    async with rooms(tmp_path / "data") as open_room:
        yield open_room


async def test_a_milestone_is_written_once_after_five_seconds(open_room: OpenRoom) -> None:
    room = open_room(milestones=(5, 10))
    await room.look()
    await room.enter(6)
    await room.look()
    await room.pass_ms(4_900)
    assert room.store.topic("board").state.get("milestone") is None
    await room.pass_ms(200)
    await room.folded()
    assert room.store.topic("board").state["milestone"] == Passed(5, room.clock.ms)
    await room.pass_ms(60_000)
    written = [msgspec.json.decode(row.body) for row in room.store.ledger.read() if row.type == "decision"]
    assert [body["value"] for body in written if body["kind"] == "milestone"] == [5]


async def test_a_milestone_that_cannot_be_written_is_written_later_and_keeps_nobody_from_looking(
    open_room: OpenRoom,
) -> None:
    room = open_room(milestones=(5,))
    watch = room.store.watch
    await room.enter(6)
    watch.look()
    room.stopwatch.s += 5
    with room.unwritable():
        watch.look()
        writing = asyncio.create_task(watch.reach())
        await asyncio.sleep(0)
        watch.look()
        assert not await writing
    watch.look()
    assert await watch.reach()
    watch.look()
    assert await watch.reach()
    assert [(each["kind"], each["value"]) for each in room.decisions()] == [("milestone", 5)]
    assert room.store.topic("board").state["milestone"].value == 5


async def test_a_milestone_is_of_what_is_on_air_and_no_correction_takes_it_back(open_room: OpenRoom) -> None:
    room = open_room(milestones=(5,))
    held = await room.decide(kind="hold", unit=None)
    await room.enter(6)
    for _ in range(3):
        await room.pass_ms(10_000)
    assert [each["kind"] for each in room.decisions()] == ["hold"], "the hall has not seen five"
    await room.decide(kind="release", unit=None)
    for _ in range(2):
        await room.pass_ms(5_000)
    milestone = room.store.topic("board").state["milestone"]
    correction: dict[str, Any] = {
        "unit": LEAF,
        "round": 1,
        "column": "completed",
        "delta": -4,
        "labelled": True,
        "reason": "trùng",
    }
    await room.decide(kind="correction", **correction)
    await room.enter(4)
    for _ in range(3):
        await room.pass_ms(10_000)
    assert (room.total, room.store.topic("board").state["milestone"]) == (6, milestone)
    assert [each["kind"] for each in room.decisions()] == ["hold", "release", "milestone", "correction"]
    assert held == 2


async def test_it_watches_by_itself_and_writes_what_is_passed(open_room: OpenRoom) -> None:
    room = open_room(milestones=(5,))
    await room.enter(6)
    task = asyncio.create_task(room.store.watch.run())
    async with asyncio.timeout(WAIT_S):
        while not room.decisions():
            await asyncio.sleep(0.01)
            room.stopwatch.s += 5
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert room.store.watch.topic.state["sources"][0].accepted == 6
