"""The hub's own turns on real sockets: beats, and an end for those that take nothing."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
import pytest
import websockets

from server.app import starlette_of
from server.live.hub import BEAT_S, SWEEP_S, UNWRITABLE_S, Hub
from server.net.websocket import SEND_BUFFER_BYTES
from tests.worlds.apps import app_of
from tests.worlds.clocks import Stopwatch
from tests.worlds.serving import NOW_MS, WAIT_S, a_hub, frame_of, serving
from tests.worlds.stalled import on, stage

QUICK = {"beat_s": 0.04, "sweep_s": 0.02}


@asynccontextmanager
async def running(hub: Hub) -> AsyncIterator[None]:
    run = asyncio.create_task(hub.run())
    yield
    run.cancel()
    with suppress(asyncio.CancelledError):
        await run


def screen_on(host: str) -> websockets.connect:
    # It reads while a test fills others, so that it is not full itself.
    return websockets.connect(f"ws://{host}/live/board", compression=None, max_queue=None)


async def beat_of(screen: websockets.ClientConnection) -> int:
    """The time that the next beat tells."""
    async with asyncio.timeout(WAIT_S):
        while True:
            frame = msgspec.json.decode(await screen.recv())
            if frame["type"] == "beat":
                at: int = frame["at"]
                return at


async def test_a_quiet_contest_beats_by_itself() -> None:
    async with stage(**QUICK) as it, running(it.hub), screen_on(it.address) as screen:
        assert [await beat_of(screen) for _ in range(3)] == [NOW_MS] * 3


async def test_the_app_keeps_its_hub_running(tmp_path: Path) -> None:
    app = app_of(tmp_path)
    app.hub.beat_s, app.hub.sweep_s = QUICK["beat_s"], QUICK["sweep_s"]
    async with serving(starlette_of(app), app.hub, lifespan="on") as host, screen_on(host) as screen:
        assert await beat_of(screen) <= await beat_of(screen)


def test_a_screen_hears_something_within_three_seconds_and_a_stalled_one_ends_within_twelve() -> None:
    hub = a_hub()
    assert (hub.beat_s, hub.sweep_s, hub.unwritable_s) == (BEAT_S, SWEEP_S, UNWRITABLE_S) == (2.0, 1.0, 10.0)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_real_socket_that_stays_full_is_cut_off_and_the_others_go_on(loop: str) -> None:
    async def run() -> None:
        async with stage(**QUICK, unwritable_s=0.1) as it, running(it.hub), screen_on(it.address) as other:
            await frame_of(other)
            stalled = await it.stalled()
            await stalled.fill()
            assert it.hub.counters.slow == 1
            await stalled.is_gone()
            assert it.hub.counters.aborted == 1
            assert it.hub.counters.open == 1
            it.contest.enter()
            while (await frame_of(other))["seq"] != it.contest.board.seq:
                pass

    on(loop, run)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_a_real_socket_that_takes_a_little_now_and_then_is_slow_and_stays(loop: str) -> None:
    async def run() -> None:
        clock = Stopwatch()
        async with stage(monotonic_s=clock) as it:
            slow = await it.stalled()
            await slow.fill()
            for _ in range(5):
                clock.s += UNWRITABLE_S
                await slow.sip()
                it.hub.sweep()
                it.contest.enter()
                await slow.fill()
            assert (slow.is_held, it.hub.counters.aborted) == (True, 0)
            clock.s += UNWRITABLE_S
            it.hub.sweep()
            await slow.is_gone()

    on(loop, run)


@pytest.mark.parametrize("loop", ["uvloop", "asyncio"])
def test_the_kernel_holds_little_of_what_a_socket_does_not_take(loop: str) -> None:
    async def run() -> None:
        async with stage() as it, screen_on(it.address) as screen:
            await frame_of(screen)
            (follower,) = (follower for audience in it.hub.audiences for follower in audience)
            bare = follower.socket.transport.get_extra_info("socket")
            # Linux doubles what is asked for, for its own books.
            assert bare.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * SEND_BUFFER_BYTES

    on(loop, run)
