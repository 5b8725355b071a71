"""A machine's clock that somebody sets, while the server runs and while it does not: what screens and operators see."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from server.control.alarms import ALARM_CLEAR_MS
from streaming.audit.recount import differences
from streaming.clock_rows import CLOCK_ROW_MS
from streaming.fold.tally import ALL, COMPLETED, PACE
from streaming.rules.milestones import CROSSED_S
from tests.worlds.apps import LEAF, NOW_MS, app_of, client_of
from tests.worlds.clocks import Clock
from tests.worlds.watch_room import HOUR_MS, WAIT_S, OpenRoom, Room, is_live, rooms, wide

SET_MS = (-7 * HOUR_MS, -HOUR_MS, -90_000, 600_000, HOUR_MS, 7 * HOUR_MS)
MILESTONE_MS = 20_000
"""As dashboard/static/js/ui/milestone.js has it."""

pytestmark = pytest.mark.parametrize("by_ms", SET_MS, ids=lambda by_ms: f"{by_ms // 1000:+d}s")


@pytest.fixture
async def open_room(tmp_path: Path) -> AsyncIterator[OpenRoom]:
    async with rooms(tmp_path / "data") as open_room:
        yield open_room


async def enter(room: Room, count: int) -> None:
    at = datetime.fromtimestamp(room.clock.ms // 1000, UTC)
    await room.enter(count, at=at.isoformat())


async def settled(room: Room) -> None:
    """Let a quiet pump follow the clock."""
    async with asyncio.timeout(WAIT_S):
        while room.store.ledger.last_received_ms > room.clock.ms:  # noqa: ASYNC110 - a ledger has no event
            await asyncio.sleep(0.001)
    await room.folded()


def prove(room: Room) -> None:
    """The audit agrees, and only jumps set time back."""
    rows = list(room.store.ledger.read())
    assert differences(room.store.pump.fold, rows) == []
    back = [later for earlier, later in pairwise(rows) if later.received_ms < earlier.received_ms]
    assert {row.type for row in back} <= {"clock"}
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))


async def test_while_it_runs_everything_goes_on_from_the_new_time(open_room: OpenRoom, by_ms: int) -> None:
    room = open_room(contest=wide(), milestones=(3,))
    await enter(room, 2)
    await room.pass_ms(20_000)
    assert await room.alarms() == []
    room.clock.set(by_ms)
    await room.look()
    await settled(room)
    # What the source sent last goes by the clock of before: of one that was set back it says that it is behind now.
    ahead = [("clock", "sources", "alert")] if by_ms < 0 else []
    assert await room.alarms() == [*ahead, ("clock", "step", "alert")]
    assert room.app.hub.now_ms() == room.app.state.now_ms() == room.clock.ms
    if by_ms < 0:
        # What was received and heard was received and heard when it was.
        assert room.store.pump.heard_ms == {"web": room.clock.ms - 20_000}
        assert is_live(room)
        assert room.store.pump.fold.public.counts[ALL]["P1"][PACE] == 2
    await enter(room, 2)
    assert room.store.intake.witnesses.behind_ms is None
    assert is_live(room)
    assert room.total == 4
    assert room.store.ledger.last_received_ms == room.clock.ms
    await room.look()
    room.stopwatch.s += CROSSED_S
    await room.look()
    await room.folded()
    milestone = room.store.topic("board").state["milestone"]
    assert (milestone.value, abs(room.app.hub.now_ms() - milestone.at) < MILESTONE_MS) == (3, True)
    await room.pass_ms(60_000)
    assert ("source_silent", "web", "alert") not in await room.alarms()
    await room.pass_ms(1)
    assert ("source_silent", "web", "alert") in await room.alarms()
    assert not is_live(room)
    await room.pass_ms(5 * 60_000)
    await settled_pace(room)
    prove(room)


async def settled_pace(room: Room) -> None:
    async with asyncio.timeout(WAIT_S):
        while room.store.pump.fold.public.counts[ALL]["P1"][PACE]:
            room.clock.ms += CLOCK_ROW_MS
            await asyncio.sleep(0.01)


async def test_a_source_that_goes_on_sending_is_never_told_to_be_silent(open_room: OpenRoom, by_ms: int) -> None:
    room = open_room(contest=wide())
    for number in range(12):
        await enter(room, 1)
        if number == 6:
            room.clock.set(by_ms)
        await room.pass_ms(10_000)
        assert [alarm for alarm in await room.alarms() if alarm[0] != "clock"] == []
    await room.pass_ms(ALARM_CLEAR_MS)
    assert await room.alarms(past=True) == [("clock", "step", "alert")]


async def test_a_start_after_it_was_set_goes_on_from_now(tmp_path: Path, by_ms: int) -> None:
    async with rooms(tmp_path / "data") as open_room:
        room = open_room(contest=wide())
        await enter(room, 4)
        await room.pass_ms(1_000)
        await room.folded()
    # As after a kill -9: the checkpoint, if there is one, is an older one.
    (tmp_path / "data" / "ledger.checkpoint").unlink(missing_ok=True)
    async with rooms(tmp_path / "data") as open_room:
        room = open_room(contest=wide(), set_ms=by_ms)
        room.entries = 4
        await room.look()
        await settled(room)
        expected = [("clock", "row", "alert")] if by_ms < 0 else []
        assert await room.alarms() == expected
        assert room.total == 4
        assert (room.store.pump.fold.now_ms <= room.clock.ms, room.app.hub.now_ms()) == (True, room.clock.ms)
        assert room.store.pump.heard_ms["web"] <= room.clock.ms
        await enter(room, 1)
        assert is_live(room)
        assert (room.total, room.store.topic("board").at_ms) == (5, room.clock.ms)
        prove(room)
        epoch = room.store.topic("board").epoch
    async with rooms(tmp_path / "data") as open_room:
        room = open_room(contest=wide(), set_ms=by_ms)
        await room.folded()
        assert (room.total, room.store.topic("board").epoch) == (5, epoch)
        # Nobody runs the rehearsal store here.
        assert {note.ledger for note in room.app.clock.notes_since(0)} <= {"rehearsal.db"}


def test_readyz_tells_and_stays_200(tmp_path: Path, by_ms: int) -> None:
    clock = Clock(NOW_MS)
    app = app_of(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed)
    with client_of(app) as client:
        assert client.get("/readyz").json()["warnings"] == []
        clock.set(by_ms)
        answer = client.get("/readyz")
        way = "ahead" if by_ms > 0 else "back"
        assert answer.status_code == 200
        (warning,) = answer.json()["warnings"]
        assert warning.startswith(f"clock: it was set {way} by {abs(by_ms) // 1000} s, to 20")
        beat = client.get("/live/board").headers["diem-cau-at"]
        assert int(beat) == clock.ms == NOW_MS + by_ms


async def test_what_people_and_rules_wait_for_is_told_by_the_new_time(open_room: OpenRoom, by_ms: int) -> None:
    room = open_room(contest=wide())
    await enter(room, 1)
    await room.decide(kind="hold", unit=LEAF)
    await room.pass_ms(4 * 60_000)
    await room.send()
    room.clock.set(by_ms)
    await room.look()
    await settled(room)
    await room.send()
    held = [alarm for alarm in await room.alarms() if alarm[0] == "held_long"]
    if by_ms > 60_000 or by_ms < 0:
        assert bool(held) is (by_ms > 0), "a hold of four minutes is not held for long"
    for _ in range(2):
        await room.pass_ms(50_000)
        await room.send()
    if by_ms != -90_000:  # Told before the clock comes there again, it may be a minute and a half older.
        assert ("held_long", LEAF, "alert") in await room.alarms()
    (source,) = (await room.look())["sources"]
    assert source["last_entry"] == room.clock.ms - 4 * 60_000 - 100_000
    assert room.store.pump.fold.whole.counts[ALL]["P1"][COMPLETED] == 1
