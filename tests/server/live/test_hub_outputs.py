"""Those who follow an output follow where its numbers come from now, and nothing on their screens jumps by that."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from streaming.topics.history import History
from streaming.topics.late import LateTopics
from streaming.topics.numbers import NumberTopics
from tests.worlds.screen import Screen
from tests.worlds.serving import Contest, a_hub
from tests.worlds.whole import examples
from tests.worlds.wire import Wire, frames_of, join, screen_of


class Room:
    """A hub, a store, and an output ``tv1`` that reads the store's topics, or its own."""

    def __init__(self) -> None:
        self.stage, self.hub = Contest(), a_hub()
        self.now_ms = 0
        self.history = History()
        self.stage.topics.on_move = lambda move: self.history.add(move, self.now_ms)
        self.late: LateTopics | None = None

    def open(self, name: str = "board", output: str | None = "tv1") -> Wire:
        join(self.hub, self.stage, wire := Wire(), name, output)
        return wire

    @property
    def reads(self) -> NumberTopics:
        return self.late or self.stage.topics

    def begin(self, delay_ms: int) -> LateTopics:
        self.late = LateTopics(self.stage.topics, self.history, delay_ms=delay_ms, now_ms=self.now_ms)
        self.hub.move("tv1", self.reads.find)
        return self.late

    def end(self) -> None:
        assert self.late is not None
        self.late.delay_ms = 0
        self.pass_ms(0)
        self.late.close()
        self.late = None
        self.hub.move("tv1", self.reads.find)

    def pass_ms(self, ms: int) -> None:
        self.now_ms += ms
        for topic in self.late.advance(self.now_ms) if self.late else ():
            topic.publish()

    def fresh(self, name: str = "board") -> Screen:
        topic = self.reads.find(name)
        assert topic is not None
        screen = Screen()
        screen.take(topic.snapshot())
        return screen


def total(wire: Wire) -> Any:
    return screen_of(wire).rows["P"][2]


def test_an_output_that_begins_to_be_late_sends_nothing_until_it_is_due_and_others_go_on() -> None:
    room = Room()
    tv, hall, other = room.open(), room.open(output="hall"), room.open(output=None)
    room.begin(8_000)
    assert len(frames_of(tv)) == 1, "it stands where it stood"
    room.stage.enter(3)
    room.pass_ms(7_999)
    assert (total(tv), total(hall), total(other)) == (0, 3, 3)
    room.pass_ms(1)
    assert total(tv) == 3
    assert [frame["type"] for frame in frames_of(tv)] == ["snapshot", "delta"]


def test_an_output_that_is_late_no_more_goes_on_without_a_snapshot() -> None:
    room = Room()
    tv = room.open()
    room.begin(8_000)
    room.stage.enter(3)
    room.end()
    room.stage.enter()
    assert [(frame["type"], frame["rows"]["P"][2]) for frame in frames_of(tv)] == [
        ("snapshot", 0), ("delta", 3), ("delta", 4)
    ]  # fmt: skip


def test_a_full_socket_goes_along_and_gets_one_frame_when_it_has_drained() -> None:
    room = Room()
    tv = room.open()
    room.stage.enter()
    tv.pause()
    room.stage.enter()
    room.begin(1_000)
    room.stage.enter()
    room.pass_ms(1_000)
    before = len(frames_of(tv))
    tv.drain()
    assert len(frames_of(tv)) == before + 1
    assert screen_of(tv).shows == room.fresh().shows


def test_one_whose_topic_is_gone_is_told_to_come_back() -> None:
    room = Room()
    tv = room.open("round/1")
    room.hub.move("tv1", lambda _name: None)
    assert tv.reason == "there is no such topic any more"
    assert sum(len(audience) for audience in room.hub.audiences) == 0


NAMES = ("board", "unit/A1")


@examples(60)
@given(st.lists(st.sampled_from(["enter", "begin", "end", "wait", "full", "drained", "open"]), max_size=30))
def test_who_followed_through_all_of_it_equals_who_has_just_come(steps: list[str]) -> None:
    room = Room()
    wires = [(name, room.open(name)) for name in NAMES]
    for step in steps:
        match step:
            case "enter":
                room.stage.enter()
            case "begin" if room.late is None:
                room.begin(1_000)
            case "end" if room.late is not None:
                room.end()
            case "wait":
                room.pass_ms(600)
            case "full":
                wires[0][1].pause()
            case "drained":
                wires[0][1].drain()
            case "open" if room.late is None:
                wires.append(("board", room.open()))
    room.pass_ms(2_000)
    for name, wire in wires:
        wire.drain()
        fresh, shown = room.fresh(name), screen_of(wire)
        assert (shown.epoch, shown.rows, shown.state) == (fresh.epoch, fresh.rows, fresh.state)
