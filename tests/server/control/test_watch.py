"""The watch on a real app, with the clock in the test's hand: sources, long holds, the ledger, milestones."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from shutil import copytree

import msgspec
import pytest

from server.control.alarms import ALARM_CLEAR_MS, ALARMS_MAX
from server.control.watch import HELD_LONG_MS
from streaming.contests.contest import load_contest
from streaming.contests.rule_book import Rules
from streaming.errors import LedgerUnavailable
from tests.worlds.apps import FOUR_LEVELS, LEAF, NOW_MS, UNIT, app_of, client_of
from tests.worlds.watch_room import HOUR_MS, OpenRoom, rooms


@pytest.fixture
async def open_room(tmp_path: Path) -> AsyncIterator[OpenRoom]:
    async with rooms(tmp_path / "data") as open_room:
        yield open_room


async def test_a_source_is_told_with_what_it_sent(open_room: OpenRoom) -> None:
    room = open_room()
    room.app.state.sources.call("web", "Trang thi")
    room.app.state.sources._file._read_at_s = float("-inf")
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
        "rejected": {"unknown_unit": 1, "unknown_kind": 1}, "title": "Trang thi",
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
    assert await room.alarms() == [("source_silent", "web", "alert")], "its cause is over for less than a minute"
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


async def test_a_source_that_is_set_aside_alarms_when_it_speaks_and_no_more_by_its_silence(open_room: OpenRoom) -> None:
    room = open_room()
    await room.enter()
    await room.pass_ms(60_001)
    assert await room.alarms() == [("source_silent", "web", "alert")]
    await room.decide(kind="set_aside", source="web", reason="mất mạng")
    assert await room.alarms() == []
    await room.pass_ms(HOUR_MS)
    assert await room.alarms() == []
    await room.send()
    assert await room.alarms() == [("source_back", "web", "alert")]
    await room.decide(kind="await_source", source="web")
    assert await room.alarms() == []
    await room.pass_ms(60_001)
    assert await room.alarms() == [("source_silent", "web", "alert")]


async def test_a_burst_of_rejects_alarms(open_room: OpenRoom) -> None:
    room = open_room(rules=Rules(rejects_per_minute=10))
    await room.send(*[{"id": f"r{n}"} for n in range(10)])
    assert await room.alarms() == []
    await room.send({"id": "r"})
    assert await room.alarms() == [("rejects", "web", "alert")]


async def test_a_source_that_never_spoke_alarms_once_a_round_is_open(open_room: OpenRoom) -> None:
    room = open_room()
    opens_ms = room.store.contest.rounds[0].opens_ms
    room.clock.ms = opens_ms - HOUR_MS
    room.watch_anew()
    await room.look()
    await room.pass_ms(HOUR_MS - 1)
    assert await room.alarms() == [], "before the opening it need not be there"
    await room.pass_ms(1)
    await room.pass_ms(60_000)
    assert await room.alarms() == []
    await room.pass_ms(1)
    assert await room.alarms() == [("source_silent", "web", "alert")]
    state = await room.look()
    assert state["sources"][0]["state"] == "never"
    assert state["alarms"][0]["detail"] == {"heard": opens_ms, "heartbeat_s": 60}
    await room.send()
    assert (await room.look())["sources"][0]["state"] == "live"
    await room.pass_ms(60_000)
    assert await room.alarms() == []


async def test_what_is_held_for_long_stands_on_top_until_it_is_released(open_room: OpenRoom) -> None:
    room = open_room(rules=Rules(rejects_per_minute=10))
    await room.decide(kind="hold", unit=UNIT)
    await room.decide(kind="hold", unit=None)
    await room.pass_ms(HELD_LONG_MS)
    assert await room.alarms() == []
    await room.pass_ms(1)
    await room.pass_ms(1_000)
    await room.send(*[{"id": f"r{n}"} for n in range(11)])
    held = [("held_long", UNIT, "alert"), ("held_long", "all", "alert")]
    assert await room.alarms() == [*held, ("rejects", "web", "alert")]
    await room.decide(kind="release", unit=None)
    assert await room.alarms() == [held[0], ("rejects", "web", "alert")]
    await room.decide(kind="release", unit=UNIT)
    assert [*(await room.alarms()), *(await room.alarms(past=True))] == [("rejects", "web", "alert")]


async def test_what_is_held_while_everything_is_held_is_told_of_as_well(open_room: OpenRoom) -> None:
    room = open_room()
    await room.decide(kind="hold", unit=None)
    await room.decide(kind="hold", unit=UNIT)
    await room.pass_ms(HELD_LONG_MS + 1)
    assert [alarm[1] for alarm in await room.alarms()] == [UNIT, "all"]


async def test_entries_that_wait_to_be_verified_for_long_are_told_of_until_none_waits(open_room: OpenRoom) -> None:
    room = open_room()

    async def waiting() -> list[int]:
        alarms = (await room.look())["alarms"]
        return [alarm["detail"]["entries"] for alarm in alarms if alarm["id"] == "held_long:~quarantined"]

    await room.enter(2)
    await room.decide(kind="quarantine", entries=[["web", "e1"], ["web", "e2"], ["web", "still to come"]])
    assert await waiting() == []
    await room.pass_ms(HELD_LONG_MS)
    assert await waiting() == []
    await room.pass_ms(1)
    assert await waiting() == [2]
    await room.decide(kind="clear", entries=[["web", "e1"]])
    assert await waiting() == [1]
    await room.decide(kind="void", entries=[["web", "e2"]], reason="trùng")
    assert await waiting() == []
    await room.decide(kind="quarantine", entries=[["web", "e1"]])
    assert await waiting() == []
    await room.pass_ms(HELD_LONG_MS)
    assert await waiting() == []
    await room.pass_ms(1)
    assert await waiting() == [1]


async def test_a_unit_may_have_a_code_that_stands_for_something_else(open_room: OpenRoom, tmp_path: Path) -> None:
    folder = Path(copytree(FOUR_LEVELS, tmp_path / "contest"))
    units = (folder / "units.csv").read_text("utf-8")
    (folder / "units.csv").write_text(units.replace("P1D1X1,", "all,").replace("P1D1X2,", "quarantined,"), "utf-8")
    room = open_room(contest=load_contest(folder).contest)
    for unit in ("all", "quarantined"):
        await room.decide(kind="hold", unit=unit)
    await room.pass_ms(HELD_LONG_MS + 1)

    async def told() -> set[tuple[str, str | None, int | None]]:
        alarms = (await room.look())["alarms"]
        assert len({alarm["id"] for alarm in alarms}) == len(alarms)
        return {
            (each["subject"], each["detail"].get("unit"), each["detail"].get("entries"))
            for each in alarms
            if each["rule"] == "held_long"
        }

    units_told: set[tuple[str, str | None, int | None]] = {
        ("all", "all", None),
        ("quarantined", "quarantined", None),
    }
    assert await told() == units_told
    await room.enter(unit="P1D2X1")
    await room.decide(kind="quarantine", entries=[["web", "e1"]])
    await room.decide(kind="hold", unit=None)
    await room.pass_ms(1)
    await room.pass_ms(HELD_LONG_MS + 1)
    assert await told() == units_told | {("all", None, None), ("quarantined", None, 1)}
    await room.decide(kind="release", unit=None)
    await room.decide(kind="clear", entries=[["web", "e1"]])
    assert await told() == units_told


async def test_a_ledger_that_cannot_be_written_alarms_until_it_can(open_room: OpenRoom) -> None:
    room = open_room()
    with room.unwritable():
        with pytest.raises(LedgerUnavailable, match="another program holds a lock"):
            await room.enter()
        state = await room.look()
        assert state["ledger"] == {"ok": False, "reason": "another program holds a lock on it"}
        assert await room.alarms() == [("ledger", "ledger.db", "alert")]
    await room.enter()
    assert (await room.look())["ledger"] == {"ok": True, "reason": None}
    await room.pass_ms(ALARM_CLEAR_MS)
    assert ("ledger", "ledger.db", "alert") not in await room.alarms()


async def test_the_desk_s_topic_moves_only_when_something_changed(open_room: OpenRoom) -> None:
    room = open_room()
    await room.look()
    topic = room.store.watch.topic
    seq = topic.seq
    await room.look()
    assert topic.seq == seq
    assert (topic.name, topic.is_public) == ("watch", False)
    await room.enter()
    await room.look()
    assert topic.seq == seq + 1
    follows = msgspec.json.decode(topic.after(topic.epoch, seq) or b"{}")
    assert (follows["type"], follows["base"], set(follows["state"])) == ("delta", seq, {"sources"})


async def test_a_look_at_which_nothing_happened_touches_no_entry_and_reads_no_file(
    open_room: OpenRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = open_room(populations={LEAF: 1})
    await room.enter(3)
    await room.decide(kind="hold", unit=None)
    await room.look()

    def touched(*_: object) -> None:
        raise AssertionError

    fold = room.store.pump.fold
    monkeypatch.setattr(fold, "_entries", None)
    monkeypatch.setattr(type(fold), "gate_to_be", property(touched))
    monkeypatch.setattr("server.control.alarms.log.warning", touched)
    for file in (room.app.auth.accounts._file, room.app.state.sources._file):
        monkeypatch.setattr(file, "_read_at_s", float("inf"))
    monkeypatch.setattr(room.store.watch._watchdog._rules["population"], "populations", None)
    seq = room.store.watch.topic.seq
    for _ in range(3):
        room.store.watch.look()
    assert room.store.watch.topic.seq == seq


async def test_alarms_are_bounded_and_of_those_that_go_on_none_begins_anew(open_room: OpenRoom) -> None:
    room = open_room()
    alarms = room.store.watch._alarms

    def sound(from_: int, upto: int) -> None:
        for number in range(from_, upto):
            alarms.sound("population", f"u{number:03}", room.clock.ms, detail={})

    sound(0, 60)
    room.clock.ms += 1
    for _ in range(3):
        sound(0, ALARMS_MAX + 60)
        listed = (await room.look())["alarms"]
        assert len(listed) == ALARMS_MAX
        assert {alarm["since"] for alarm in listed} == {NOW_MS + 1}, "the latest"
        room.clock.ms += 200
    room.clock.ms += ALARM_CLEAR_MS
    assert len((await room.look())["alarms"]) == ALARMS_MAX
    assert len(alarms._by_id) == ALARMS_MAX, "of what is past no more is kept"


def test_a_watch_that_dies_is_noticed(tmp_path: Path) -> None:
    dead: list[str] = []
    app = app_of(tmp_path / "data", on_dead=dead.append)
    with client_of(app) as client:

        def broken() -> Mapping[str, int]:
            raise ZeroDivisionError

        app.state.live.watch._sources._heartbeats = broken
        while not dead:
            client.get("/healthz")
    assert dead == ["live watch"]
