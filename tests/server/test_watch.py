"""The watch on a real app, with the clock in the test's hand: sources, rules, long holds, the ledger, milestones."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.app import App
from server.store import Store
from server.watch import ALARM_CLEAR_MS, ALARMS_MAX, HELD_LONG_MS
from streaming.contest import ContestFolder, load_contest
from streaming.rows import Draft
from streaming.rule_book import Rules
from tests.server.apps import FOUR_LEVELS, NOW_MS, app_of
from tests.server.test_leak import LEAF, UNIT

WAIT_S = 10.0
HOUR_MS = 3_600_000


class Clock:
    def __init__(self) -> None:
        self.ms = NOW_MS
        self.s = 0.0

    def __call__(self) -> int:
        return self.ms


class Room:
    """An app's live store, its pump running, its watch looked through by hand."""

    def __init__(self, app: App, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self.entries = 0
        self.secret = app.open().sources.add("web")
        self.store.watch._monotonic_s = lambda: clock.s

    @property
    def store(self) -> Store:
        return self.app.state.live

    async def send(self, *items: dict[str, Any]) -> None:
        await self.store.intake.take("web", msgspec.json.encode(list(items)), "application/json")

    async def enter(self, count: int = 1, unit: str = LEAF, **fields: Any) -> None:
        items = []
        for _ in range(count):
            self.entries += 1
            at = "2024-01-01T08:00:00+07:00"
            items.append({"id": f"e{self.entries}", "kind": "completed", "unit": unit, "at": at} | fields)
        await self.send(*items)
        await self.folded()

    async def folded(self) -> None:
        async with asyncio.timeout(WAIT_S):
            while self.store.pump.moved_seq < self.store.ledger.head:  # noqa: ASYNC110 - a fold has no event
                await asyncio.sleep(0.001)

    async def pass_ms(self, ms: int) -> None:
        self.clock.ms += ms
        self.clock.s += ms / 1000
        await self.look()

    async def look(self) -> dict[str, Any]:
        await self.store.watch.look()
        return dict(self.store.watch.topic.state)

    async def alarms(self, *, past: bool = False) -> list[tuple[str, str, str]]:
        state = await self.look()
        return [(each["rule"], each["subject"], each["level"]) for each in state["alarms"] if each["past"] is past]


OpenRoom = Callable[..., Room]


@pytest.fixture
async def open_room(tmp_path: Path) -> AsyncIterator[OpenRoom]:
    opened: list[tuple[App, asyncio.Task[None]]] = []

    def open_(**changes: Any) -> Room:
        clock = Clock()
        folder = load_contest(FOUR_LEVELS)
        folder = ContestFolder(**(vars(folder) | changes))
        room = Room(app_of(tmp_path / "data", contest=folder, now_ms=clock, tick_ms=50), clock)
        opened.append((room.app, asyncio.create_task(room.store.pump.run())))
        return room

    yield open_
    for app, task in opened:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        app.close()


async def test_a_source_is_told_with_what_it_sent(open_room: OpenRoom) -> None:
    room = open_room()
    (source,) = (await room.look())["sources"]
    assert (source["name"], source["state"], source["accepted"]) == ("web", "never", 0)
    await room.enter(3)
    await room.send(
        {"id": "e1", "kind": "completed", "unit": LEAF, "at": "2024-01-01T08:00:00+07:00"},
        {"id": "x", "kind": "completed", "unit": "zz", "at": "2024-01-01T08:00:00+07:00"},
        {"id": "y", "kind": "guessed", "unit": LEAF, "at": "2024-01-01T08:00:00+07:00"},
    )
    (source,) = (await room.look())["sources"]
    assert source == {
        "name": "web", "state": "live", "heartbeat_s": 60, "heard": NOW_MS, "last_entry": NOW_MS,
        "lag_ms": source["lag_ms"], "accepted": 3, "duplicates": 1,
        "rejected": {"unknown_unit": 1, "unknown_kind": 1},
    }  # fmt: skip
    assert source["lag_ms"] == NOW_MS - 1_704_070_800_000


async def test_a_source_that_falls_silent_alarms_and_holds_the_as_of_time(open_room: OpenRoom) -> None:
    room = open_room()
    await room.enter()
    await room.pass_ms(60_000)
    assert await room.alarms() == []
    await room.pass_ms(1)
    assert await room.alarms() == [("source_silent", "web", "alert")]
    (source,) = (await room.look())["sources"]
    assert (source["state"], source["heard"]) == ("silent", NOW_MS)
    assert room.store.topic("board").heard_ms == NOW_MS
    await room.send()
    assert (await room.look())["sources"][0]["state"] == "live"
    await room.pass_ms(59_000)
    assert await room.alarms() == [("source_silent", "web", "alert")], "its ground is gone for less than a minute"
    await room.send()
    await room.pass_ms(1_001)
    assert await room.alarms() == []
    assert await room.alarms(past=True) == [("source_silent", "web", "alert")]
    assert room.store.watch.see("source_silent:web")
    assert await room.alarms(past=True) == []
    assert not room.store.watch.see("source_silent:web")


async def test_a_source_that_may_not_send_any_more_is_off(open_room: OpenRoom) -> None:
    room = open_room()
    await room.enter()
    room.app.state.sources.revoke("web")
    room.app.state.sources._file._read_at_s = float("-inf")
    await room.pass_ms(HOUR_MS)
    (source,) = (await room.look())["sources"]
    assert source["state"] == "off"
    assert await room.alarms() == []


@pytest.mark.parametrize("holds", [False, True])
async def test_a_rule_alerts_and_holds_only_if_the_contest_says_so(open_room: OpenRoom, *, holds: bool) -> None:
    room = open_room(rules=Rules(hold=("person_rate",) if holds else ()))
    await room.look()
    await room.enter(6, person="u1")
    assert await room.alarms() == [("person_rate", LEAF, "hold" if holds else "alert")]
    await room.folded()
    await room.enter(2)
    root = room.store.contest.tree.root.code
    shown = room.store.topic("board").rows[root][2]
    assert shown == (6 if holds else 8)
    decisions = [row for row in room.store.ledger.read() if row.type == "decision"]
    assert len(decisions) == 1 + holds
    if holds:
        body = msgspec.json.decode(decisions[1].body)
        assert (body["kind"], body["unit"], body["rule"], body["detail"]) == (
            "hold",
            LEAF,
            "person_rate",
            {"entries": 6},
        )
        assert decisions[1].by == "system"
    assert len([row for row in room.store.ledger.read() if row.type == "decision"]) == 1 + holds, "held once"


async def test_the_past_of_an_earlier_run_is_known(open_room: OpenRoom) -> None:
    room = open_room()
    ledger = room.store.ledger
    for minute in range(60):
        room.clock.ms = NOW_MS + minute * 60_000
        body = b'{"kind":"completed","unit":"%b","at":%d}' % (LEAF.encode(), NOW_MS)
        await ledger.append([Draft("participation", "web", f"p{minute}", b"", body)])
    room.clock.ms += 60_000
    await room.folded()
    await room.look()
    await room.enter(60)
    assert ("unit_pace", LEAF, "alert") in await room.alarms()


async def test_a_burst_of_rejects_alarms(open_room: OpenRoom) -> None:
    room = open_room(rules=Rules(rejects_per_minute=10))
    await room.send(*[{"id": f"r{n}"} for n in range(10)])
    assert await room.alarms() == []
    await room.send({"id": "r"})
    assert await room.alarms() == [("rejects", "web", "alert")]


async def test_what_is_held_for_long_stands_on_top(open_room: OpenRoom) -> None:
    room = open_room()
    await room.store.ledger.append([decision(kind="hold", unit=UNIT), decision(kind="hold", unit=None)])
    await room.folded()
    await room.pass_ms(HELD_LONG_MS)
    assert await room.alarms() == []
    await room.pass_ms(1)
    assert sorted(await room.alarms()) == [("held_long", UNIT, "alert"), ("held_long", "all", "alert")]


async def test_a_ledger_that_cannot_be_written_alarms_until_it_can(open_room: OpenRoom) -> None:
    room = open_room()
    other = sqlite3.connect(room.store.ledger.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Exception, match="another program holds a lock"):
        await room.store.ledger.append([decision(kind="hold", unit=None)])
    state = await room.look()
    assert state["ledger"] == {"ok": False, "reason": "another program holds a lock on it"}
    assert await room.alarms() == [("ledger", "ledger.db", "alert")]
    other.execute("ROLLBACK")
    other.close()
    await room.enter()
    assert (await room.look())["ledger"] == {"ok": True, "reason": None}
    await room.pass_ms(ALARM_CLEAR_MS)
    assert ("ledger", "ledger.db", "alert") not in await room.alarms()


async def test_a_milestone_is_written_once_after_five_seconds(open_room: OpenRoom) -> None:
    room = open_room(milestones=(5, 10))
    await room.look()
    await room.enter(6)
    await room.look()
    await room.pass_ms(4_900)
    assert room.store.topic("board").state.get("milestone") is None
    await room.pass_ms(200)
    await room.folded()
    assert room.store.topic("board").state["milestone"] == {"value": 5, "at": room.clock.ms}
    await room.pass_ms(60_000)
    written = [msgspec.json.decode(row.body) for row in room.store.ledger.read() if row.type == "decision"]
    assert [body["value"] for body in written if body["kind"] == "milestone"] == [5]


async def test_the_desk_s_topic_moves_only_when_something_changed(open_room: OpenRoom) -> None:
    room = open_room()
    await room.look()
    topic = room.store.watch.topic
    seq = topic.seq
    await room.look()
    assert topic.seq == seq
    assert (topic.name, topic.is_public) == ("desk", False)
    await room.enter()
    await room.look()
    assert topic.seq == seq + 1
    follows = msgspec.json.decode(topic.after(topic.epoch, seq) or b"{}")
    assert (follows["type"], follows["base"], set(follows["state"])) == ("delta", seq, {"sources"})


async def test_alarms_are_bounded(open_room: OpenRoom) -> None:
    room = open_room()
    for number in range(ALARMS_MAX + 20):
        room.store.watch._alarms.sound("rejects", f"s{number}", room.clock.ms + number, detail={})
    assert len((await room.look())["alarms"]) == ALARMS_MAX


def decision(**body: Any) -> Draft:
    return Draft("decision", "account:1", None, None, msgspec.json.encode(body))
