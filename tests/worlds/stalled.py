"""Clients that stop reading, and a real server that has them."""

import asyncio
import math
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from typing import Any

import uvloop
from starlette.applications import Starlette

from server.live.audience import Follower
from server.net.websocket import (
    SEE_OFF_S,
    Socket,
)
from server.routes import live
from tests.worlds.raw import HANDSHAKE
from tests.worlds.serving import WAIT_S, Contest, a_hub, serving, until

FULL_BYTES = 32 * 1024
"""At which a transport counts as full here: the kernel takes some kilobytes more a moment later, which a smaller one
would be rid of then."""


class Stalled:
    """A client that reads nothing behind its handshake, and the server's side of it."""

    def __init__(self, stage: "Stage", client: socket.socket, end: Socket) -> None:
        self._stage = stage
        self._client = client
        self.end = end

    @property
    def waiting_bytes(self) -> int:
        return self.end.transport.get_write_buffer_size()

    @property
    def is_held(self) -> bool:
        """Whether the server still holds the connection."""
        return self.end in self.end.connections

    async def is_gone(self) -> None:
        """Return when the server holds it no more."""
        await until(lambda: not self.is_held)

    async def fill(self, over_bytes: float = math.inf) -> None:
        """Publish until the transport is full, or more than so many bytes wait in it, as the kernel takes no more."""
        while self.waiting_bytes <= over_bytes and not self.end.is_paused:
            self._stage.contest.enter()
            await asyncio.sleep(0)

    async def say(self, sent: bytes) -> None:
        """Send something, or hang up by half, and wait until the server has let the follower go."""
        if sent:
            await asyncio.get_running_loop().sock_sendall(self._client, sent)
        else:
            self._client.shutdown(socket.SHUT_WR)
        await until(lambda: self.end.follower is None)

    async def sip(self) -> None:
        """Read once, and wait until the server has seen that something was taken."""
        before = self.end.waiting_bytes
        while self.end.waiting_bytes >= before:
            await asyncio.get_running_loop().sock_recv(self._client, 4_096)
            await asyncio.sleep(0)

    async def read(self) -> bytes:
        """What comes up to the end of the connection."""
        received = b""
        while part := await asyncio.get_running_loop().sock_recv(self._client, 65_536):
            received += part
        return received


class Stage:
    """A real server with a show; clients stall as a test likes."""

    def __init__(self, **hub_changes: Any) -> None:
        self.contest, self.hub = Contest(), a_hub(**hub_changes)
        self.address = ""
        self.held = ExitStack()

    async def stalled(self) -> Stalled:
        """Open the socket of a client that takes little and reads nothing."""
        known = self._followers
        client = self.held.enter_context(socket.socket())
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        client.setblocking(False)
        loop = asyncio.get_running_loop()
        host, _, port = self.address.partition(":")
        await loop.sock_connect(client, (host, int(port)))
        await loop.sock_sendall(client, HANDSHAKE)
        await until(lambda: len(self._followers) == len(known) + 1)
        (follower,) = self._followers - known
        # So that it need not be sent much before the kernel takes no more.
        follower.socket.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
        follower.socket.transport.set_write_buffer_limits(high=FULL_BYTES, low=0)
        return Stalled(self, client, follower.socket)

    @property
    def _followers(self) -> set[Follower]:
        return {follower for audience in self.hub.audiences for follower in audience}


@asynccontextmanager
async def stage(see_off_s: float = SEE_OFF_S, **hub_changes: Any) -> AsyncIterator[Stage]:
    made = Stage(**hub_changes)
    app = Starlette(routes=live.routes(made.contest.topics.find, made.hub))
    with made.held:
        async with serving(app, made.hub, ws=partial(Socket, see_off_s=see_off_s)) as made.address:
            yield made


def on(loop: str, run: Callable[[], Awaitable[None]]) -> None:
    """Run on the loop of a name: `serve` runs on uvloop, whose transports are of another make than asyncio's."""
    factory = uvloop.new_event_loop if loop == "uvloop" else asyncio.new_event_loop

    async def limited() -> None:
        async with asyncio.timeout(2 * WAIT_S):
            await run()

    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(limited())
