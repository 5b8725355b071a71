"""What sockets do that screens do not: each is closed alone, and leaves nothing behind."""

import asyncio

import pytest

from server.live.visit import INBOUND_MESSAGES_MAX
from server.net.websocket import (
    CLOSE_TALKATIVE,
    INBOUND_BYTES_MAX,
    INBOUND_ROUND_BYTES_MAX,
)
from tests.worlds.raw import HANDSHAKE
from tests.worlds.serving import WAIT_S, close_code, frame_of, until
from tests.worlds.show import showing


async def test_a_large_message_closes_its_socket_alone() -> None:
    async with showing() as show, show.connect() as other, show.connect() as socket:
        first = await frame_of(other)
        await socket.send("x" * INBOUND_BYTES_MAX)
        await socket.send("x" * (INBOUND_BYTES_MAX + 1))
        assert await close_code(socket) == 1009
        show.contest.enter()
        assert (await frame_of(other))["base"] == first["seq"]


async def test_a_large_message_in_parts_closes_its_socket() -> None:
    async with showing() as show, show.connect() as socket:
        await socket.send(iter(["x" * 1_000] * 5))
        assert await close_code(socket) == 1009


async def test_many_messages_close_the_socket_with_a_code_to_come_back() -> None:
    async with showing() as show, show.connect() as socket:
        for _ in range(INBOUND_MESSAGES_MAX + 1):
            await socket.send("hello")
        assert await close_code(socket) == CLOSE_TALKATIVE


async def test_text_that_is_no_utf8_closes_its_socket() -> None:
    async with showing() as show, show.connect() as socket:
        await socket.send(b"\xff\xfe", text=True)
        assert await close_code(socket) == 1007


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (b"\x81\x02hi", 1002),  # not masked
        (b"\xc1\x80\x00\x00\x00\x00", 1002),  # a reserved bit
        (b"\x83\x80\x00\x00\x00\x00", 1002),  # an opcode that does not exist
        (b"\x09\x80\x00\x00\x00\x00", 1002),  # a ping in parts
        (b"\x80\x80\x00\x00\x00\x00", 1002),  # goes on with nothing
        (b"\x81\xff\x00\x00\x01\x00\x00\x00\x00\x00" + bytes(4), 1009),  # announces a terabyte
        (b"\x88\x82\x00\x00\x00\x00\x03\xe8", 1000),  # closes as one should
    ],
)
async def test_bytes_that_are_no_frame_close_their_socket_alone(sent: bytes, code: int) -> None:
    async with showing() as show, show.connect() as other:
        first = await frame_of(other)
        reader, writer = await asyncio.open_connection(*show.address.split(":"))
        writer.write(HANDSHAKE)
        await reader.readuntil(b"\r\n\r\n")
        await until(lambda: show.hub.counters.first["snapshot"] == 2)
        writer.write(sent)
        async with asyncio.timeout(WAIT_S):
            received = await reader.read()
        assert b"\x88" in received
        assert int.from_bytes(received[received.rindex(b"\x88") + 2 :][:2], "big") == code
        writer.close()
        await until(lambda: show.hub.counters.open == 1)
        show.contest.enter()
        assert (await frame_of(other))["base"] == first["seq"]


async def test_a_client_that_vanishes_leaves_nothing_behind() -> None:
    async with showing() as show:
        _, writer = await asyncio.open_connection(*show.address.split(":"))
        writer.write(HANDSHAKE)
        await until(lambda: show.hub.counters.first["snapshot"] == 1)
        writer.transport.abort()
        await until(lambda: show.hub.counters.open == 0)
        assert [len(audience) for audience in show.hub.audiences] == [0]


@pytest.mark.parametrize(
    "message",
    [
        "",
        "{}",
        '{"type":"time"}',
        '{"type":"time","id":-1}',
        '{"type":"time","id":"x"}',
        '{"type":"time","id":1,"bound":-1}',
        "\x00",
        b"\xff",
    ],
)
async def test_whatever_else_a_screen_says_means_nothing(message: str | bytes) -> None:
    async with showing() as show, show.connect() as socket:
        await frame_of(socket)
        await socket.send(message)
        show.contest.enter()
        assert (await frame_of(socket))["type"] == "delta"


async def test_a_flood_of_pings_closes_the_socket_with_a_code_to_come_back() -> None:
    async with showing() as show, show.connect(ping_interval=None) as socket:
        await frame_of(socket)
        ping = bytes((0x89, 0x80)) + bytes(4)
        socket.transport.write(ping * (INBOUND_ROUND_BYTES_MAX // len(ping) + 1))
        assert await close_code(socket) == CLOSE_TALKATIVE
