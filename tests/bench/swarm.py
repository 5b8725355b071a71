"""Many screens in one process: raw WebSocket clients on loopback, as lean as Python has them.

Leaner than any client library, so that the core they run on keeps up with the server they measure.
"""

import asyncio
import base64
import os
from collections.abc import Callable
from typing import cast

FRAME_HEAD_BYTES_MAX = 10
OPEN_TIMEOUT_S = 30.0
TEXT, BINARY, CLOSE, PING = 0x1, 0x2, 0x8, 0x9

OnMessage = Callable[["Viewer", bytes], None]
OnClose = Callable[["Viewer", int | None], None]


def handshake(path: str, port: int, *, headers: str = "") -> bytes:
    """The bytes of an opening handshake; ``headers`` are whole lines with CRLF."""
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n"
    ).encode()


def masked(opcode: int, payload: bytes) -> bytes:
    """A whole client frame of less than 126 bytes, under a mask of zeros."""
    return bytes((0x80 | opcode, 0x80 | len(payload))) + b"\0\0\0\0" + payload


class Viewer(asyncio.Protocol):
    """One screen: opens, hands each whole message to ``on_message``, answers pings.

    ``status`` is the HTTP status of the handshake's answer (101 when open), 0 before it; ``close_code`` (and
    ``close_reason``) that of the server's close frame, None if the line just broke. ``number`` and ``data`` are for
    whoever made it.
    """

    __slots__ = ("_buffer", "_request", "close_code", "close_reason", "data", "number", "on_close", "on_message",
                 "opened", "status", "transport")  # fmt: skip

    def __init__(self, number: int, request: bytes, on_message: OnMessage, on_close: OnClose | None = None) -> None:
        self.number = number
        self.on_message = on_message
        self.on_close = on_close
        self.status = 0
        self.close_code: int | None = None
        self.close_reason = ""
        self.data: object = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport
        self._request = request
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._request)

    def send(self, payload: bytes) -> None:
        """Send a text of less than 126 bytes."""
        self.transport.write(masked(TEXT, payload))

    def data_received(self, data: bytes) -> None:
        buffer = self._buffer + data if self._buffer else data
        if self.status != 101:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                self._buffer = buffer
                return
            self.status = int(buffer[9:12])
            if not self.opened.done():
                self.opened.set_result(None)
            if self.status != 101:
                self._buffer = b""
                self.transport.close()
                return
            buffer = buffer[end + 4 :]
        at, have = 0, len(buffer)
        while have - at >= 2:
            size, head = buffer[at + 1], 2
            if size == 126:
                if have - at < 4:
                    break
                size, head = int.from_bytes(buffer[at + 2 : at + 4], "big"), 4
            elif size == 127:
                if have - at < FRAME_HEAD_BYTES_MAX:
                    break
                size, head = int.from_bytes(buffer[at + 2 : at + 10], "big"), 10
            if have - at < head + size:
                break
            payload = buffer[at + head : at + head + size]
            opcode = buffer[at] & 0x0F
            at += head + size
            if opcode in {TEXT, BINARY}:
                self.on_message(self, payload)
            elif opcode == PING:
                self.transport.write(masked(0xA, payload))
            elif opcode == CLOSE:
                self.close_code = int.from_bytes(payload[:2], "big") if size >= 2 else None
                self.close_reason = payload[2:].decode()
                self.transport.write(masked(CLOSE, payload[:2]))
        self._buffer = buffer[at:]

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the signature of a protocol
        if not self.opened.done():
            self.opened.set_result(None)
        if self.on_close is not None:
            self.on_close(self, self.close_code)


async def open_one(viewer: Viewer, port: int) -> bool:
    """Connect a viewer to loopback; returns whether the socket opened."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(OPEN_TIMEOUT_S):
            await loop.create_connection(lambda: viewer, "127.0.0.1", port)
            await viewer.opened
    except (OSError, TimeoutError):
        return False
    return viewer.status == 101


async def open_all(viewers: list[Viewer], port: int, *, per_s: float, at_once: int = 200) -> int:
    """Connect viewers, at most ``per_s`` a second and ``at_once`` waiting; returns how many opened."""
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    room = asyncio.Semaphore(at_once)

    async def one(index: int, viewer: Viewer) -> bool:
        if (wait_s := began_s + index / per_s - loop.time()) > 0:
            await asyncio.sleep(wait_s)
        async with room:
            return await open_one(viewer, port)

    return sum(await asyncio.gather(*(one(index, viewer) for index, viewer in enumerate(viewers))))


def close_all(viewers: list[Viewer]) -> None:
    """Break every connection off; the server sees them gone."""
    for viewer in viewers:
        if hasattr(viewer, "transport"):
            viewer.on_close = None
            viewer.transport.abort()
