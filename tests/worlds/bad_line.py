"""A bad line to a server of loopback: slow, thin, lossy, cut, or in the hands of a hotel's portal.

What it has not sent stays in a small buffer before it, as in a router. A segment that is lost holds up all behind it
until it is sent again, and a connection that was cut goes on when its next retransmission is due, each twice as long
after the one before: so a line that is back does not mean that its connections are.
"""

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

CHUNK_BYTES = 512
SEGMENT_BYTES = 1_448
QUEUE_BYTES = 4 * 1024
"""SO_RCVBUF of the line: what a router keeps."""
RESEND_S = 0.2
"""The shortest time after which Linux and Windows send a segment again; the way there and back is added to it."""
RESEND_S_MAX = 120.0
CONNECT_RESEND_S = 1.0
"""The same for the first segment of a connection."""
HEAD_BYTES_MAX = 16 * 1024

Portal = Literal["", "page", "redirect"]
"""What a portal answers to whatever is asked: a page of its own, or where that is."""

_PAGE = b"<!doctype html><title>Wi-Fi</title><h1>Please sign in to the hotel's network</h1>"
_ANSWERS = {
    "page": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%b"
    % (len(_PAGE), _PAGE),
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/login\r\nContent-Length: 0\r\n"
    b"Connection: close\r\n\r\n",
}


@dataclass
class Weather:
    """What a line does to what it carries, each way; 0 for nothing. ``loss`` is the share of segments that are lost,
    ``upgrades`` is whether it lets sockets through."""

    bytes_per_s: float = 0.0
    latency_s: float = 0.0
    loss: float = 0.0
    portal: Portal = ""
    upgrades: bool = True
    seed: int = 1


@dataclass(eq=False)
class _Connection:
    """A connection over the line: ``goes`` while bytes pass, ``began_s`` when it, or the cut that holds it, began."""

    goes: asyncio.Event
    began_s: float
    is_new: bool
    ends: list[socket.socket] = field(default_factory=list)


class BadLine:
    """A line to a port of loopback; ``port`` is its near end. ``weather`` may be changed while it carries."""

    def __init__(self, to_port: int, weather: Weather) -> None:
        self.weather = weather
        self.port = 0
        self._to_port = to_port
        self._chance = random.Random(weather.seed)
        self._carrying: set[asyncio.Task[None]] = set()
        self._connections: set[_Connection] = set()
        self._is_cut = False

    # What happens to it.

    def cut(self) -> None:
        """Pass nothing any more, and say so to nobody."""
        self._is_cut = True
        now_s = asyncio.get_running_loop().time()
        for connection in self._connections:
            connection.goes.clear()
            connection.began_s, connection.is_new = now_s, False

    def mend(self) -> None:
        """Pass everything again: each connection goes on once it sends again what was lost."""
        self._is_cut = False
        loop = asyncio.get_running_loop()
        for connection in self._connections:
            if not connection.goes.is_set():
                loop.call_later(self._resends_s(connection, loop.time()), self._go_on, connection)

    def _go_on(self, connection: _Connection) -> None:
        if not self._is_cut:
            connection.goes.set()

    def _resends_s(self, connection: _Connection, now_s: float) -> float:
        """How long it takes until a connection sends again what it sent when it, or the cut, began."""
        step_s = CONNECT_RESEND_S if connection.is_new else RESEND_S + 2 * self.weather.latency_s
        at_s = connection.began_s
        while at_s < now_s:
            at_s += step_s
            step_s = min(2 * step_s, RESEND_S_MAX)
        return at_s - now_s

    def reset(self) -> None:
        """Break off every connection, as a portal does when it closes."""
        for task in [*self._carrying]:
            task.cancel()

    # What it does.

    async def accept(self, near: socket.socket) -> None:
        """Carry every connection that comes, until cancelled."""
        while True:
            client, _ = await asyncio.get_running_loop().sock_accept(near)
            client.setblocking(False)
            task = asyncio.create_task(self._join(client))
            self._carrying.add(task)
            task.add_done_callback(self._carrying.discard)
            # One that is cancelled before its first turn closes nothing itself.
            task.add_done_callback(lambda _, client=client: client.close())  # type: ignore[misc]

    async def _join(self, client: socket.socket) -> None:
        """Carry a connection, both ways, until one end closes it."""
        loop = asyncio.get_running_loop()
        connection = _Connection(asyncio.Event(), loop.time(), is_new=True)
        if not self._is_cut:
            connection.goes.set()
        self._connections.add(connection)
        try:
            with client, socket.socket() as far, suppress(OSError):  # Broken off.
                far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, QUEUE_BYTES)
                for end in (client, far):
                    end.setblocking(False)
                await connection.goes.wait()
                head = await self._answered(client)
                if head is None:
                    return
                await loop.sock_connect(far, ("127.0.0.1", self._to_port))
                ways = [
                    asyncio.create_task(self._carry(connection, client, far, head)),
                    asyncio.create_task(self._carry(connection, far, client, b"")),
                ]
                try:
                    await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    for way in ways:
                        way.cancel()
                    await asyncio.gather(*ways, return_exceptions=True)
        finally:
            self._connections.discard(connection)

    async def _answered(self, client: socket.socket) -> bytes | None:
        """What a client asks first, None if the line has answered it by itself."""
        portal, upgrades = self.weather.portal, self.weather.upgrades
        if not portal and upgrades:
            return b""
        loop, head = asyncio.get_running_loop(), b""
        while b"\r\n\r\n" not in head and len(head) < HEAD_BYTES_MAX:
            data = await loop.sock_recv(client, CHUNK_BYTES)
            if not data:
                return None
            head += data
        if portal:
            await loop.sock_sendall(client, _ANSWERS[portal])
            return None
        # A proxy that knows only requests and answers takes out what asks for more.
        lines = head.split(b"\r\n")
        return b"\r\n".join(line for line in lines if not line.lower().startswith((b"upgrade:", b"connection:")))

    async def _carry(self, connection: _Connection, one: socket.socket, other: socket.socket, first: bytes) -> None:
        """Carry bytes one way: out of the queue as fast as the line takes them, and to the other end later."""
        loop = asyncio.get_running_loop()
        flying: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def land() -> None:
            while True:
                lands_s, data = await flying.get()
                await asyncio.sleep(max(0.0, lands_s - loop.time()))
                await connection.goes.wait()
                await loop.sock_sendall(other, data)

        landing = asyncio.create_task(land())
        free_s, segment_bytes = loop.time(), 0
        try:
            data = first or await loop.sock_recv(one, CHUNK_BYTES)
            while data:
                await connection.goes.wait()
                weather = self.weather
                free_s = max(free_s, loop.time())
                segment_bytes += len(data)
                if weather.loss and (segment_bytes >= SEGMENT_BYTES or len(data) < CHUNK_BYTES):
                    segment_bytes = 0
                    free_s += self._stall_s()
                if weather.bytes_per_s:
                    free_s += len(data) / weather.bytes_per_s
                    await asyncio.sleep(max(0.0, free_s - loop.time()))
                flying.put_nowait((free_s + weather.latency_s, data))
                data = await loop.sock_recv(one, CHUNK_BYTES)
        finally:
            landing.cancel()
            await asyncio.gather(landing, return_exceptions=True)

    def _stall_s(self) -> float:
        """By how long the loss of a segment, and of what is sent in its place, holds up all behind it."""
        stall_s, step_s = 0.0, RESEND_S + 2 * self.weather.latency_s
        while self._chance.random() < self.weather.loss:
            stall_s += step_s
            step_s *= 2
        return stall_s

    async def close(self) -> None:
        """Break everything off."""
        self.reset()
        await asyncio.gather(*self._carrying, return_exceptions=True)


@asynccontextmanager
async def line_to(port: int, weather: Weather) -> AsyncIterator[BadLine]:
    """A bad line to a server."""
    line = BadLine(port, weather)
    with socket.socket() as near:
        near.bind(("127.0.0.1", 0))
        near.listen(100)
        near.setblocking(False)
        line.port = near.getsockname()[1]
        accepting = asyncio.create_task(line.accept(near))
        try:
            yield line
        finally:
            accepting.cancel()
            await asyncio.gather(accepting, return_exceptions=True)
            await line.close()
