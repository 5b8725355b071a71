"""From a request to a socket on the same connection: what stands before the handshake, and how one that fails ends."""

import asyncio
import socket
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.server import ServerState

from server.net.connections import Connections
from server.net.http1 import protocol_of
from server.net.websocket import Socket
from tests.worlds.http_site import GET, page, site
from tests.worlds.raw import HANDSHAKE
from tests.worlds.serving import until


@pytest.mark.parametrize("path", ["/part", "/big", "/never"])
async def test_a_handshake_behind_an_answer_that_is_not_taken_is_cut_off(path: str) -> None:
    async with site() as it:
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            client.connect(it.at)
            await until(lambda: bool(it.connections.heads))
            connection: Any = next(iter(it.connections.heads))
            connection.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            await until(lambda: not it.connections.heads)
            client.sendall(HANDSHAKE)
            await until(connection.transport.is_closing)
            client.settimeout(0)
            received = b""
            with suppress(ConnectionResetError):
                while part := client.recv(65_536):
                    received += part
        assert b"101 Switching Protocols" not in received


async def test_a_handshake_behind_an_answer_that_was_taken_opens() -> None:
    async with site() as it:
        client = await it.connect()
        client.send(GET)
        await client.answer()
        client.send(HANDSHAKE)
        assert b"101 Switching Protocols" in await client.answer(ends_with=b"snapshot")


class NotTaken(asyncio.Transport):
    """A transport whose client takes nothing, in memory."""

    def __init__(self, bare: socket.socket) -> None:
        super().__init__({"socket": bare})
        self.written = b""
        self.is_ended = self.is_closed = self.is_cut_off = False
        self.protocol: asyncio.BaseProtocol

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def write_eof(self) -> None:
        self.is_ended = True

    def get_write_buffer_size(self) -> int:
        return len(self.written)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self.protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self.protocol

    def is_closing(self) -> bool:
        return self.is_closed

    def close(self) -> None:
        self.is_closed = True

    def abort(self) -> None:
        self.is_closed = self.is_cut_off = True


NO_HANDSHAKES = {
    "another version": (HANDSHAKE.replace(b"Version: 13", b"Version: 8"), b"HTTP/1.1 426 "),
    "no Host": (HANDSHAKE.replace(b"Host: x\r\n", b""), b"HTTP/1.1 400 "),
    "no request": (b"hello\r\n\r\n", b"HTTP/1.1 400 "),
}


@pytest.mark.parametrize("name", NO_HANDSHAKES)
async def test_who_leaves_an_answer_that_is_none_of_the_applications_is_watched(name: str) -> None:
    connections = Connections(100, head_timeout_s=0.0, answer_stalled_s=60.0, sweep_s=0.0)
    config = uvicorn.Config(page, log_config=None, ws=Socket)
    config.load()
    connection = protocol_of(connections)(config=config, server_state=ServerState(), app_state={})
    with socket.socket() as bare:
        transport = NotTaken(bare)
        connection.connection_made(transport)
        sent, begins = NO_HANDSHAKES[name]
        connection.data_received(sent)
        assert transport.written.startswith(begins)
        assert transport.is_ended
        await until(lambda: transport.is_cut_off)


@pytest.mark.parametrize("broken", ["Sec-WebSocket-Key", "Cookie"])
async def test_who_leaves_the_refusal_of_a_handshake_is_seen_off(broken: str) -> None:
    """Where the WebSocket library refuses what is a handshake to the parser, or cannot read it at all."""
    headers = {"Sec-WebSocket-Key": b"YWJj", "Cookie": b"a" * 9_000}
    line = f"{broken}: ".encode() + headers[broken] + b"\r\n"
    sent = HANDSHAKE.replace(b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", b"")[:-2] + line + b"\r\n"
    config = uvicorn.Config(page, log_config=None, ws=partial(Socket, see_off_s=0.0))  # type: ignore[arg-type] # only called
    config.load()
    connection = protocol_of(Connections(100))(config=config, server_state=ServerState(), app_state={})
    with socket.socket() as bare:
        transport = NotTaken(bare)
        connection.connection_made(transport)
        connection.data_received(sent)
        assert transport.written.startswith(b"HTTP/1.1 400 ")
        await until(lambda: transport.is_cut_off)


async def refuses(scope: Scope, receive: Receive, send: Send) -> None:
    await Response(status_code=404)(scope, receive, send)


async def fails(scope: Scope, receive: Receive, send: Send) -> None:
    raise RuntimeError("the application failed")


@pytest.mark.parametrize(("app", "status"), [(refuses, b"404"), (fails, b"500")])
async def test_who_leaves_the_applications_refusal_of_a_handshake_is_seen_off(app: ASGIApp, status: bytes) -> None:
    config = uvicorn.Config(app, log_config=None, ws=partial(Socket, see_off_s=0.0))  # type: ignore[arg-type] # only called
    config.load()
    connection = protocol_of(Connections(100))(config=config, server_state=ServerState(), app_state={})
    with socket.socket() as bare:
        transport = NotTaken(bare)
        connection.connection_made(transport)
        connection.data_received(HANDSHAKE)
        await until(lambda: transport.is_cut_off)
        assert transport.written.startswith(b"HTTP/1.1 " + status)
