"""An app whose wrong numbers go off the air, with its clock in the test's hand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from server.app import App
from server.control.asked import RestoreAsked, TakeAsked, WithdrawAsked
from streaming.decisions.kinds import read_decision
from streaming.fold.tally import COMPLETED
from streaming.program.output import Hand
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import LEAF, WAIT_S, app_of, take
from tests.worlds.clocks import Clock

LAN = Hand("account:1")


class Room:
    """An app that runs, with its clock in the test's hand."""

    def __init__(self, app: App, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self.outputs = app.state.outputs
        self.withdrawals = app.state.withdrawals
        self.live = app.state.live

    @property
    def total(self) -> Any:
        """What everybody is shown."""
        return self.live.topic("board").rows["P1"][COMPLETED]

    @property
    def scenes(self) -> list[str]:
        return [self.outputs.of(name).scene.name for name in ("hall", "points")]

    def press(self, output: str, scene: str) -> None:
        self.clock.ms += PRESS_AGAIN_MS
        self.outputs.steer(output, LAN, TakeAsked(scene=scene))

    async def restore(self, output: str = "hall", hand: Hand = LAN) -> None:
        self.clock.ms += PRESS_AGAIN_MS
        await self.withdrawals.restore(output, hand, RestoreAsked())

    async def enter(self, count: int = 1) -> None:
        take(self.live, [(LEAF, "completed", None)] * count)

    async def until(self, seq: int) -> None:
        async with asyncio.timeout(WAIT_S):
            while self.live.pump.moved_seq < seq:  # noqa: ASYNC110 - a move has no event
                await asyncio.sleep(0.001)

    async def until_total(self, total: int) -> None:
        async with asyncio.timeout(WAIT_S):
            while self.total != total:  # noqa: ASYNC110 - nor has a topic
                await asyncio.sleep(0.001)

    async def enter_each_s(self, seconds: int) -> None:
        """Let an entry come in each second; all are folded."""
        for _ in range(seconds):
            self.clock.ms += 1_000
            await self.enter()
        await self.until(self.live.ledger.head)

    async def step_back(self, by_s: float) -> None:
        asked = WithdrawAsked(to_ms=self.clock.ms - int(by_s * 1_000))
        await self.withdrawals.withdraw("hall", LAN, asked)

    def decisions(self) -> list[tuple[str, str]]:
        """Kind and hand of what the ledger has beside the contest, the first one first."""
        rows = list(self.live.ledger.every_decision())
        return [(read_decision(row).kind, row.by) for row in reversed(rows)][1:]


@asynccontextmanager
async def running(data: Path, clock: Clock) -> AsyncIterator[Room]:
    app = app_of(data, now_ms=clock, elapsed_ms=clock.elapsed, tick_ms=50)
    app.open()
    room = Room(app, clock)
    tasks = [asyncio.create_task(run) for run in (room.live.pump.run(), room.withdrawals.run())]
    await asyncio.sleep(0)
    try:
        yield room
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        app.close()
