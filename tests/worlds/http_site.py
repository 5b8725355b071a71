"""A site whose connections are bounded, and raw clients that ask it slowly or by halves."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from server.net.connections import Connections
from server.net.http1 import protocol_of
from server.net.websocket import NO_LINGER
from server.routes import live
from tests.worlds.serving import WAIT_S, Contest, a_hub, serving

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
PART = b"x" * 60_000
BIG = b"x" * 20_000_000


async def page(request: Request) -> Response:
    return PlainTextResponse("page")


async def never(request: Request) -> Response:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    return PlainTextResponse("late")


async def big(request: Request) -> Response:
    return Response(BIG)


async def part(request: Request) -> Response:
    return Response(PART)


class Client:
    """A raw client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def send(self, data: bytes) -> None:
        self.writer.write(data)

    async def trickle(self, data: bytes, each_s: float) -> None:
        """Send a byte at a time until all are sent or the server has closed."""
        for byte in data:
            if self.writer.is_closing():
                return
            self.send(bytes((byte,)))
            await asyncio.sleep(each_s)

    async def until_closed(self) -> bytes:
        """What the server sends until it closes."""
        received = b""
        async with asyncio.timeout(WAIT_S):
            try:
                while part := await self.reader.read(65_536):
                    received += part
            except ConnectionError:
                pass  # Cut off with bytes of ours unread.
        return received

    async def until_answered_or_closed(self) -> bool:
        """Whether there was an answer."""
        try:
            return bool(await self.reader.read(1))
        except ConnectionError:
            return False

    async def answer(self, ends_with: bytes = b"page") -> bytes:
        async with asyncio.timeout(WAIT_S):
            return await self.reader.readuntil(ends_with)


class Site:
    def __init__(self, connections: Connections, host: str, port: int) -> None:
        self.connections = connections
        self.at = host, port
        self._clients: list[Client] = []

    async def connect(self) -> Client:
        self._clients.append(Client(*await asyncio.open_connection(*self.at)))
        return self._clients[-1]

    async def close(self) -> None:
        for client in self._clients:
            # By a reset: a client that only says nothing more may still wait for its answer.
            bare = client.writer.get_extra_info("socket")
            with suppress(OSError):  # It is gone already.
                bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
            client.writer.transport.abort()


@asynccontextmanager
async def site(connections_max: int = 100, **changes: Any) -> AsyncIterator[Site]:
    """A server whose deadlines are as given, or a minute where a test does not wait for them."""
    limits: dict[str, Any] = {"head_timeout_s": 60.0, "answer_stalled_s": 60.0, "sweep_s": 0.02}
    connections = Connections(connections_max, **(limits | changes))
    hub = a_hub()
    app = Starlette(
        routes=[
            Route("/", page),
            Route("/part", part),
            Route("/big", big),
            Route("/never", never),
            *live.routes(Contest().topics.find, hub),
        ]
    )
    async with serving(app, hub, http=protocol_of(connections), timeout_keep_alive=1) as address:
        host, _, port = address.partition(":")
        made = Site(connections, host, int(port))
        try:
            yield made
        finally:
            await made.close()
