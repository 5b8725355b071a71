"""Clients that no server likes: they break off, ask without waiting for answers, and read nothing."""

import asyncio
import socket
from dataclasses import dataclass

from server.net.websocket import NO_LINGER
from tests.bench.arrivals import arrive

STRANGERS_PER_S = 8.0
AT_ONCE = 200
"""One more waits, so that those who hold on do not pile up on our side either."""
ASKED = 100
"""Requests that are sent behind one another without waiting."""
HOLDS_S = 5.0
"""How long one that reads nothing holds on."""
GOES_WITHIN_S = 15.0

GET = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
HALF_A_HEAD = GET[:-5]
HALF_A_BODY = b"POST /api/v1/participations HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n[{"
OFFERED = GET.replace(b"Host", b"Connection: Upgrade\r\nUpgrade: h2c\r\nHost")


@dataclass
class Strangers:
    """What became of them. ``unanswered`` asked in a row and did not get all their answers."""

    began: int = 0
    broke_off: int = 0
    answered: int = 0
    read_nothing: int = 0
    unanswered: int = 0


async def bother(port: int, ends: asyncio.Event, strangers: Strangers, per_s: float = STRANGERS_PER_S) -> None:
    """Have strangers come until told to end; returns when the last has left."""

    async def one(number: int) -> None:
        strangers.began += 1
        await stranger(number, port, strangers)

    await arrive(per_s, AT_ONCE, ends, one)


async def stranger(number: int, port: int, strangers: Strangers) -> None:
    """Come and misbehave: in turn by breaking off, by asking in a row, and by reading nothing."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        match number % 4:
            case 0 | 1:
                writer.write((HALF_A_HEAD, HALF_A_BODY)[number % 4])
                await asyncio.sleep(0)
                strangers.broke_off += 1
            case 2:
                writer.write((GET + OFFERED) * (ASKED // 2))
                if await _answers(reader) == ASKED:
                    strangers.answered += 1
                else:
                    strangers.unanswered += 1
            case _:
                writer.transport.pause_reading()  # type: ignore[attr-defined] # a transport of a socket has it
                writer.write(GET * ASKED)
                await asyncio.sleep(HOLDS_S)
                strangers.read_nothing += 1
    finally:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        writer.transport.abort()


async def _answers(reader: asyncio.StreamReader) -> int:
    """How many of ASKED answers came in time."""
    count = 0
    try:
        async with asyncio.timeout(GOES_WITHIN_S):
            while count < ASKED:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
                await reader.readexactly(length)
                count += 1
    except (TimeoutError, asyncio.IncompleteReadError, ConnectionError):
        pass
    return count
