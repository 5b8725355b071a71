"""Sockets that close while their client reads nothing more: none of them outlives its time, or holds up a stop."""

from contextlib import suppress

import pytest
import websockets

from server.live.hub import UNWRITABLE_S
from server.live.visit import INBOUND_MESSAGES_MAX
from server.net.websocket import (
    CLOSE_DRAINING,
    CLOSE_TALKATIVE,
    INBOUND_ROUND_BYTES_MAX,
    SEE_OFF_S,
)
from tests.worlds.raw import CLOSE, PONG, TEXT, close_payload, frame
from tests.worlds.serving import close_code, frame_of
from tests.worlds.stalled import FULL_BYTES, on, stage

SOON_S = 0.2
"""In place of SEE_OFF_S where a test waits for it; where it does not, LATE_S."""
LATE_S = 60.0

A_LITTLE = FULL_BYTES // 2
"""More than the kernel may still take a moment later, and not enough to make the transport full."""

TALKATIVE = frame(TEXT, b"x") * (INBOUND_MESSAGES_MAX + 1)
ENDINGS: dict[str, bytes] = {
    "a frame that is not masked": frame(TEXT, b"hello", masked=False),
    "a reserved bit": frame(TEXT, b"hello", reserved=4),
    "a text that is no UTF-8": frame(TEXT, b"\xff"),
    "a message that is too long": frame(TEXT, claims=5_000),
    "a close": frame(CLOSE, close_payload(1000)),
    "too many texts, then a close": TALKATIVE + frame(CLOSE, close_payload(CLOSE_TALKATIVE)),
    "nothing, and hangs up by half": b"",
}
"""What a client says, after which the transport closes at once."""
OUR_CLOSES: dict[str, bytes] = {
    "too many texts": TALKATIVE,
    "too many bytes": frame(PONG, b"x" * 100) * (INBOUND_ROUND_BYTES_MAX // 100),
}
"""What a client says, after which the server's close frame waits to be answered."""


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_who_does_not_take_the_last_bytes_of_a_closing_socket_is_cut_off_in_time(loop: str) -> None:
    async def run() -> None:
        async with stage(SOON_S) as it:
            for name, sent in (ENDINGS | OUR_CLOSES).items():
                client = await it.stalled()
                await client.fill(A_LITTLE)
                assert not client.end.is_paused
                await client.say(sent)
                assert client.waiting_bytes, name
                assert client.is_held, name
                await client.is_gone()

    on(loop, run)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_socket_that_is_full_when_it_closes_is_cut_off_at_once(loop: str) -> None:
    async def run() -> None:
        async with stage(LATE_S) as it:
            for sent in (ENDINGS | OUR_CLOSES).values():
                client = await it.stalled()
                await client.fill()
                assert client.end.is_paused
                await client.say(sent)
                await client.is_gone()

    on(loop, run)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_sockets_that_wait_to_close_do_not_hold_up_a_stop_or_break_it(loop: str) -> None:
    async def run() -> None:
        clients = []
        async with stage(LATE_S) as it:
            for sent in ENDINGS.values():
                clients.append(await it.stalled())
                await clients[-1].fill(A_LITTLE)
                await clients[-1].say(sent)
            assert all(client.is_held for client in clients)
            other = await websockets.connect(f"ws://{it.address}/live/board", compression=None)
            await frame_of(other)
        assert await close_code(other) == CLOSE_DRAINING
        assert not any(client.is_held for client in clients)

    on(loop, run)


def test_a_stop_waits_a_moment_for_a_close_frame_to_be_taken_and_not_for_ever() -> None:
    async def run() -> None:
        async with stage(SOON_S) as it:
            client = await it.stalled()
            await client.fill(A_LITTLE)
            await client.say(TALKATIVE)
            assert client.is_held
        assert not client.is_held

    on("uvloop", run)


def test_who_talks_on_behind_our_close_is_cut_off() -> None:
    async def run() -> None:
        async with stage(LATE_S) as it:
            client = await it.stalled()
            await client.say(TALKATIVE)
            assert client.is_held
            with suppress(ConnectionError):
                for _ in range(20):
                    await client.say(frame(PONG, b"x" * 100) * 100)
            await client.is_gone()

    on("uvloop", run)


def test_who_answers_our_close_after_a_few_words_more_ends_well() -> None:
    async def run() -> None:
        async with stage(LATE_S) as it:
            client = await it.stalled()
            # Most of what it may say to a round, and then it is closed for something else.
            await client.say(frame(PONG, b"x" * 100) * 600 + TALKATIVE)
            await client.say(frame(PONG, b"x" * 100) * 100 + frame(CLOSE, close_payload(CLOSE_TALKATIVE)))
            received = await client.read()
            assert received.endswith(CLOSE_TALKATIVE.to_bytes(2, "big") + b"too many messages")

    on("uvloop", run)


def test_a_closing_socket_has_as_long_as_a_full_one() -> None:
    assert SEE_OFF_S == UNWRITABLE_S
