"""The fan-out: who gets which bytes, and what a full socket costs the others."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import msgspec
import pytest
import uvloop
import websockets
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette

from server.live.audience import BEAT_AFTER_S
from server.live.hub import PING_BEATS, Hub
from server.net.websocket import WRITE_HIGH_BYTES, Socket, text_frame
from server.routes import live
from streaming.contests.contest import encode_contest
from tests.worlds.clocks import Stopwatch
from tests.worlds.histories import LEAVES, contest
from tests.worlds.screen import Screen
from tests.worlds.serving import WAIT_S, Contest, a_hub, frame_of, serving, until
from tests.worlds.whole import examples
from tests.worlds.wire import Wire, frames_of, fresh, join, screen_of


def test_all_in_step_get_the_very_same_bytes() -> None:
    stage, hub = Contest(), a_hub()
    wires = [Wire() for _ in range(3)]
    for wire in wires:
        join(hub, stage, wire)
    stage.enter()
    assert wires[0].frames[1] is wires[1].frames[1] is wires[2].frames[1]
    assert [frame["type"] for frame in frames_of(wires[0])] == ["snapshot", "delta"]


def test_who_joins_between_two_publishes_gets_no_frame_that_it_has() -> None:
    stage, hub = Contest(), a_hub()
    topic = stage.topics.find("unit/B2")
    assert topic is not None
    topic.listeners.add(lambda *_: None)
    stage.enter(unit="A1")
    # Nothing of B2 has changed, so the cut moves on without a frame.
    stage.enter(unit="A1")
    assert topic.published_seq < topic.seq
    join(hub, stage, wire := Wire(), "unit/B2")
    topic.publish()
    stage.enter(unit="B2")
    assert [(frame["base"], frame["seq"]) for frame in frames_of(wire)] == [(0, 3), (3, 4)]


def test_a_topic_that_nobody_follows_for_a_minute_is_no_longer_prepared() -> None:
    clock = Stopwatch()
    stage, hub = Contest(), a_hub(monotonic_s=clock)
    wire = Wire()
    join(hub, stage, wire, "unit/A")
    topic = stage.topics.find("unit/A")
    assert topic is not None
    clock.s = 100.0
    hub.sweep()
    wire.follower.left()
    clock.s = 159.0
    hub.sweep()
    assert topic.listeners
    clock.s = 160.0
    hub.sweep()
    assert not topic.listeners
    assert not hub.audiences
    stage.enter()
    join(hub, stage, back := Wire(), "unit/A")
    stage.enter()
    assert screen_of(back).shows == fresh(stage, "unit/A").shows


def test_a_write_that_fails_costs_the_others_nothing() -> None:
    class Dying(Wire):
        def write(self, frame: bytes) -> None:
            if self.frames:
                raise RuntimeError("unable to perform operation; the handler is closed")
            super().write(frame)

    stage, hub = Contest(), a_hub()
    wires = [Wire(), Dying(), Wire()]
    for wire in wires:
        join(hub, stage, wire)
    stage.enter()
    assert [len(wire.frames) for wire in wires] == [2, 1, 2]
    assert hub.counters.failed_writes == 1


def test_those_that_come_back_together_share_one_frame() -> None:
    stage, hub = Contest(), a_hub()
    epoch, seq = stage.board.epoch, stage.board.seq
    stage.enter()
    wires = [Wire() for _ in range(3)]
    for wire in wires:
        join(hub, stage, wire, epoch=epoch, seq=seq)
    assert wires[0].frames[0] is wires[2].frames[0]
    assert hub.counters.first == {"current": 0, "brought_up": 3, "snapshot": 0}


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.sampled_from(["board", "unit/A", "unit/B2"]), st.integers(0, 12)),
        st.tuples(st.just("enter"), st.integers(0, len(LEAVES) - 1)),
        st.tuples(st.just("late"), st.integers(0, len(LEAVES) - 1)),
        st.tuples(st.sampled_from(["pause", "drain", "leave"]), st.integers(0, 20)),
        st.tuples(st.sampled_from(["hold", "release", "epoch", "sweep"])),
    ),
    max_size=40,
)


@examples(50)
@given(STEPS)
def test_whatever_happens_a_screen_that_followed_equals_one_just_opened(steps: list[tuple[Any, ...]]) -> None:
    clock = Stopwatch()
    stage, hub = Contest(), a_hub(monotonic_s=clock)
    wires: list[tuple[str, Wire]] = []
    for name, *args in steps:
        clock.s += 1
        match name:
            case "join":
                wires.append((args[0], Wire(room=args[1] or None)))
                join(hub, stage, wires[-1][1], args[0])
            case "enter":
                stage.enter(unit=LEAVES[args[0]])
            case "late":
                # The cut moves on with the next tick; until then a row is known to nobody.
                stage.writer.take(f"e{len(stage.writer.rows)}", unit=LEAVES[args[0]])
            case "pause" | "drain" | "leave" if wires:
                wire = wires[args[0] % len(wires)][1]
                if name == "leave":
                    wire.follower.left()
                    wires = [pair for pair in wires if pair[1] is not wire]
                else:
                    getattr(wire, name)()
            case "hold" | "release":
                stage.writer.decide(name, unit=None)
                stage.tick()
            case "epoch":
                title = f"Cuộc thi {len(stage.writer.rows)}"
                stage.writer.decide("contest", contest=msgspec.json.decode(encode_contest(contest(title=title))))
                stage.tick()
            case "sweep":
                hub.sweep()
                wires = [pair for pair in wires if not pair[1].aborted]
    stage.writer.decide("release", unit=None)
    stage.writer.now_ms += 10_000
    stage.enter()
    for topic, wire in wires:
        wire.drain()
        assert screen_of(wire).shows == fresh(stage, topic).shows


@asynccontextmanager
async def showing(stage: Contest, hub: Hub, **config: Any) -> AsyncIterator[str]:
    app = Starlette(routes=live.routes(stage.topics.find, hub))
    async with serving(app, hub, **config) as address:
        yield f"ws://{address}/live/board"


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_reader_that_stops_costs_little_and_gets_the_latest_when_it_reads_again(loop: str) -> None:
    factory = uvloop.new_event_loop if loop == "uvloop" else asyncio.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(stop_reading_and_read_again())


async def stop_reading_and_read_again() -> None:
    stage, hub = Contest(), a_hub()
    async with (
        showing(stage, hub) as url,
        websockets.connect(url, sock=narrow_socket(url), max_queue=1, compression=None) as slow,
        websockets.connect(url, compression=None) as other,
    ):
        other_screen, slow_screen = Screen(), Screen()
        await take_frame(other, other_screen)

        async def change(count: int) -> None:
            for _ in range(count):
                for leaf in LEAVES:
                    stage.writer.take(f"e{len(stage.writer.rows)}", unit=leaf)
                stage.tick()
                await take_frame(other, other_screen)

        await until(lambda: hub.counters.first["snapshot"] == 2)
        async with asyncio.timeout(WAIT_S * 4):
            while not hub.counters.slow:
                await change(10)
        sockets = [follower.socket for audience in hub.audiences for follower in audience]
        (full,) = (each for each in sockets if each.is_paused)
        waiting = full.transport.get_write_buffer_size()
        assert waiting <= WRITE_HIGH_BYTES + len(text_frame(stage.board.snapshot()))
        await change(100)
        assert full.transport.get_write_buffer_size() == waiting
        while slow_screen.seq != stage.board.seq:
            await take_frame(slow, slow_screen)
        assert slow_screen.shows == other_screen.shows == fresh(stage).shows


def narrow_socket(url: str) -> socket.socket:
    """A connected socket that takes little before its peer notices."""
    host, _, port = url.removeprefix("ws://").partition("/")[0].partition(":")
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    narrow.connect((host, int(port)))
    narrow.setblocking(False)
    return narrow


async def take_frame(client: websockets.ClientConnection, screen: Screen) -> None:
    screen.take(msgspec.json.encode(await frame_of(client)))
    assert not screen.asks_again


def test_who_does_not_answer_a_ping_is_cut_off_at_the_next() -> None:
    stage, hub = Contest(), a_hub()
    silent, other = Wire(), Wire()
    join(hub, stage, silent)
    join(hub, stage, other)
    silent.answers = False
    for _ in range(2 * PING_BEATS):
        hub.beat()
    assert (silent.aborted, other.aborted) == (True, False)
    assert hub.counters.silent == 1


def test_a_beat_goes_to_those_who_have_heard_nothing_of_late() -> None:
    clock = Stopwatch()
    stage, hub = Contest(), a_hub(monotonic_s=clock)
    join(hub, stage, busy := Wire())
    stage.enter()
    join(hub, stage, quiet := Wire(), "unit/X")
    join(hub, stage, new := Wire(), epoch=stage.board.epoch, seq=stage.board.seq)
    assert [len(wire.frames) for wire in (busy, quiet, new)] == [2, 1, 0]
    clock.s += BEAT_AFTER_S / 2
    hub.beat()
    assert [len(wire.frames) for wire in (busy, quiet, new)] == [2, 2, 1]
    clock.s += BEAT_AFTER_S / 2
    hub.beat()
    assert [len(wire.frames) for wire in (busy, quiet, new)] == [3, 3, 2]


def test_who_is_ahead_of_a_checkpoint_waits_and_then_gets_what_follows_its_position() -> None:
    stage, hub = Contest(), a_hub()
    epoch, seq = stage.board.epoch, stage.board.seq + 1
    stage.board.is_behind = True
    wire = Wire()
    wire.follower = hub.join(stage.board, cast("Socket", wire), epoch, seq)
    assert wire.frames == []
    stage.board.is_behind = False
    stage.enter(2)
    assert [frame["type"] for frame in frames_of(wire)] == ["delta"]
    boast = Wire()
    boast.follower = hub.join(stage.board, cast("Socket", boast), epoch, 2**40)
    assert [frame["type"] for frame in frames_of(boast)] == ["snapshot"]


async def test_what_operators_are_told_is_counted_in_no_metric() -> None:
    hub, stage = a_hub(), Contest()
    before = msgspec.json.encode(hub.counters.__dict__ | {"first": dict(hub.counters.first)}, enc_hook=str)
    wire = Wire()
    join(hub, stage, wire, "control")
    stage.enter()
    assert len(wire.frames) == 2
    assert msgspec.json.encode(hub.counters.__dict__ | {"first": dict(hub.counters.first)}, enc_hook=str) == before
    assert hub.operators_counters.deliveries == 2
