"""Sockets that are full: what they are spared, what they get when they drain, and when they are cut off."""

import msgspec

from server.live.hub import BEAT_S, UNWRITABLE_S
from streaming.contests.contest import encode_contest
from tests.worlds.clocks import Stopwatch
from tests.worlds.histories import contest
from tests.worlds.serving import Contest, a_hub
from tests.worlds.wire import Wire, frames_of, fresh, join, screen_of


def test_a_full_socket_gets_nothing_and_then_one_frame_with_the_latest() -> None:
    clock = Stopwatch()
    stage, hub = Contest(), a_hub(monotonic_s=clock)
    slow, other = Wire(), Wire()
    join(hub, stage, slow)
    join(hub, stage, other)
    stage.enter()
    last = stage.board.seq
    slow.pause()
    for _ in range(20):
        stage.enter()
        clock.s += BEAT_S
        hub.beat()
    assert len(slow.frames) == 2
    assert len(other.frames) == 2 + 2 * 20
    slow.drain()
    assert [frame["base"] for frame in frames_of(slow)] == [0, 1, last]
    stage.enter()
    clock.s += BEAT_S
    hub.beat()
    assert len(slow.frames) == 5
    assert screen_of(slow).shows == screen_of(other).shows == fresh(stage).shows


def test_a_socket_that_is_full_while_a_new_epoch_begins_gets_the_whole() -> None:
    stage, hub = Contest(), a_hub()
    slow = Wire(room=1)
    join(hub, stage, slow)
    stage.writer.decide("contest", contest=msgspec.json.decode(encode_contest(contest(title="Khác"))))
    stage.tick()
    slow.drain()
    assert frames_of(slow)[-1]["type"] == "snapshot"
    assert screen_of(slow).shows == fresh(stage).shows


def test_a_socket_full_for_ten_seconds_is_cut_off_and_its_place_is_free() -> None:
    clock = Stopwatch()
    stage, hub = Contest(), a_hub(monotonic_s=clock)
    slow, again = Wire(), Wire()
    join(hub, stage, slow)
    join(hub, stage, again)
    slow.pause()
    again.pause()
    clock.s = 9.9
    again.drain()
    hub.sweep()
    assert not slow.aborted
    clock.s = 10.0
    again.pause()
    hub.sweep()
    assert slow.aborted
    assert not again.aborted
    assert hub.counters.aborted == 1
    assert [len(audience) for audience in hub.audiences] == [1]


def test_a_full_socket_that_still_takes_a_little_is_never_cut_off() -> None:
    clock = Stopwatch()
    stage, hub = Contest(), a_hub(monotonic_s=clock)
    join(hub, stage, slow := Wire())
    slow.waiting_bytes = 10_000
    slow.pause()
    for _ in range(20):
        clock.s += UNWRITABLE_S - 1
        slow.waiting_bytes -= 1
        hub.sweep()
    assert not slow.aborted
    clock.s += UNWRITABLE_S - 1
    hub.sweep()
    assert not slow.aborted
    clock.s += 1
    hub.sweep()
    assert slow.aborted


def test_frames_spared_to_a_full_socket_are_counted() -> None:
    stage, hub = Contest(), a_hub()
    join(hub, stage, slow := Wire())
    slow.pause()
    for _ in range(3):
        stage.enter()
    assert hub.counters.conflated == 3
