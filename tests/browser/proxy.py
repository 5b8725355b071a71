"""A bad line between a browser and a server: a proxy that refuses, strips or swallows sockets, cuts and freezes."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Literal

from tests.worlds.ports import kept_port

START_WAIT_S = 10.0
READ_BYTES = 64 * 1024

Upgrades = Literal["pass", "refuse", "strip", "swallow"]
"""What becomes of requests that ask for a socket; ``strip`` takes the asking out, ``swallow`` never answers."""

_REFUSAL = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_ASKING = (b"upgrade:", b"connection:")


@dataclass(eq=False)
class _Line:
    """A browser's connection. Frozen, it takes every byte and passes none on, not even the end."""

    browser: asyncio.StreamWriter
    is_frozen: bool
    is_socket: bool = False
    writers: list[asyncio.StreamWriter] = field(default_factory=list)


class Proxy:
    """Listens on loopback and passes to another port of it. The heads of all requests are in ``heads``."""

    def __init__(self, to_port: int, port: int) -> None:
        self.upgrades: Upgrades = "pass"
        self.heads: list[str] = []
        self.port = port
        self._to_port = to_port
        self._lines: set[_Line] = set()
        self._freezes_new = False
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self._is_ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    @property
    def url(self) -> str:
        """The address without a closing slash."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def polls(self) -> int:
        """Requests for a topic that did not ask for a socket."""
        return sum(head.startswith("GET /live/") and not _is_upgrade(head) for head in self.heads)

    @property
    def sockets_asked(self) -> int:
        """Requests for a socket."""
        return sum(_is_upgrade(head) for head in self.heads)

    @property
    def sockets(self) -> int:
        """Sockets that are open and not frozen."""
        return sum(line.is_socket and not line.is_frozen for line in list(self._lines))

    def start(self) -> None:
        """Listen."""
        self._thread.start()
        assert self._is_ready.wait(START_WAIT_S)

    def stop(self) -> None:
        """Cut everything and end."""
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(START_WAIT_S)
        assert not self._thread.is_alive()

    def freeze(self, *, new_ones_too: bool) -> None:
        """Pass nothing on any connection that is there, and say so to nobody; nor on new ones until `thaw`."""
        self._freezes_new = new_ones_too
        for line in list(self._lines):
            line.is_frozen = True

    def thaw(self) -> None:
        """Pass new connections again; those that were frozen stay so."""
        self._freezes_new = False

    def cut(self) -> None:
        """Break all connections with a reset."""
        self._loop.call_soon_threadsafe(self._abort_all)

    def _abort_all(self) -> None:
        for line in self._lines:
            for writer in (line.browser, *line.writers):
                writer.transport.abort()

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self._is_ready.set()
        await self._stopping.wait()
        server.close()
        while self._lines:
            self._abort_all()
            await asyncio.sleep(0.01)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        line = _Line(writer, self._freezes_new)
        self._lines.add(line)
        try:
            async with asyncio.TaskGroup() as tasks:
                await self._requests(line, reader, tasks)
        except* OSError:
            # One of the two ends broke: that is what this line is for.
            pass
        finally:
            for each in (writer, *line.writers):
                each.transport.abort()
            self._lines.discard(line)

    async def _requests(self, line: _Line, reader: asyncio.StreamReader, tasks: asyncio.TaskGroup) -> None:
        """Pass one request after the other; from a passed upgrade on, bytes. Pages ask with GET: no body follows."""
        server: asyncio.StreamWriter | None = None
        async for head in _heads(reader):
            self.heads.append(head)
            if _is_upgrade(head) and self.upgrades == "refuse":
                line.browser.write(_REFUSAL)
                await line.browser.drain()
                break
            if _is_upgrade(head) and self.upgrades == "swallow":
                line.is_frozen = True
            if line.is_frozen:
                continue
            if server is None:
                answers, server = await asyncio.open_connection("127.0.0.1", self._to_port)
                line.writers.append(server)
                tasks.create_task(_pass_on(line, answers, line.browser))
            is_socket = _is_upgrade(head) and self.upgrades == "pass"
            server.write((head if is_socket else _stripped(head)).encode("latin-1"))
            await server.drain()
            if is_socket:
                line.is_socket = True
                await _pass_on(line, reader, server)
                break
        if not line.is_frozen:
            # The browser has closed: so does the server's side, and with it the task that reads from there.
            for writer in (line.browser, *line.writers):
                writer.transport.abort()


async def _heads(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    while True:
        try:
            yield (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except (asyncio.IncompleteReadError, OSError):
            return


async def _pass_on(line: _Line, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(READ_BYTES):
            if not line.is_frozen:
                writer.write(data)
                await writer.drain()
    if not line.is_frozen:
        writer.close()


def _is_upgrade(head: str) -> bool:
    return "\r\nupgrade: websocket" in head.lower()


def _stripped(head: str) -> str:
    """The head without what asks for a socket, as a proxy sends it that knows only requests and answers."""
    if not _is_upgrade(head):
        return head
    lines = head.split("\r\n")
    return "\r\n".join(line for line in lines if not line.lower().encode("latin-1").startswith(_ASKING))


@contextlib.contextmanager
def proxying(to_port: int) -> Iterator[Proxy]:
    """A proxy that is stopped at the end."""
    with kept_port() as port:
        proxy = Proxy(to_port, port)
        proxy.start()
        try:
            yield proxy
        finally:
            proxy.stop()
