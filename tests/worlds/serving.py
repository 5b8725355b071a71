"""A real uvicorn server on loopback in the test's own event loop, with the smallest application around real topics."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import uvicorn
import websockets
from starlette.types import ASGIApp

from server.live.hub import Hub
from server.net.websocket import DrainingServer, Socket
from streaming.fold.fold import Fold
from streaming.topics.topic import Topic
from streaming.topics.topics import Topics
from tests.worlds.histories import START_MS, Writer

NOW_MS = START_MS
WAIT_S = 20.0


@dataclass
class Contest:
    """A store without a disk: rows, their fold, and the topics that show it."""

    writer: Writer = field(default_factory=lambda: Writer(now_ms=START_MS))
    fold: Fold = field(default_factory=Fold)
    topics: Topics = field(default_factory=lambda: Topics(rehearsal=False))
    folded: int = 0

    def __post_init__(self) -> None:
        self.tick()

    def tick(self) -> None:
        """Fold the rows that came and publish, as the pump does."""
        for row in self.writer.rows[self.folded :]:
            self.fold.apply(row)
        self.folded = len(self.writer.rows)
        for topic in self.topics.move(self.fold, self.fold.epoch("ledger", 0)):
            topic.publish()

    def enter(self, count: int = 1, unit: str = "A1") -> None:
        """Take entries of a unit and tick."""
        for _ in range(count):
            self.writer.take(f"e{len(self.writer.rows)}", unit=unit)
        self.tick()

    @property
    def board(self) -> Topic:
        topic = self.topics.find("board")
        assert topic is not None
        return topic


def a_hub(**changes: Any) -> Hub:
    limits: dict[str, Any] = {
        "sockets_max": 100, "sockets_per_address_max": 100, "handshakes_per_s": 1_000, "now_ms": lambda: NOW_MS,
    }  # fmt: skip
    return Hub(**(limits | changes))


@contextmanager
def free_port() -> Iterator[socket.socket]:
    """A listening socket on a port that the system chose."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(1_000)
        yield listening


@asynccontextmanager
async def serving(app: ASGIApp, hub: Hub | None = None, **config: Any) -> AsyncIterator[str]:
    """The application behind our protocol; gives "127.0.0.1:port"."""
    settings: dict[str, Any] = {
        "log_config": None, "ws": Socket, "ws_per_message_deflate": False, "lifespan": "off", "loop": "none",
        "proxy_headers": False,
    }  # fmt: skip
    with free_port() as listening:

        async def drain() -> None:
            if hub is not None:
                await hub.drain(spread_s=0.0)

        server = DrainingServer(uvicorn.Config(app, **(settings | config)), drain)
        # Not serve(): the test's signals are not the server's.
        task = asyncio.create_task(server._serve([listening]))
        await until(lambda: server.started)
        try:
            yield f"127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


async def frame_of(socket_: websockets.ClientConnection) -> dict[str, Any]:
    """The next frame that is no beat."""
    async with asyncio.timeout(WAIT_S):
        while True:
            frame = msgspec.json.decode(await socket_.recv(decode=False), type=dict[str, Any])
            if frame["type"] != "beat":
                return frame


async def until(holds: Callable[[], bool]) -> None:
    """Let the loop run until something is so."""
    async with asyncio.timeout(WAIT_S):
        while not holds():  # noqa: ASYNC110 - the server tells nobody when it is so
            await asyncio.sleep(0.001)


async def close_code(socket_: websockets.ClientConnection) -> int | None:
    """What the server closes a socket with."""
    async with asyncio.timeout(WAIT_S):
        while True:
            try:
                await socket_.recv()
            except websockets.ConnectionClosed:
                return socket_.close_code
