"""A machine that slept, a process that was held, a clock that was set before anybody looked: nobody is to blame."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from server.control.away import HELD_UP_MS
from streaming.contests.rule_book import Rules
from streaming.rules.cooldown import GONE_MS
from tests.worlds.apps import LEAF
from tests.worlds.watch_room import HOUR_MS, WAIT_S, OpenRoom, Room, crowd, is_live, rooms, wide

HEARTBEAT_MS = 60_000


@pytest.fixture
async def open_room(tmp_path: Path) -> AsyncIterator[OpenRoom]:
    async with rooms(tmp_path / "data") as open_room:
        yield open_room


@asynccontextmanager
async def watching(room: Room) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """The watch looks by itself; gives what waits for a whole look."""
    looks = 0
    look = room.store.watch.look

    def count() -> None:
        nonlocal looks
        look()
        looks += 1

    async def looked() -> None:
        last = looks + 2
        async with asyncio.timeout(WAIT_S):
            while looks < last:  # noqa: ASYNC110 - a look has no event
                await asyncio.sleep(0.001)

    room.store.watch.look = count  # type: ignore[method-assign]
    task = asyncio.create_task(room.store.watch.run())
    try:
        await looked()
        yield looked
    finally:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def alarms(room: Room) -> list[str]:
    return [each.rule for each in room.store.watch.topic.state["alarms"] if not each.past]


@pytest.mark.parametrize("slept_ms", [2 * HEARTBEAT_MS, HOUR_MS, 7 * HOUR_MS])
async def test_after_a_sleep_a_source_has_a_heartbeat_s_time_to_be_heard(open_room: OpenRoom, slept_ms: int) -> None:
    room = open_room(contest=wide())
    await room.enter(1)
    async with watching(room) as looked:
        room.clock.ms += slept_ms  # The time that passed runs on, as CLOCK_BOOTTIME does; nobody could be heard.
        await looked()
        assert alarms(room) == []
        for _ in range(HEARTBEAT_MS // HELD_UP_MS):
            room.clock.ms += HELD_UP_MS
            await looked()
            assert alarms(room) == []
        room.clock.ms += 1
        await looked()
        assert alarms(room) == ["source_silent"]


@pytest.mark.parametrize(("by_ms", "slept_ms"), [(0, 2 * GONE_MS), (10 * 60_000, 0), (HOUR_MS, 0), (-90_000, HOUR_MS)])
async def test_what_was_released_stays_so_when_rows_come_before_the_first_look(
    open_room: OpenRoom, by_ms: int, slept_ms: int
) -> None:
    room = open_room(contest=wide(), rules=Rules(hold=("population",)), populations={LEAF: 5})
    await room.look()
    await crowd(room, 6)
    await room.decide(kind="release", unit=LEAF)
    await room.look()
    room.clock.ms += slept_ms
    room.clock.set(by_ms)
    await crowd(room, 1)
    assert (room.held, room.total) == (set(), 7)


async def test_a_heartbeat_that_was_heard_by_a_clock_that_ran_ahead_for_a_moment_keeps_nobody_live(
    open_room: OpenRoom,
) -> None:
    room = open_room(contest=wide())
    await room.enter(1)
    await room.pass_ms(5_000)
    heard_ms = room.clock.ms
    room.clock.set(HOUR_MS)
    await room.send()
    room.clock.set(-HOUR_MS)
    assert room.store.pump.heard_ms == {"web": heard_ms}
    await room.pass_ms(HEARTBEAT_MS + 1)
    await written(room)
    assert not is_live(room)
    assert "source_silent" in [alarm[0] for alarm in await room.alarms()]


async def written(room: Room) -> None:
    """Let a quiet pump write what it has to tell of the time."""
    async with asyncio.timeout(WAIT_S):
        while room.store.ledger.last_received_ms < room.clock.ms:  # noqa: ASYNC110 - a ledger has no event
            await asyncio.sleep(0.001)
    await room.folded()
