"""Rounds that open by a launch: which, when, over which numbers, and what the room is asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.app import App
from server.control.asked import ASKED, StoreAsked
from server.control.asked_evening import RundownAsked
from server.control.openings import ASK_MS, EARLY_MS, is_written
from server.control.watch_state import OpeningShown
from streaming.decisions.kinds import read_decision
from streaming.decisions.rounds import RoundMoved, WaitForButton
from streaming.errors import LedgerUnavailable
from streaming.program.names import HALL
from streaming.program.output import Hand
from streaming.program.rundown import Item
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import NOW_MS, WAIT_S, app_of
from tests.worlds.clocks import Clock

LAN = Hand("account:1")
OPENS_MS = NOW_MS - 3_600_000
"""When the contest's one round opens."""
ITEMS = (
    Item(id="speech", title="Phát biểu", duration_s=1_200),
    Item(id="launch", title="Nghi thức phát động", scene="launch", duration_s=60),
)


class Room:
    def __init__(self, app: App, clock: Clock) -> None:
        self.app, self.clock = app, clock
        self.state = app.state
        self.openings = app.state.openings

    def do(self, what: str, **asked: Any) -> None:
        self.clock.ms += PRESS_AGAIN_MS
        self.state.outputs.steer(HALL, LAN, ASKED[what](**asked))

    def plan(self, *items: Item) -> None:
        self.state.outputs.steer(HALL, LAN, RundownAsked(items=items))

    def launch(self, opens: str = "plan", **asked: Any) -> int:
        """Give the launch; returns when it fires."""
        self.do("take", scene="launch", settings={"opens": raw(opens)})
        self.do("launch", **asked)
        cue = self.state.outputs.of(HALL).cue
        assert cue is not None
        self.clock.ms = max(self.clock.ms, cue.at)
        return cue.at

    async def wait(self, n: int = 1) -> None:
        await self.state.live.desk.decide("account:1", WaitForButton(n=n, seen=self.state.live.ledger.head))

    @property
    def opens_ms(self) -> int:
        return self.state.live.pump.fold.rounds[0].opens_ms

    def opened(self, rehearsal: bool = False) -> list[tuple[int, int | None, str]]:
        """What launches have opened, by the ledger: when, by which cue, by whom."""
        rows = list(self.state.store(rehearsal=rehearsal).ledger.decisions())
        found = [(read_decision(row), row.by) for row in rows]
        return [(each.opens_ms, each.cue, by) for each, by in found if isinstance(each, RoundMoved) and each.cue]

    async def wait_again(self) -> None:
        """Let the round wait once more, by hand: the launch was a mistake."""
        closes_ms = self.state.live.pump.fold.rounds[0].closes_ms
        draft = RoundMoved(n=1, opens_ms=closes_ms, closes_ms=closes_ms).draft("account:1")
        await self.state.live.pump.folded((await self.state.live.ledger.append([draft])).seq)


def raw(text: str) -> Any:
    return msgspec.Raw(msgspec.json.encode(text))


@asynccontextmanager
async def evening(data: Path, now_ms: int) -> AsyncIterator[Room]:
    clock = Clock(now_ms)
    app = app_of(data, now_ms=clock, elapsed_ms=clock.elapsed, tick_ms=50)
    app.open()
    pumps = [asyncio.create_task(store.pump.run()) for store in app.state.stores]
    try:
        async with asyncio.timeout(WAIT_S):
            while any(store.pump.is_behind for store in app.state.stores):  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.001)
        yield Room(app, clock)
    finally:
        for pump in pumps:
            pump.cancel()
        await asyncio.wait(pumps)
        app.close()


async def test_a_launch_opens_the_round_that_waits_at_its_own_time_and_once(tmp_path: Path) -> None:
    async with evening(tmp_path, OPENS_MS - ASK_MS) as room:
        await room.wait()
        assert room.openings.shown("live") == OpeningShown(1, "waits")
        room.clock.ms = OPENS_MS + 300_000
        fires_ms = room.launch()
        assert room.opened() == []
        assert await room.openings.look()
        (found,) = room.opened()
        cue = room.state.outputs.of(HALL).cue
        assert cue is not None
        assert found == (fires_ms, cue.id, "account:1")
        assert room.opens_ms == fires_ms
        assert await room.openings.look()
        assert len(room.opened()) == 1
        assert room.openings.shown("live") is None


async def test_a_cue_does_not_wait_for_a_disk_that_fails_and_the_room_hears_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with evening(tmp_path, OPENS_MS - ASK_MS) as room:
        await room.wait()
        fires_ms = room.launch()

        async def fails(*_: Any) -> Any:
            raise LedgerUnavailable("the disk is full")

        with monkeypatch.context() as patched:
            patched.setattr(room.state.live.desk, "decide", fails)
            assert not await room.openings.look()
            assert room.openings.shown("live") == OpeningShown(1, "late", fires_ms)
            # Whatever is on air since, the launch was given.
            room.do("take", scene="live")
            assert not await room.openings.look()
        assert await room.openings.look()
        assert [each[0] for each in room.opened()] == [fires_ms]
        assert room.openings.shown("live") is None


@pytest.mark.parametrize(("opens", "before_ms", "is_opened"), [
    ("plan", 60_000, False), ("press", 60_000, True), ("press", EARLY_MS + 60_000, False), ("press", -60_000, False),
])  # fmt: skip
async def test_a_launch_that_opens_now_opens_what_was_about_to_open(
    tmp_path: Path, opens: str, before_ms: int, is_opened: bool
) -> None:
    async with evening(tmp_path, OPENS_MS - before_ms) as room:
        fires_ms = room.launch(opens)
        assert await room.openings.look()
        assert [each[0] for each in room.opened()] == ([fires_ms] if is_opened else [])
        assert room.opens_ms == (fires_ms if is_opened else OPENS_MS)


async def test_a_launch_that_is_put_away_before_its_time_opens_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path, OPENS_MS - ASK_MS) as room:
        await room.wait()
        room.do("take", scene="launch")
        room.do("launch", at_ms=room.clock.ms + 20_000)
        room.do("standby")
        room.clock.ms += 60_000
        assert await room.openings.look()
        assert room.opened() == []


async def test_a_launch_of_another_output_opens_nothing(tmp_path: Path) -> None:
    async with evening(tmp_path, OPENS_MS - ASK_MS) as room:
        await room.wait()
        room.state.outputs.add("tv1", LAN)
        room.state.outputs.steer("tv1", LAN, ASKED["launch"]())
        room.clock.ms += 60_000
        assert await room.openings.look()
        assert room.opened() == []


async def test_in_rehearsal_the_rehearsals_round_opens(tmp_path: Path) -> None:
    async with evening(tmp_path, OPENS_MS - 60_000) as room:
        room.state.outputs.steer(HALL, LAN, StoreAsked(store="rehearsal"))
        fires_ms = room.launch("press")
        assert await room.openings.look()
        assert ([each[0] for each in room.opened(rehearsal=True)], room.opened()) == ([fires_ms], [])


async def test_a_start_opens_what_a_kill_has_left_undone_and_nothing_that_was_undone_since(tmp_path: Path) -> None:
    async with evening(tmp_path, OPENS_MS - ASK_MS) as room:
        await room.wait()
        fires_ms = room.launch()
    async with evening(tmp_path, fires_ms + 5_000) as room:
        assert await room.openings.look()
        assert [each[0] for each in room.opened()] == [fires_ms]
        cue = room.state.outputs.of(HALL).cue
        assert cue is not None
        assert is_written(room.state.live.ledger, cue.id)
        await room.wait_again()
    async with evening(tmp_path, fires_ms + 10_000) as room:
        assert await room.openings.look()
        assert len(room.opened()) == 1


# The question.


async def test_the_room_is_asked_ten_minutes_before_if_the_evening_is_late(tmp_path: Path) -> None:
    async with evening(tmp_path, OPENS_MS - ASK_MS - 60_000) as room:
        room.plan(*ITEMS)
        assert room.openings.shown("live") is None
        room.do("next")
        assert room.openings.shown("live") is None, "it is too early to ask"
        room.clock.ms = OPENS_MS - ASK_MS
        began_ms = room.state.outputs.of(HALL).running.since
        assert began_ms is not None
        asked = OpeningShown(1, "asks", OPENS_MS, began_ms + 1_200_000)
        assert room.openings.shown("live") == asked
        assert room.openings.shown("rehearsal") is None
        room.openings.keep_plan("live", 1)
        assert room.openings.shown("live") is None


async def test_nobody_is_asked_of_an_evening_in_time_nor_at_the_launch_nor_after_it(tmp_path: Path) -> None:
    async with evening(tmp_path, OPENS_MS - ASK_MS) as room:
        assert room.openings.shown("live") is None, "nobody has begun anything"
        short = (Item(id="speech", title="Phát biểu", duration_s=60), ITEMS[1])
        room.plan(*short)
        room.do("next")
        assert room.openings.shown("live") is None
        room.plan(*ITEMS)
        assert room.openings.shown("live") is not None
        room.do("next", item="launch")
        assert room.openings.shown("live") is None
        room.do("arm")
        room.do("launch")
        room.do("take", scene="standby")
        assert room.openings.shown("live") is None


async def test_the_room_is_asked_where_no_launch_is_planned_but_somebody_steers(tmp_path: Path) -> None:
    async with evening(tmp_path, OPENS_MS - ASK_MS) as room:
        room.plan(ITEMS[0])
        room.do("take", scene="standby")
        assert room.openings.shown("live") == OpeningShown(1, "asks", OPENS_MS)
        room.clock.ms = OPENS_MS
        assert room.openings.shown("live") is None
