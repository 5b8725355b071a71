"""The HTTP protocol subclass: what it leans on in uvicorn, and how long a bad client may hold what."""

import asyncio
import inspect
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from server.net.heads import HEAD_BYTES_MAX
from tests.worlds.http_site import BIG, GET, PART, site
from tests.worlds.process import Serving
from tests.worlds.raw import HANDSHAKE
from tests.worlds.serving import WAIT_S, until

BLAME = f"uvicorn {uvicorn.__version__} has changed what server/net/http1.py leans on"

METHODS = {
    "__init__": ["self", "config", "server_state", "app_state", "_loop"],
    "connection_made": ["self", "transport"],
    "connection_lost": ["self", "exc"],
    "data_received": ["self", "data"],
    "on_message_begin": ["self"],
    "on_headers_complete": ["self"],
    "on_response_complete": ["self"],
    "timeout_keep_alive_handler": ["self"],
    "pause_writing": ["self"],
    "resume_writing": ["self"],
    "handle_websocket_upgrade": ["self"],
    "send_400_response": ["self", "msg"],
    "eof_received": ["self"],
    "on_header": ["self", "name", "value"],
    "on_body": ["self", "body"],
    "on_message_complete": ["self"],
    "_should_upgrade": ["self"],
    "_unset_keepalive_if_required": ["self"],
}


@pytest.mark.parametrize("name", METHODS)
def test_uvicorn_has_the_method(name: str) -> None:
    method = getattr(HttpToolsProtocol, name, None)
    assert method is not None, f"{BLAME}: no method {name}"
    assert list(inspect.signature(method).parameters) == METHODS[name], f"{BLAME}: other parameters of {name}"


ATTRIBUTES = [
    "transport", "connections", "loop", "timeout_keep_alive_task", "scope", "headers", "cycle", "parser", "pipeline",
    "flow", "client", "server_state",
]  # fmt: skip


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_uvicorn_sets_the_attribute(name: str) -> None:
    source = inspect.getsource(HttpToolsProtocol.__init__)
    assert f"self.{name} " in source or f"self.{name}:" in source, f"{BLAME}: no attribute {name}"


def test_the_protocol_is_its_own_parsers_target() -> None:
    source = inspect.getsource(HttpToolsProtocol.__init__)
    assert "httptools.HttpRequestParser(self)" in source, f"{BLAME}: on_headers_complete is called elsewhere"


def test_any_byte_stops_the_timer_of_an_idle_connection() -> None:
    source = inspect.getsource(HttpToolsProtocol.data_received)
    assert "self._unset_keepalive_if_required()" in source, f"{BLAME}: who ends an idle connection"


def test_an_upgrade_leaves_the_count_of_connections_to_the_websocket() -> None:
    source = inspect.getsource(HttpToolsProtocol.handle_websocket_upgrade)
    assert "self.connections.discard(self)" in source, f"{BLAME}: a socket would count twice"
    assert "self.transport.set_protocol(protocol)" in source, f"{BLAME}: the socket cannot be found"


def test_a_socket_says_whether_it_could_read_the_handshake() -> None:
    source = inspect.getsource(WebSocketsSansIOProtocol)
    assert "self.handshake_initiated = False" in source, f"{BLAME}: a handshake that cannot be read"
    assert "self.handshake_initiated = True" in inspect.getsource(WebSocketsSansIOProtocol.handle_connect)


def test_the_transport_is_read_from_as_the_flow_says() -> None:
    assert list(inspect.signature(FlowControl.resume_reading).parameters) == ["self"], f"{BLAME}: who reads on"
    assert "self.flow = FlowControl(transport)" in inspect.getsource(HttpToolsProtocol.connection_made), BLAME


def test_a_request_behind_another_waits_in_the_pipeline() -> None:
    source = inspect.getsource(HttpToolsProtocol.on_headers_complete)
    assert "self.pipeline.appendleft((self.cycle, app))" in source, f"{BLAME}: where requests wait"
    assert "self.pipeline.pop()" in inspect.getsource(HttpToolsProtocol.on_response_complete), BLAME


@pytest.mark.parametrize("name", ["disconnected", "response_complete", "response_started", "more_body", "scope"])
def test_a_request_has_the_attribute(name: str) -> None:
    assert f"self.{name} = " in inspect.getsource(RequestResponseCycle.__init__), f"{BLAME}: no {name}"


@pytest.mark.parametrize("half", [b"", b"\r\n", b"G", b"GET / HTTP/1.1\r\n", GET[:-2], b"PRI * HTTP/2.0\r\n"])
async def test_a_head_that_stays_unfinished_ends_the_connection(half: bytes) -> None:
    async with site(head_timeout_s=0.1) as it:
        client = await it.connect()
        client.send(half)
        assert await client.until_closed() == b""
        await until(lambda: not it.connections.heads)
        assert it.connections.late == 1


async def test_a_trickle_does_not_move_the_deadline() -> None:
    async with site(head_timeout_s=0.2) as it:
        client = await it.connect()
        async with asyncio.TaskGroup() as group:
            group.create_task(client.trickle(b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * 1_000, each_s=0.01))
            assert await client.until_closed() == b""


@pytest.mark.parametrize("next_", [b"\r\n", b"G", GET[:-1]])
async def test_a_used_connection_has_the_deadline_for_each_head(next_: bytes) -> None:
    async with site(head_timeout_s=0.2) as it:
        client = await it.connect()
        client.send(GET)
        assert (await client.answer()).startswith(b"HTTP/1.1 200")
        client.send(next_)
        assert await client.until_closed() == b""
        assert it.connections.late == 1


async def test_the_rest_of_a_body_that_was_answered_before_it_came_has_the_deadline_too() -> None:
    async with site(head_timeout_s=0.2) as it:
        client = await it.connect()
        client.send(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
        await client.answer()
        client.send(b"x")
        assert await client.until_closed() == b""


async def test_a_head_in_pieces_is_answered_and_then_nothing_is_watched() -> None:
    async with site() as it:
        client = await it.connect()
        for _ in range(2):
            for byte in GET:
                client.send(bytes((byte,)))
                await asyncio.sleep(0)
            await client.answer()
            assert not it.connections.heads
        client.send(GET + GET + GET[:5])
        await client.answer()
        await client.answer()
        await until(lambda: len(it.connections.heads) == 1)
        client.send(GET[5:])
        await client.answer()
        assert (dict(it.connections.heads), it.connections.late) == ({}, 0)


async def test_a_head_without_end_is_refused_at_its_bytes() -> None:
    async with site() as it:
        client = await it.connect()
        client.send(b"GET / HTTP/1.1\r\n" + b"X-A: b\r\n" * (HEAD_BYTES_MAX // 8))
        assert (await client.until_closed()).startswith(b"HTTP/1.1 431 ")


async def test_an_upload_that_is_answered_early_is_no_head() -> None:
    async with site() as it:
        client = await it.connect()
        client.send(b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(BIG))
        await client.answer()
        client.send(BIG)
        client.send(GET)
        await client.answer()


async def test_a_socket_is_no_longer_watched() -> None:
    async with site(head_timeout_s=0.05) as it:
        client = await it.connect()
        client.send(HANDSHAKE)
        await client.answer(ends_with=b'"snapshot"')
        other = await it.connect()
        await other.until_closed()  # The deadline has passed for one who came later.
        client.send(b"\x89\x80abcd")
        await client.answer(ends_with=b"\x8a\x00")
        assert it.connections.late == 1


async def test_connections_beyond_the_cap_are_closed_at_once_and_room_is_found_again() -> None:
    async with site(connections_max=3) as it:
        socket, idle, asking = [await it.connect() for _ in range(3)]
        socket.send(HANDSHAKE)
        await socket.answer(ends_with=b"snapshot")
        asking.send(GET)
        await asking.answer()
        for number in range(3):
            refused = await it.connect()
            assert await refused.until_closed() == b""
            assert it.connections.refused == number + 1
        asking.send(GET)
        await asking.answer()
        idle.writer.close()
        async with asyncio.timeout(WAIT_S):
            while True:  # Until the server has seen that the idle one is gone.
                again = await it.connect()
                again.send(GET)
                if await again.until_answered_or_closed():
                    break


@pytest.mark.parametrize("ending", [b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"])
async def test_who_does_not_take_the_answer_is_cut_off(ending: bytes) -> None:
    async with site(answer_stalled_s=0.1) as it:
        client = await it.connect()
        client.send(b"GET /big HTTP/1.1\r\nHost: x" + ending)
        await until(lambda: it.connections.late == 1)
        assert len(await client.until_closed()) < len(BIG)
        # Reset: else the kernel would keep for minutes what it could not send.
        assert isinstance(client.reader.exception(), ConnectionResetError)


@pytest.mark.parametrize("ending", [b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"])
async def test_who_leaves_the_last_bytes_of_an_answer_is_cut_off(ending: bytes) -> None:
    async with site(answer_stalled_s=0.4) as it:
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            client.connect(it.at)
            await until(lambda: bool(it.connections.heads))
            connection: Any = next(iter(it.connections.heads))
            connection.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4_096)
            client.sendall(b"GET /part HTTP/1.1\r\nHost: x" + ending)
            await until(connection.transport.is_closing)
            # Too little to make the transport full, and it waits to close until that is gone.
            assert 0 < connection.transport.get_write_buffer_size() < len(PART)
            await until(lambda: it.connections.late == 1)


async def test_who_takes_the_answer_slowly_gets_all_of_it() -> None:
    # All in all longer than it may stand still; each time so much less that a busy machine does not matter.
    async with site(answer_stalled_s=1.0) as it:
        client = await it.connect()
        client.send(b"GET /big HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        await client.answer(ends_with=b"\r\n\r\n")
        for _ in range(20):
            async with asyncio.timeout(WAIT_S):
                await client.reader.readexactly(len(BIG) // 20)
            await asyncio.sleep(0.06)
        assert it.connections.late == 0


def test_the_server_closes_what_its_open_file_limit_has_no_room_for(tmp_path: Path) -> None:
    few_files = ("sh", "-c", 'ulimit -n 50; exec "$@"', "sh")
    server = Serving(tmp_path / "data", prefix=few_files)
    server.start()
    try:
        with ExitStack() as held:
            for last in range(45):
                here = f"127.0.1.{last}", 0
                held.enter_context(socket.create_connection(("127.0.0.1", server.port), source_address=here))
            one_more = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            one_more.settimeout(WAIT_S)
            assert one_more.recv(1) == b""
        assert server.get("/healthz")
    finally:
        server.kill()
