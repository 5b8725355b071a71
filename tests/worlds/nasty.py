"""A server among clients that break the rules, and one well-behaved screen beside them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import websockets
from starlette.applications import Starlette

from server.live.hub import Hub
from server.net.connections import Connections
from server.net.http1 import protocol_of
from server.routes import live
from tests.worlds.raw import (
    HANDSHAKE,
    TEXT,
    Raw,
)
from tests.worlds.screen import Screen
from tests.worlds.serving import WAIT_S, Contest, a_hub, frame_of, serving, until
from tests.worlds.show import Show


class Nasty(Show):
    """A show with a screen that behaves, and raw clients beside it."""

    screen: websockets.ClientConnection

    def __init__(self, contest: Contest, hub: Hub, address: str) -> None:
        super().__init__(contest, hub, address)
        self.mirror = Screen()
        self.clients: list[Raw] = []

    async def raw(self) -> Raw:
        host, _, port = self.address.partition(":")
        self.clients.append(Raw(*await asyncio.open_connection(host, int(port))))
        return self.clients[-1]

    async def opened(self) -> Raw:
        """A raw client whose socket is open and has its first frame."""
        client = await self.raw()
        client.send(HANDSHAKE)
        async with asyncio.timeout(WAIT_S):
            head = await client.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101")
        await client.until(TEXT)
        return client

    async def goes_on(self) -> None:
        """A change reaches the screen that behaves, and it shows what one just opened would."""
        self.contest.enter()
        await self.takes_a_frame(self.screen, self.mirror)
        fresh = Screen()
        async with self.connect() as other:
            await self.takes_a_frame(other, fresh)
        assert self.mirror.shows == fresh.shows

    @staticmethod
    async def takes_a_frame(socket: websockets.ClientConnection, screen: Screen) -> None:
        screen.take(msgspec.json.encode(await frame_of(socket)))


@asynccontextmanager
async def nasty() -> AsyncIterator[Nasty]:
    """The show; at the end nothing is left of the clients, and nobody has brought about a traceback."""
    contest, hub, connections = Contest(), a_hub(), Connections(100, head_timeout_s=0.5, sweep_s=0.05)
    app = Starlette(routes=live.routes(contest.topics.find, hub))
    async with serving(app, hub, http=protocol_of(connections)) as address:
        show = Nasty(contest, hub, address)
        async with show.connect() as show.screen:
            await show.takes_a_frame(show.screen, show.mirror)
            try:
                yield show
            finally:
                for client in show.clients:
                    client.writer.transport.abort()
            await until(lambda: hub.counters.open == 1)
            assert sum(len(audience) for audience in hub.audiences) == 1
        await until(lambda: hub.counters.open == 0)
        assert not any(len(audience) or audience.paused_now for audience in hub.audiences)
        assert not connections.heads
        assert not connections.answers
