"""A ledger and its pump, with the clock in the test's hand."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec

from streaming.contests.contest import encode_contest
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import Draft, Row
from streaming.participation import Participation, content_digest, encode_body
from streaming.pump import Pump
from streaming.topics.topic import Topic
from tests.worlds.clocks import Clock
from tests.worlds.histories import START_MS, contest

WAIT_S = 20.0


class Stage:
    """A ledger and its pump, with the contest clock in the test's hand."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock(START_MS)
        self.live = ["web", "bao"]
        self.ledger = Ledger(folder / "ledger.db", now_ms=self.clock)
        self.ledger.open()
        self.rows: list[Row] = []
        body = msgspec.json.encode({"kind": "contest", "contest": msgspec.json.decode(encode_contest(contest()))})
        self.ledger.append_now([Draft("decision", "system", None, None, body)])
        self.pump = self.make()
        self.entries = 0

    def make(self) -> Pump:
        pump = Pump(self.ledger, now_ms=self.clock, live_sources=lambda: self.live, rehearsal=False, tick_ms=20)
        pump.replay()
        return pump

    async def enter(self, count: int = 1, by: str = "web") -> None:
        await self.ledger.append(self.drafts(count, by))

    def drafts(self, count: int, by: str = "web") -> list[Draft]:
        drafts = []
        for _ in range(count):
            self.entries += 1
            item = Participation(kind="completed", at=self.clock(), unit="A1")
            drafts.append(Draft("participation", by, f"e{self.entries}", content_digest(item), encode_body(item)))
        return drafts

    async def decide(self, **decision: Any) -> None:
        await self.ledger.append([Draft("decision", "system", None, None, msgspec.json.encode(decision))])

    @property
    def board(self) -> Topic:
        topic = self.pump.topics.find("board")
        assert topic is not None
        return topic

    async def until_seq(self, seq: int) -> None:
        async with asyncio.timeout(WAIT_S):
            while self.board.seq < seq:  # noqa: ASYNC110 - a board has no event
                await asyncio.sleep(0.001)

    def clock_rows(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(row.body) for row in self.ledger.read() if row.type == "clock"]

    async def until_clock_rows(self, count: int) -> None:
        async with asyncio.timeout(WAIT_S):
            while len(self.clock_rows()) < count:  # noqa: ASYNC110 - nor has a file
                await asyncio.sleep(0.005)
