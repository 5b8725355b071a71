"""A bad line is as bad as it says."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.worlds.bad_line import BadLine, Weather, line_to

SENT = bytes(range(256)) * 32


@asynccontextmanager
async def served(weather: Weather) -> AsyncIterator[BadLine]:
    """A line to a server that answers "ping" with SENT, and a head with itself."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if await reader.readexactly(4) == b"ping":
            writer.write(SENT)
        else:
            writer.write(await reader.readuntil(b"\r\n\r\n"))
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server, line_to(server.sockets[0].getsockname()[1], weather) as line:
        yield line


async def asked(line: BadLine, question: bytes, answer_bytes: int) -> tuple[bytes, float]:
    """The first bytes of an answer, and how long they took."""
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    began_s = asyncio.get_running_loop().time()
    writer.write(question)
    answer = await reader.readexactly(answer_bytes)
    took_s = asyncio.get_running_loop().time() - began_s
    writer.close()
    return answer, took_s


async def test_a_thin_line_carries_all_no_faster_than_it_may() -> None:
    async with served(Weather(bytes_per_s=40_000, latency_s=0.05)) as line:
        answer, took_s = await asked(line, b"ping", len(SENT))
    assert answer == SENT
    assert took_s >= 2 * 0.05 + len(SENT) / 40_000 - 0.02


async def test_a_line_that_loses_much_brings_all_in_order_and_late() -> None:
    async with served(Weather(loss=0.3)) as line:
        answer, took_s = await asked(line, b"ping", len(SENT))
    assert answer == SENT
    assert took_s >= 0.2


@pytest.mark.parametrize(("portal", "begins"), [("page", b"HTTP/1.1 200"), ("redirect", b"HTTP/1.1 302")])
async def test_a_portal_answers_by_itself(portal: str, begins: bytes) -> None:
    async with served(Weather(portal=portal)) as line:  # type: ignore[arg-type]
        answer, _ = await asked(line, b"GET /live/board HTTP/1.1\r\n\r\n", len(begins))
    assert answer == begins


async def test_what_asks_for_a_socket_is_taken_out() -> None:
    head = b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nHost: x\r\n\r\n"
    async with served(Weather(upgrades=False)) as line:
        answer, _ = await asked(line, head, len(b"/ HTTP/1.1\r\nHost: x\r\n\r\n"))
    assert answer == b"/ HTTP/1.1\r\nHost: x\r\n\r\n"


async def test_a_connection_goes_on_when_it_sends_again_what_was_lost() -> None:
    async with served(Weather()) as line:
        line.cut()
        answering = asyncio.create_task(asked(line, b"ping", len(SENT)))
        await asyncio.sleep(0.05)
        line.mend()
        answer, took_s = await answering
    assert answer == SENT
    # Its first segment was lost, and is sent again after a second.
    assert took_s >= 0.9
