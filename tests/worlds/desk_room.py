"""A store on a real ledger with its pump and its desk, for tests of decisions."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.control import actions
from server.control.desk import Desk
from streaming.ledger.rows import Draft
from streaming.participation import Participation, content_digest, encode_body
from tests.worlds.ledgers import unwritable
from tests.worlds.pump_stage import WAIT_S, Stage

ANN, BINH = "account:1", "account:2"


class Room(Stage):
    """A store with its desk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.path = folder / "ledger.db"
        self.seconds = 0.0
        self.desk = Desk(self.ledger, self.pump, self.clock, monotonic_s=lambda: self.seconds)

    @property
    def total(self) -> Any:
        return self.board.rows["P"][2]

    async def until(self, seq: int) -> None:
        async with asyncio.timeout(WAIT_S):
            while self.pump.moved_seq < seq:  # noqa: ASYNC110 - a fold has no event
                await asyncio.sleep(0.001)

    async def do(self, by: str = ANN, **body: Any) -> int | None:
        action: Any = actions.decoder.decode(msgspec.json.encode(body))
        made = await self.desk.decide(by, action)
        if made.seq is not None:
            await self.until(made.seq)
        return made.seq

    def body(self, seq: int | None) -> dict[str, Any]:
        found: dict[str, Any] = next(msgspec.json.decode(row.body) for row in self.ledger.read() if row.seq == seq)
        return found

    async def take(self, count: int, unit: str = "A1", kind: Any = "completed", **fields: Any) -> None:
        """Take so many entries of a unit."""
        drafts = []
        for _ in range(count):
            self.entries += 1
            item = Participation(kind=kind, at=self.clock(), unit=unit, **fields)
            drafts.append(Draft("participation", "web", f"e{self.entries}", content_digest(item), encode_body(item)))
        await self.ledger.append(drafts)
        await self.until(self.ledger.head)

    @contextmanager
    def unwritable(self) -> Iterator[None]:
        """The ledger's file is locked by another program, for which it does not wait long."""
        with unwritable(self.ledger):
            yield


@asynccontextmanager
async def running(room: Room) -> AsyncIterator[Room]:
    """The room with its pump running and three entries taken; the ledger's head is row 4."""
    task = asyncio.create_task(room.pump.run())
    await room.enter(3)
    await room.until(4)
    yield room
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    room.ledger.close()
