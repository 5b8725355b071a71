"""A server that is started again: no source is silent before it could be heard, and what was seen stays seen."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.control.alarms import ALARM_CLEAR_MS
from server.control.seen import read_seen
from server.control.watch import HELD_LONG_MS, Watch
from streaming.fold.tally import COMPLETED
from tests.worlds.apps import LEAF, app_of
from tests.worlds.watch_room import HOUR_MS, WAIT_S, Room, rooms


async def caught_up(room: Room) -> None:
    async with asyncio.timeout(WAIT_S):
        while room.store.pump.is_behind:  # noqa: ASYNC110 - a pump has no event
            await asyncio.sleep(0.001)


async def alarms_of(room: Room) -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in (await room.look())["alarms"]}


async def test_no_source_is_silent_before_the_pump_has_caught_up_and_a_heartbeat_has_passed(tmp_path: Path) -> None:
    async with rooms(tmp_path / "data") as open_room:
        await open_room().enter(3)
    assert (tmp_path / "data" / "ledger.checkpoint").exists()
    async with rooms(tmp_path / "data") as open_room:
        room = open_room(set_ms=HOUR_MS)
        assert room.store.pump.is_behind
        for _ in range(3):
            room.clock.ms += 60_001
            room.store.watch.look()
            state = room.store.watch.topic.state
            assert (state["alarms"], [each.state for each in state["sources"]]) == ((), ["awaited"])
        await caught_up(room)
        assert await room.alarms() == []
        assert [each["state"] for each in (await room.look())["sources"]] == ["awaited"]
        await room.pass_ms(60_000)
        assert await room.alarms() == []
        await room.pass_ms(1)
        assert await room.alarms() == [("source_silent", "web", "alert")]
        assert room.total == 3
        assert room.store.pump.fold.public.counts[0]["VN"][COMPLETED] == 3


async def test_what_was_seen_stays_seen_over_a_start_until_its_cause_is_over(tmp_path: Path) -> None:
    async with rooms(tmp_path / "data") as open_room:
        room = open_room()
        await room.enter()
        await room.decide(kind="hold", unit=LEAF)
        await room.pass_ms(HELD_LONG_MS + 1)
        since = {each["id"]: each["since"] for each in (await room.look())["alarms"]}
        assert set(since) == {"source_silent:web", f"held_long:{LEAF}"}
        for alarm in since:
            assert room.store.watch.see(alarm)
        await room.store.watch.keep_seen()
    file = tmp_path / "data" / "ledger.seen"
    assert file.stat().st_mode & 0o777 == 0o600
    async with rooms(tmp_path / "data") as open_room:
        room = open_room(set_ms=HOUR_MS)
        for ms in (0, 59_000, 59_000, 59_000):
            await room.pass_ms(ms)
            await caught_up(room)
            alarms = await alarms_of(room)
            assert {id_: (each["seen"], each["past"], each["since"]) for id_, each in alarms.items()} == {
                id_: (True, False, since_ms) for id_, since_ms in since.items()
            }
        await room.send()
        for _ in range(2):
            await room.pass_ms(ALARM_CLEAR_MS // 2)
        await room.store.watch.keep_seen()
        assert set(await alarms_of(room)) == {f"held_long:{LEAF}"}
        assert [each.rule for each in read_seen(file)] == ["held_long"]


async def test_the_wait_of_what_is_to_be_verified_goes_on_over_a_start(tmp_path: Path) -> None:
    async with rooms(tmp_path / "data") as open_room:
        room = open_room()
        await room.enter()
        await room.decide(kind="quarantine", entries=[["web", "e1"]])
        await room.look()
        await room.pass_ms(HELD_LONG_MS + 1)
        assert room.store.watch.see("held_long:~quarantined")
        await room.store.watch.keep_seen()
    async with rooms(tmp_path / "data") as open_room:
        room = open_room(set_ms=HOUR_MS)
        await caught_up(room)
        seen = [(each["id"], each["seen"]) for each in (await room.look())["alarms"] if each["rule"] == "held_long"]
        assert seen == [("held_long:~quarantined", True)]


@pytest.mark.parametrize("content", [b"", b"[", b'[{"rule":1}]', b"x" * 2_000_000])
def test_a_file_that_cannot_be_read_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "ledger.seen").write_bytes(content)
    assert read_seen(tmp_path / "ledger.seen") == []
    assert read_seen(tmp_path / "none.seen") == []


async def test_a_file_that_cannot_be_written_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = app_of(tmp_path / "data")
    watch: Watch = app.open().live.watch
    watch._alarms.sound("ledger", "ledger.db", 0, detail={})
    watch.see("ledger:ledger.db")
    monkeypatch.setattr(watch, "_seen_file", tmp_path / "no folder" / "ledger.seen")
    await watch.keep_seen()
    app.close()
    assert msgspec.to_builtins(watch._kept)[0]["rule"] == "ledger"
