"""The stream of participations under which screens are measured: a steady rate, and a journal of every answer.

Requests leave when they are due, whatever became of those before them, for people do not wait for each other.
"""

import asyncio
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import NamedTuple, cast

import msgspec

from streaming.ledger.sqlite import address

PATH = "/api/v1/participations"
AT = "2022-09-08T09:31:02+07:00"
"""Within the first round of the shipped contest: what lies outside every round moves no board."""
STEP_S = 0.004
"""How often the feed looks which requests are due."""
REQUESTS_QUEUED_MAX = 1_000
ANSWER_S = 30.0
"""A request that has no answer by then has lost its connection."""
CONNECT_S = 10.0
AGAIN_S = 0.2
"""The wait before a feed that persists sends a request again."""
GIVE_UP_S = 180.0
"""A feed that persists gives a request up after this time; it is then neither acknowledged nor refused."""


class Answer(NamedTuple):
    """What a server answered. ``retry_after`` is the header as it came, None where there was none."""

    status: int
    etag: str | None
    retry_after: str | None
    body: bytes


class Line(asyncio.Protocol):
    """One kept HTTP connection: one request at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._waits: asyncio.Future[Answer] | None = None
        self._transport: asyncio.Transport

    @classmethod
    async def open(cls, port: int) -> "Line":
        """Connect to loopback.

        Raises:
            OSError: If nobody takes the connection within CONNECT_S.
        """
        async with asyncio.timeout(CONNECT_S):
            _, line = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    async def ask(self, request: bytes) -> Answer:
        """Send a whole request and wait for its answer.

        Raises:
            ConnectionError: If the connection broke, or no answer came within ANSWER_S.
        """
        if self._transport.is_closing():
            raise ConnectionResetError("the server has closed the connection")
        loop = asyncio.get_running_loop()
        self._waits = loop.create_future()
        timer = loop.call_later(ANSWER_S, self._transport.abort)
        try:
            self._transport.write(request)
            return await self._waits
        finally:
            timer.cancel()

    def close(self) -> None:
        """Close the connection."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        head = buffer.find(b"\r\n\r\n")
        length = int(_header(buffer, b"content-length", head) or 0) if head >= 0 else 0
        if head < 0 or len(buffer) < head + 4 + length:
            self._buffer = buffer
            return
        self._buffer = b""
        if self._waits is not None and not self._waits.done():
            etag, retry_after = _header(buffer, b"etag", head), _header(buffer, b"retry-after", head)
            self._waits.set_result(Answer(int(buffer[9:12]), etag, retry_after, buffer[head + 4 :]))

    def connection_lost(self, exc: Exception | None) -> None:
        if self._waits is not None and not self._waits.done():
            self._waits.set_exception(ConnectionResetError(str(exc or "the server closed the connection")))


def _header(answer: bytes, name: bytes, end: int) -> str | None:
    at = answer.find(b"\r\n" + name + b": ", 0, end)
    if at < 0:
        return None
    at += len(name) + 4
    return answer[at : answer.find(b"\r\n", at)].decode("latin-1")


async def get(port: int, path: str) -> Answer:
    """GET a path over a connection of its own.

    Raises:
        OSError: If there is no answer.
    """
    line = await Line.open(port)
    try:
        return await line.ask(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n".encode())
    finally:
        line.close()


@dataclass
class Journal:
    """What became of every item: ``refusal_ms`` is how long each 429 took, ``broken`` counts requests unanswered."""

    offered: int = 0
    acknowledged: list[str] = field(default_factory=list)
    refused: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    refusal_ms: list[float] = field(default_factory=list)
    refusals_without_hint: int = 0
    broken: int = 0
    strange: list[bytes] = field(default_factory=list)


class Request(NamedTuple):
    """Items to send together."""

    ids: list[str]
    payload: bytes


class Feed:
    """Sends ``per_s`` items a second to the ``units`` in turn, until told to end.

    Ids begin with ``run``. Requests hold as many items as ``sizes`` say, in turn. What is refused or broken is sent
    again by a feed that ``persists`` until it is acknowledged, and by another is over.
    """

    def __init__(
        self,
        port: int,
        secret: str,
        units: Sequence[str],
        run: str,
        *,
        per_s: float,
        connections: int = 4,
        sizes: Sequence[int] = (1,),
        persists: bool = False,
    ) -> None:
        self.journal = Journal()
        self.run_name = run
        self.per_s = per_s
        self.began_s = self.ended_s = 0.0
        self._port = port
        self._secret = secret
        self._units = tuple(units)
        self._connections = connections
        self._sizes = tuple(sizes)
        self._persists = persists
        self._ends = asyncio.Event()
        self._queue: asyncio.Queue[Request | None] = asyncio.Queue(REQUESTS_QUEUED_MAX)

    def end(self) -> None:
        """Make nothing new; what is made is still sent."""
        self._ends.set()

    async def run(self) -> None:
        """Send until ``end``; returns when the last request is answered. ``began_s`` and ``ended_s`` are monotonic."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._connections):
                group.create_task(self._send())
            await self._make()
            for _ in range(self._connections):
                await self._queue.put(None)

    async def _make(self) -> None:
        requests = self.requests()
        self.began_s = time.perf_counter()
        while not self._ends.is_set():
            due = int((time.perf_counter() - self.began_s) * self.per_s) + 1
            while self.journal.offered < due and not self._ends.is_set():
                request = next(requests)
                self.journal.offered += len(request.ids)
                await self._queue.put(request)
            await asyncio.sleep(STEP_S)
        self.ended_s = time.perf_counter()

    def requests(self) -> Iterator[Request]:
        """Request after request, without end."""
        number = 0
        for size in cycle(self._sizes):
            items = [self._item(n) for n in range(number, number + size)]
            number += size
            body = msgspec.json.encode(items[0] if size == 1 else items)
            head = (
                f"POST {PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer {self._secret}\r\n"
                f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
            )
            yield Request([item["id"] for item in items], head.encode() + body)

    def _item(self, number: int) -> dict[str, str]:
        name = f"{self.run_name}-{number:09d}"
        return {
            "id": name, "kind": "completed", "unit": self._units[number % len(self._units)], "at": AT, "person": name,
            "channel": "website", "group": "doan-vien",
        }  # fmt: skip

    async def _send(self) -> None:
        line: Line | None = None
        try:
            while (request := await self._queue.get()) is not None:
                given_up_s = time.perf_counter() + GIVE_UP_S
                is_done = False
                while not is_done:
                    sent_s = time.perf_counter()
                    try:
                        line = line or await Line.open(self._port)
                        answer = await line.ask(request.payload)
                    except (OSError, TimeoutError):
                        line = None
                        self.journal.broken += 1
                    else:
                        is_done = self._enter(request, answer, (time.perf_counter() - sent_s) * 1000)
                    if not is_done:
                        if not self._persists or sent_s > given_up_s:
                            break
                        await asyncio.sleep(AGAIN_S)
        finally:
            if line is not None:
                line.close()

    def _enter(self, request: Request, answer: Answer, ms: float) -> bool:
        """Enter an answer; returns whether the request is acknowledged."""
        journal = self.journal
        journal.statuses[answer.status] += 1
        if answer.status == 200:
            report = msgspec.json.decode(answer.body)
            if report["accepted"] + report["duplicates"] == len(request.ids):
                journal.acknowledged += request.ids
                return True
            journal.strange.append(answer.body)
        elif answer.status in {429, 503}:
            journal.refused += len(request.ids)
            journal.refusal_ms.append(ms)
            journal.refusals_without_hint += answer.retry_after is None
        else:
            journal.strange.append(answer.body)
        return False


class Commit(NamedTuple):
    """A row as it became durable: its seq, when, and its id (None for what is no participation)."""

    seq: int
    received_ms: int
    id: str | None


def commits(path: Path, after: int = 0) -> list[Commit]:
    """The rows of a ledger file behind a seq; the server may be running."""
    sql = "SELECT seq, received_ms, iif(type = 'participation', id, NULL) FROM rows WHERE seq > ? ORDER BY seq"
    with closing(sqlite3.connect(address(path, "ro"), uri=True)) as connection:
        return [Commit(*row) for row in connection.execute(sql, (after,))]


def head_seq(path: Path) -> int:
    """The seq of a ledger file's last row."""
    with closing(sqlite3.connect(address(path, "ro"), uri=True)) as connection:
        found: int = connection.execute("SELECT coalesce(max(seq), 0) FROM rows").fetchone()[0]
    return found


def faults(feed: Feed, path: Path) -> list[str]:
    """Where a feed's journal and the ledger differ, and what of the journal should not be; empty if all is well.

    A row whose request broke without an answer may be there or not; any other row must have been acknowledged.
    """
    journal = feed.journal
    acknowledged = set(journal.acknowledged)
    stored = {row.id for row in commits(path) if row.id is not None and row.id.startswith(f"{feed.run_name}-")}
    found = []
    if lost := len(acknowledged - stored):
        found.append(f"{feed.run_name}: {lost} items acknowledged and not stored")
    if (unasked := len(stored - acknowledged)) and not journal.broken:
        found.append(f"{feed.run_name}: {unasked} items stored and not acknowledged")
    if journal.refusals_without_hint:
        found.append(f"{feed.run_name}: {journal.refusals_without_hint} refusals without Retry-After")
    if journal.strange:
        found.append(f"{feed.run_name}: {len(journal.strange)} strange answers, as {journal.strange[0][:200]!r}")
    return found
