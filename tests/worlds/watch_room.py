"""A real app's live store with its watch, the clock in the test's hand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.app import App
from server.control.silence import FUTURE_HEARD_MS
from server.control.watch import Watch
from server.store import Store
from streaming.contests.contest import Contest, ContestFolder, Round, load_contest
from streaming.ledger.rows import Draft
from tests.worlds.apps import FOUR_LEVELS, LEAF, NOW_MS, app_of
from tests.worlds.clocks import Clock, Stopwatch
from tests.worlds.ledgers import unwritable

WAIT_S = 20.0
HOUR_MS = 3_600_000
LIVE_MS = 60_000
"""As dashboard/static/js/ui/mark.js has it: TRỰC TIẾP wants every live source heard within this time."""


class Room:
    """An app's live store, its pump running, its watch looked through by hand."""

    def __init__(self, app: App, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self.stopwatch = Stopwatch()
        self.entries = 0
        sources = app.open().sources
        self.secret = "" if sources.list() else sources.add("web")
        self.store.watch._monotonic_s = self.stopwatch

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
        self.stopwatch.s += ms / 1000
        await self.look()

    async def look(self) -> dict[str, Any]:
        self.store.watch.look()
        await self.store.watch.reach()
        state: dict[str, Any] = msgspec.to_builtins(dict(self.store.watch.topic.state))
        return state

    async def alarms(self, *, past: bool = False) -> list[tuple[str, str, str]]:
        state = await self.look()
        return [(each["rule"], each["subject"], each["level"]) for each in state["alarms"] if each["past"] is past]

    async def decide(self, by: str = "account:1", **decision: Any) -> int:
        """Write a decision, and fold it; returns its row."""
        draft = Draft("decision", by, None, None, msgspec.json.encode(decision))
        appended = await self.store.ledger.append([draft])
        await self.folded()
        return appended.seq

    def decisions(self) -> list[dict[str, Any]]:
        """What has been decided, with who did, but for what the contest is."""
        rows = [row for row in self.store.ledger.read() if row.type == "decision"]
        return [msgspec.json.decode(row.body) | {"by": row.by} for row in rows[1:]]

    @property
    def held(self) -> set[str]:
        """The units that are held."""
        return set(self.store.pump.fold.gate.held)

    @property
    def total(self) -> Any:
        """The completed entries on air."""
        return self.store.topic("board").rows[self.store.contest.tree.root.code][2]

    def watch_anew(self) -> None:
        """Let a watch begin that knows nothing but the store, as after a start."""
        watch = self.store.watch
        self.store.watch = Watch(
            self.store.pump, self.store.intake, self.store.desk, self.app.folder,
            heartbeats=watch._sources._heartbeats, names=watch._names, clock=watch._clock,
            admin_faults=watch._admin_faults,
            monotonic_s=self.stopwatch,
        )  # fmt: skip

    @contextmanager
    def unwritable(self) -> Iterator[None]:
        """The ledger's file is locked by another program, for which it does not wait long."""
        with unwritable(self.store.ledger):
            yield


OpenRoom = Callable[..., Room]


@asynccontextmanager
async def rooms(data: Path) -> AsyncIterator[OpenRoom]:
    """Opens rooms on a data folder; what is given changes the contest folder."""
    opened: list[tuple[App, asyncio.Task[None]]] = []

    def open_(set_ms: int = 0, **changes: Any) -> Room:
        folder = ContestFolder(**(vars(load_contest(FOUR_LEVELS)) | changes))
        clock = Clock(NOW_MS + set_ms)
        app = app_of(data, contest=folder, now_ms=clock, elapsed_ms=clock.elapsed, tick_ms=50)
        room = Room(app, clock)
        opened.append((room.app, asyncio.create_task(room.store.pump.run())))
        return room

    yield open_
    for app, task in opened:
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        app.close()


def wide() -> Contest:
    """The contest with a round that is open at every time that these tests set."""
    contest = load_contest(FOUR_LEVELS).contest
    (only,) = contest.rounds
    day_ms = 24 * HOUR_MS
    open_ = Round(n=only.n, name=only.name, opens_ms=only.opens_ms - day_ms, closes_ms=only.closes_ms + day_ms)
    return Contest(**{name: getattr(contest, name) for name in contest.__struct_fields__} | {"rounds": (open_,)})


def is_live(room: Room) -> bool:
    """Whether a screen says TRỰC TIẾP: by what is told of the server's time, and the board's as-of time."""
    heard_ms = room.store.topic("board").heard_ms
    now_ms = room.app.hub.now_ms()
    return heard_ms is not None and -FUTURE_HEARD_MS <= now_ms - heard_ms <= LIVE_MS


async def crowd(room: Room, count: int, unit: str = LEAF) -> None:
    """So many people who are new."""
    await room.send(
        *(
            {"id": f"p{room.entries + n}", "kind": "completed", "unit": unit, "at": "2024-01-01T08:00:00+07:00",
             "person": f"p{room.entries + n}"}
            for n in range(count)
        )
    )  # fmt: skip
    room.entries += count
    await room.folded()
