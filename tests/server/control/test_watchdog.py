"""Rules on a real app: they are decided before the next frame, and leave the last word to an operator."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.control.holds import UNWRITTEN_MAX
from streaming.contests.rule_book import Rules
from streaming.contests.units import UnitCode
from streaming.fold.entry import Entry
from streaming.ledger.rows import Draft
from streaming.rules.cooldown import GONE_MS
from tests.worlds.apps import LEAF, NOW_MS, UNIT
from tests.worlds.watch_room import WAIT_S, OpenRoom, Room, crowd, rooms

PERSON_RATE = Rules(hold=("person_rate",))
POPULATION = Rules(hold=("population",))


@pytest.fixture
async def open_room(tmp_path: Path) -> AsyncIterator[OpenRoom]:
    async with rooms(tmp_path / "data") as open_room:
        yield open_room


@pytest.mark.parametrize("holds", [False, True])
async def test_a_rule_alerts_and_holds_only_if_the_contest_says_so(open_room: OpenRoom, *, holds: bool) -> None:
    room = open_room(rules=Rules(hold=("person_rate",) if holds else ()))
    await room.look()
    await room.enter(6, person="u1")
    assert await room.alarms() == [("person_rate", LEAF, "hold" if holds else "alert")]
    await room.folded()
    await room.enter(2)
    assert room.total == (6 if holds else 8)
    made = [(each["by"], each["kind"], each["unit"], each["rule"], each["detail"]) for each in room.decisions()]
    assert made == [("system", "hold", LEAF, "person_rate", {"entries": 6})] * holds


async def test_the_past_of_an_earlier_run_is_known(open_room: OpenRoom) -> None:
    room = open_room()
    for minute in range(60):
        room.clock.ms = NOW_MS + minute * 60_000
        body = b'{"kind":"completed","unit":"%b","at":%d}' % (LEAF.encode(), NOW_MS)
        await room.store.ledger.append([Draft("participation", "web", f"p{minute}", b"", body)])
    room.clock.ms += 60_000
    await room.folded()
    await room.look()
    await room.enter(60)
    assert ("unit_pace", LEAF, "alert") in await room.alarms()


async def test_what_a_rule_asks_for_is_decided_before_the_frame_of_the_rows_that_ask(open_room: OpenRoom) -> None:
    room = open_room(rules=PERSON_RATE)
    await room.look()
    seqs: list[int] = []
    room.store.topic("board").listeners.add(lambda _base, seq, _payload: seqs.append(seq))
    await room.enter(6, person="u1")
    await room.folded()
    hold = room.store.pump.fold.gate.held[LEAF].since
    assert (hold, seqs) == (8, [8]), "nobody has looked, and no frame has left without it"
    await room.enter(2)
    assert room.total == 6


async def test_a_rule_takes_nothing_off_air(open_room: OpenRoom) -> None:
    room = open_room(rules=POPULATION, populations={LEAF: 5})
    await room.look()
    await crowd(room, 5)
    assert (room.total, room.held) == (5, set())
    await crowd(room, 4)
    assert (room.total, room.held) == (9, {LEAF})
    await crowd(room, 4)
    assert room.total == 9


async def test_what_an_operator_releases_stays_released_while_the_cause_lasts(open_room: OpenRoom) -> None:
    room = open_room(rules=POPULATION, populations={LEAF: 5})
    await room.look()
    await crowd(room, 6)
    assert room.held == {LEAF}
    await room.decide(kind="release", unit=LEAF)
    for _ in range(5):
        await room.pass_ms(GONE_MS // 2)
        await crowd(room, 1)
    assert (room.total, room.held) == (11, set())
    assert await room.alarms() == [("population", LEAF, "hold")], "it is told all the while"
    await crowd(room, 1)
    assert room.held == {LEAF}, "twice as many as there were when somebody decided that it is all right"


async def test_a_new_cause_is_one_that_had_gone(open_room: OpenRoom) -> None:
    room = open_room(rules=PERSON_RATE)
    await room.look()
    await room.enter(6, person="u1")
    await room.decide(kind="release", unit=LEAF)
    await room.enter(3, person="u1")
    assert room.held == set()
    await room.pass_ms(2 * GONE_MS)
    await room.send()
    await room.enter(6, person="u2")
    assert room.held == {LEAF}
    assert [each["kind"] for each in room.decisions()] == ["hold", "release", "hold"]


async def test_a_start_does_not_forget_that_somebody_released(open_room: OpenRoom) -> None:
    room = open_room(rules=POPULATION, populations={LEAF: 5, "P1D1X2": 0})
    await room.look()
    await crowd(room, 6)
    await room.decide(kind="release", unit=LEAF)
    room.watch_anew()
    await room.look()
    await crowd(room, 1)
    assert room.held == set()
    await crowd(room, 1, "P1D1X2")
    assert room.held == {"P1D1X2"}, "a ground for which nothing was ever held is new"


@pytest.mark.parametrize("unit", [LEAF, UNIT])
async def test_a_rule_does_not_hold_what_an_operator_holds_already_nor_once_it_is_released(
    open_room: OpenRoom, unit: str
) -> None:
    room = open_room(rules=POPULATION, populations={LEAF: 5})
    await room.look()
    await room.decide(kind="hold", unit=unit)
    await crowd(room, 6)
    assert room.held == {unit}
    await room.decide(kind="release", unit=unit)
    await crowd(room, 1)
    assert (room.held, room.total) == (set(), 7)
    assert [each["by"] for each in room.decisions()] == ["account:1", "account:1"]


async def test_while_everything_is_held_a_rule_holds_for_after_the_release(open_room: OpenRoom) -> None:
    room = open_room(rules=POPULATION, populations={LEAF: 5})
    await room.look()
    await room.decide(kind="hold", unit=None, final=True)
    await crowd(room, 6)
    await crowd(room, 3)
    await room.decide(kind="release", unit=None)
    assert (room.total, room.held) == (6, {LEAF})


async def test_a_rule_holds_while_the_ledger_cannot_be_written_and_is_refused_beyond_the_bound(
    open_room: OpenRoom,
) -> None:
    room = open_room(rules=PERSON_RATE)
    await room.look()
    desk = room.store.desk
    with room.unwritable():
        for _ in range(UNWRITTEN_MAX):
            desk.hold_by_rule("P2D1X1", "person_rate", {"entries": 6})
        entries = [entry_of(room, entry) for entry in range(6)]
        room.store.watch._watchdog.see(entries, room.store.contest.tree)
        state = await room.look()
        assert len(state["unwritten"]) == UNWRITTEN_MAX
        assert state["unwritten"][0]["by"] == "system"
        assert not desk.is_held(LEAF)
        await room.look()
    async with asyncio.timeout(WAIT_S):
        while desk.unwritten:  # noqa: ASYNC110 - the ledger tries again by itself
            await asyncio.sleep(0.01)
    await room.look()
    assert desk.is_held(LEAF), "it is asked for until it is taken"
    async with asyncio.timeout(WAIT_S):
        while desk.unwritten:  # noqa: ASYNC110 - nor has this an event
            await asyncio.sleep(0.01)
    await room.folded()
    assert room.held == {"P2D1X1", LEAF}


def entry_of(room: Room, number: int) -> Entry:
    return Entry(
        number, "web", f"x{number}", UnitCode(LEAF), "completed", room.clock.ms, room.clock.ms, "u1", None, None
    )
