"""Followers at a pace: few frames, and at each beat the same picture as those who get every one."""

from collections.abc import Callable
from typing import Any, cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.live.audience import Asked
from server.live.hub import EMPTY_AUDIENCE_S
from server.live.paced import PACES_MS, SETTLED_MS, pace_of
from server.net.websocket import Socket
from streaming.contests.contest import encode_contest
from streaming.fold.cursor import Cut
from streaming.topics.history import History
from streaming.topics.late import LateTopics
from streaming.topics.state import State
from streaming.topics.topic import Topic
from tests.worlds.clocks import Stopwatch
from tests.worlds.histories import LEAVES, contest
from tests.worlds.screen import Screen
from tests.worlds.serving import Contest, a_hub
from tests.worlds.whole import examples
from tests.worlds.wire import Wire, frames_of, screen_of

STEP_MS, TICK_MS, PAINTED_MS = 50, 200, 400
"""How time passes, how often topics move at most, and how long after a beat it is painted."""


@pytest.mark.parametrize(
    ("asked_ms", "pace_ms"),
    [
        (0, 0), (1, 0), (200, 0), (999, 0), (1_000, 1_000), (1_500, 0), (2_000, 2_000), (3_000, 3_000), (4_000, 2_000),
        (5_000, 5_000), (6_000, 3_000), (7_000, 1_000), (10_000, 5_000), (60_000, 5_000), (999_999, 0),
    ],
)  # fmt: skip
def test_a_pace_is_the_longest_that_divides_what_is_asked_for(asked_ms: int, pace_ms: int) -> None:
    assert pace_of(asked_ms) == pace_ms


class Hall:
    """A store whose time passes, its pump, and screens that follow it."""

    def __init__(self) -> None:
        self.stage, self.clock = Contest(), Stopwatch()
        self.hub = a_hub(now_ms=lambda: self.now_ms, monotonic_s=self.clock)
        self.history = History()
        self.stage.topics.on_move = lambda move: self.history.add(move, self.now_ms)
        self.late: LateTopics | None = None
        self.on_step: Callable[[], None] = lambda: None

    @property
    def now_ms(self) -> int:
        return self.stage.writer.now_ms

    def open(self, pace_ms: int, topic: str = "board", **limits: Any) -> Wire:
        found = (self.late or self.stage.topics).find(topic)
        assert found is not None
        wire = Wire(**limits)
        wire.follower = self.hub.join(found, cast("Socket", wire), None, None, pace_ms=pace_ms)
        return wire

    def take(self, count: int = 1, unit: str = "A1") -> None:
        """Take entries, which the next tick will show."""
        for _ in range(count):
            self.stage.writer.take(f"e{len(self.stage.writer.rows)}", unit=unit)

    def pass_ms(self, ms: int) -> None:
        for _ in range(ms // STEP_MS):
            self.stage.writer.now_ms += STEP_MS
            self.clock.s += STEP_MS / 1000
            if self.now_ms % TICK_MS == 0:
                self.stage.tick()
            for topic in self.late.advance(self.now_ms) if self.late else ():
                topic.publish()
            self.hub.turn()
            self.on_step()


def painted(wire: Wire, beat_ms: int) -> tuple[Any, ...]:
    """What the screen of a wire paints at a beat."""
    screen = Screen()
    for frame in frames_of(wire):
        if frame["at"] > beat_ms:
            break
        screen.take(msgspec.json.encode(frame))
        assert not screen.asks_again
    return screen.rows, screen.state


def total(wire: Wire) -> Any:
    return screen_of(wire).rows["P"][2]


def test_a_screen_at_a_pace_gets_a_frame_in_it_and_all_get_the_very_same_bytes() -> None:
    hall = Hall()
    often, seldom, other = hall.open(0), hall.open(5_000), hall.open(5_000)
    # So that the first tick behind each beat brings entries from behind it.
    hall.pass_ms(STEP_MS)
    for _ in range(102):
        hall.take()
        hall.pass_ms(TICK_MS)
    assert len(often.frames) == 103
    assert len(seldom.frames) == 1 + 20 // 5
    assert all(one is another for one, another in zip(seldom.frames[1:], other.frames[1:], strict=True))
    assert hall.hub.counters.paced_frames == 20 // 5


def test_nothing_is_made_at_each_tick_for_those_at_a_pace_alone() -> None:
    hall = Hall()
    hall.open(5_000)
    hall.take()
    hall.stage.writer.now_ms += TICK_MS
    hall.stage.tick()
    hall.take()
    for row in hall.stage.writer.rows[hall.stage.folded :]:
        hall.stage.fold.apply(row)
    (board,) = (t for t in hall.stage.topics.move(hall.stage.fold, hall.stage.board.epoch) if t.name == "board")
    assert board.publish() == 0


def test_the_last_before_a_quiet_comes_at_its_beat() -> None:
    hall = Hall()
    wire = hall.open(5_000)
    hall.pass_ms(600)
    hall.take()
    hall.pass_ms(TICK_MS)
    assert total(wire) == 0
    hall.pass_ms(5_000 - 600 - TICK_MS + SETTLED_MS)
    assert total(wire) == 1
    hall.pass_ms(20_000)
    assert len(wire.frames) == 2


def test_what_somebody_does_does_not_wait() -> None:
    hall = Hall()
    wire = hall.open(5_000)
    hall.pass_ms(600)
    hall.take(3)
    hall.stage.writer.decide("hold", unit=None)
    hall.pass_ms(TICK_MS)
    assert total(wire) == 3
    hall.take(3)
    hall.pass_ms(TICK_MS)
    hall.stage.writer.decide("release", unit=None)
    hall.pass_ms(TICK_MS)
    assert total(wire) == 6


def test_a_new_epoch_does_not_wait() -> None:
    hall = Hall()
    wire = hall.open(5_000)
    hall.pass_ms(600)
    hall.stage.writer.decide("contest", contest=msgspec.json.decode(encode_contest(contest(title="Khác"))))
    hall.pass_ms(TICK_MS)
    assert [frame["type"] for frame in frames_of(wire)] == ["snapshot", "snapshot"]


def test_a_unit_that_is_followed_at_a_pace_alone_is_moved() -> None:
    hall = Hall()
    wire = hall.open(1_000, "unit/A1")
    hall.take(2)
    hall.pass_ms(2_000)
    assert screen_of(wire).rows["A1"][2] == 2


def test_a_full_screen_that_missed_nothing_waits_with_the_others_and_one_that_did_is_brought_up() -> None:
    hall = Hall()
    early, late, other = (hall.open(5_000) for _ in range(3))
    hall.pass_ms(1_000)
    for wire in (early, late):
        wire.pause()
    hall.take()
    hall.pass_ms(TICK_MS)
    early.drain()
    assert len(early.frames) == 1
    hall.pass_ms(5_000)
    assert [len(wire.frames) for wire in (early, late, other)] == [2, 1, 2]
    hall.take()
    hall.pass_ms(TICK_MS)
    late.drain()
    assert [total(wire) for wire in (early, late, other)] == [1, 2, 1]
    hall.pass_ms(5_000)
    assert [total(wire) for wire in (early, late, other)] == [2, 2, 2]


def test_who_is_full_alone_has_no_frame_made() -> None:
    hall = Hall()
    wire = hall.open(1_000)
    wire.pause()
    hall.take()
    hall.pass_ms(3_000)
    assert hall.hub.counters.paced_frames == 0
    wire.drain()
    assert total(wire) == 1


def test_what_is_on_air_and_what_operators_see_has_no_pace() -> None:
    class Air(State, frozen=True):
        take: int = 0

    hall = Hall()
    topic = Topic("program/hall", (), rehearsal=False)
    topic.begin("e", Cut(1, 1, None, 0))
    wire = Wire()
    wire.follower = hall.hub.join(topic, cast("Socket", wire), None, None, pace_ms=5_000)
    topic.move(Cut(2, 2, None, 0), {}, Air(take=7))
    topic.publish()
    assert len(wire.frames) == 2
    operator = hall.open(5_000, "control")
    hall.take()
    hall.pass_ms(TICK_MS)
    assert len(operator.frames) == 2


def test_a_cue_waits_behind_no_numbers_and_is_in_the_first_frame_of_who_was_full() -> None:
    class Air(State, frozen=True):
        take: int
        cue: int | None = None

    hall = Hall()
    topic = Topic("program/hall", (), rehearsal=False)
    topic.begin("e", Cut(1, 1, None, 0))
    program, full, numbers = Wire(), Wire(), hall.open(5_000)
    for wire in (program, full):
        wire.follower = hall.hub.join(topic, cast("Socket", wire), None, None)
    for wire in (full, numbers):
        wire.pause()
    hall.take()
    hall.pass_ms(5_000)
    for version, air in enumerate((Air(7), Air(8), Air(8, cue=9)), start=2):
        topic.move(Cut(version, version, None, 0), {}, air)
        topic.publish()
    assert [frame["state"] for frame in frames_of(program)[1:]] == [{"take": 7}, {"take": 8}, {"cue": 9}]
    full.drain()
    assert [frame["state"] for frame in frames_of(full)[1:]] == [{"take": 8, "cue": 9}]
    assert len(numbers.frames) == 1


def test_a_late_output_has_its_beats_later() -> None:
    hall = Hall()
    hall.late = LateTopics(hall.stage.topics, hall.history, delay_ms=1_300, now_ms=hall.now_ms)
    wire = hall.open(5_000)
    hall.pass_ms(600)
    hall.take()
    hall.pass_ms(5_000 - 600 + 1_300 + SETTLED_MS - STEP_MS)
    assert total(wire) == 0
    hall.pass_ms(STEP_MS)
    assert total(wire) == 1
    hall.late.delay_ms = 0
    assert {topic.lag_ms for topic in hall.late.all} == {0}


def test_those_at_a_pace_keep_it_where_their_output_reads_other_numbers() -> None:
    hall = Hall()
    wire = Wire()
    asked = Asked("tv1", "board")
    wire.follower = hall.hub.join(hall.stage.board, cast("Socket", wire), None, None, asked=asked, pace_ms=5_000)
    hall.late = LateTopics(hall.stage.topics, hall.history, now_ms=hall.now_ms)
    hall.hub.move("tv1", hall.late.find)
    for _ in range(50):
        hall.take()
        hall.pass_ms(TICK_MS)
    assert len(wire.frames) == 1 + 10 // 5
    assert hall.stage.board.paced != hall.late.find("board").paced != set()  # type: ignore[union-attr]


def test_a_pace_that_nobody_keeps_any_more_costs_nothing() -> None:
    hall = Hall()
    wire = hall.open(5_000)
    wire.follower.left()
    hall.clock.s += EMPTY_AUDIENCE_S
    hall.hub.sweep()
    assert (hall.stage.board.paced, hall.hub.audiences) == (set(), ())
    hall.take()
    hall.pass_ms(10_000)
    assert hall.hub.counters.paced_frames == 0


STEPS = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.one_of(
            st.tuples(st.just("enter"), st.integers(0, len(LEAVES) - 1)),
            st.tuples(st.sampled_from(["hold", "release", "full", "drained", "open"])),
        ),
    ),
    max_size=30,
)


@examples(60)
@given(st.sampled_from(PACES_MS), st.sampled_from([0, 1_300]), STEPS)
def test_at_each_beat_the_same_is_painted_as_by_those_who_get_every_frame(
    pace_ms: int, delay_ms: int, steps: list[tuple[int, tuple[Any, ...]]]
) -> None:
    hall = Hall()
    if delay_ms:
        hall.late = LateTopics(hall.stage.topics, hall.history, delay_ms=delay_ms, now_ms=hall.now_ms)
    often, seldom, slow = hall.open(0), hall.open(pace_ms), hall.open(pace_ms)
    others = [slow]

    def look() -> None:
        beat_ms = hall.now_ms - PAINTED_MS - delay_ms
        if beat_ms % pace_ms == 0:
            assert painted(seldom, beat_ms) == painted(often, beat_ms)

    hall.on_step = look
    for wait, (name, *args) in steps:
        hall.pass_ms(wait * STEP_MS)
        match name:
            case "enter":
                hall.take(unit=LEAVES[args[0]])
            case "hold" | "release":
                hall.stage.writer.decide(name, unit=None)
            case "full":
                slow.pause()
            case "drained":
                slow.drain()
            case "open":
                others.append(hall.open(pace_ms))
    slow.drain()
    hall.pass_ms(2 * pace_ms + delay_ms)
    for wire in (seldom, *others):
        assert screen_of(wire).rows == screen_of(often).rows
        assert screen_of(wire).state == screen_of(often).state
