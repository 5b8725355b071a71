"""Topics of single units and points: moved while somebody follows them, forgotten when nobody asks any more."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.contests.contest import encode_contest
from streaming.decisions.standing import CORRECTED_TOLD_MS
from streaming.fold.cursor import Cut
from streaming.fold.fold import Fold
from streaming.ledger.rows import Row
from streaming.topics.moves import Notes
from streaming.topics.topic import Topic, TopicState
from streaming.topics.topics import Topics
from tests.worlds.folds import move
from tests.worlds.histories import START_MS, Writer, contest, histories
from tests.worlds.screen import Screen
from tests.worlds.whole import examples

NAMES = ("unit/P", "unit/A", "unit/A1", "unit/B2", "unit/X", "point/A1", "point/B")


class Stage:
    """A fold and its topics, moved whenever the test says so."""

    def __init__(self, rows: list[Row]) -> None:
        self.fold = Fold()
        self.topics = Topics(rehearsal=False)
        self.rows: list[Row] = []
        self.play(rows)

    def play(self, rows: list[Row]) -> None:
        self.rows += rows
        for row in rows:
            self.fold.apply(row)
        for topic in move(self.topics, self.fold, self.rows):
            topic.publish()

    def find(self, name: str) -> Topic:
        topic = self.topics.find(name)
        assert topic is not None
        return topic

    def look(self, name: str, screen: Screen) -> None:
        """Have a screen ask for what follows its position."""
        screen.take(self.find(name).after(screen.epoch, screen.seq))

    def open(self, name: str) -> Screen:
        screen = Screen()
        self.look(name, screen)
        return screen


def stage_of(writer: Writer) -> Stage:
    return Stage(writer.rows)


@examples(60)
@given(histories, st.data())
def test_a_screen_that_comes_back_to_a_topic_made_anew_equals_one_just_opened(
    rows: list[Row], data: st.DataObject
) -> None:
    stage = Stage(rows[:1])
    screens = {name: stage.open(name) for name in NAMES}
    for row in rows[1:]:
        stage.play([row])
        if data.draw(st.booleans(), label="forget"):
            stage.topics.forget()
        name = data.draw(st.sampled_from((*NAMES, None)), label="a screen comes back")
        if name is not None:
            stage.look(name, screens[name])
            assert screens[name].shows == stage.open(name).shows
    for name, screen in screens.items():
        stage.look(name, screen)
        assert not screen.asks_again
        assert screen.shows == stage.open(name).shows


@examples(40)
@given(histories, st.data())
def test_a_screen_that_follows_among_others_that_only_ask_equals_one_just_opened(
    rows: list[Row], data: st.DataObject
) -> None:
    stage = Stage(rows[:1])
    asked = stage.find("unit/A")
    follower: Screen | None = None
    for row in rows[1:]:
        stage.play([row])
        match data.draw(st.sampled_from(["ask", "follow", "leave", "forget", None]), label="then"):
            case "ask":
                asked = stage.find("unit/A")
            case "follow" if follower is None:
                follower = stage.open("unit/A")
                stage.find("unit/A").listeners.add(follower.hear)
            case "leave" if follower is not None:
                stage.find("unit/A").listeners.clear()
                follower = None
            case "forget":
                stage.topics.forget()
        if follower is not None:
            assert stage.find("unit/A").listeners == {follower.hear}
            fresh = stage.open("unit/A")
            assert (follower.epoch, follower.rows, follower.state) == (fresh.epoch, fresh.rows, fresh.state)
    assert asked.name == "unit/A"


def test_a_tick_moves_no_unit_that_nobody_follows_and_whoever_asks_finds_it_at_the_cut() -> None:
    writer = Writer(now_ms=START_MS)
    stage = stage_of(writer)
    left, followed = stage.find("unit/A1"), stage.find("unit/A2")
    followed.listeners.add(lambda *_: None)
    stage.play([writer.take("e1", unit="A1")])
    assert (left.seq, followed.seq) == (1, 2)
    assert stage.find("unit/A1") is left
    assert (left.seq, left.rows["A1"][2]) == (2, 1)


def test_what_nobody_follows_or_asks_for_between_two_times_is_forgotten() -> None:
    stage = stage_of(Writer(now_ms=START_MS))
    asked, followed, gone = (stage.find(f"unit/{code}") for code in ("A1", "A2", "B1"))
    point = stage.find("point/A1")
    followed.listeners.add(lambda *_: None)
    stage.topics.forget()
    assert {asked, followed, gone} < set(stage.topics.all), "all were asked for since the last time"
    assert stage.find("unit/A1") is asked
    stage.topics.forget()
    assert {"unit/A1", "unit/A2"} == {topic.name for topic in stage.topics.all if topic.name.startswith("unit/")}
    assert stage.find("unit/A2") is followed
    assert stage.find("point/A1") is not point
    assert stage.find("board") is stage.topics.all[0]


def test_a_position_from_before_a_topic_was_forgotten_gets_a_snapshot_and_that_of_the_cut_is_current() -> None:
    writer = Writer(now_ms=START_MS)
    stage = stage_of(writer)
    early = stage.open("unit/A1")
    stage.play([writer.take("e1", unit="A1")])
    late = stage.open("unit/A1")
    stage.topics.forget()
    stage.topics.forget()
    topic = stage.find("unit/A1")
    assert topic.after(late.epoch, late.seq) is None
    assert msgspec.json.decode(topic.after(early.epoch, early.seq) or b"")["type"] == "snapshot"


def test_a_new_epoch_forgets_the_units_that_nobody_follows() -> None:
    writer = Writer(now_ms=START_MS)
    stage = stage_of(writer)
    screen = stage.open("unit/A1")
    stage.find("unit/A2").listeners.add(lambda *_: None)
    other = msgspec.json.decode(encode_contest(contest(title="Cuộc thi lớn")))
    stage.play([writer.decide("contest", contest=other)])
    assert "unit/A1" not in {topic.name for topic in stage.topics.all}
    stage.look("unit/A1", screen)
    assert screen.shows == stage.open("unit/A1").shows


def test_a_topic_that_was_left_behind_is_in_no_checkpoint() -> None:
    writer = Writer(now_ms=START_MS)
    stage = stage_of(writer)
    stage.find("unit/A1")
    assert "unit/A1" in stage.topics.dump()
    stage.play([writer.take("e1", unit="A1")])
    assert "unit/A1" not in stage.topics.dump()


@pytest.mark.parametrize("waits_ms", [0, CORRECTED_TOLD_MS])
def test_a_unit_that_is_first_asked_for_at_a_checkpoint_says_of_its_numbers_what_it_said_before(waits_ms: int) -> None:
    writer = Writer(now_ms=START_MS)
    writer.take("e1", unit="A1")
    writer.decide("correction", unit="A1", round=1, column="completed", delta=2, labelled=True)
    writer.now_ms += waits_ms
    writer.decide("hold", unit=None, final=True)
    stage = stage_of(writer)
    saved = msgspec.msgpack.encode(stage.topics.dump())
    again = Topics(rehearsal=False)
    cut = msgspec.msgpack.decode(msgspec.msgpack.encode(stage.fold.cut), type=Cut)
    states = msgspec.msgpack.decode(saved, type=dict[str, TopicState])
    states = {name: state.typed(name) for name, state in states.items()}
    notes = msgspec.msgpack.decode(msgspec.msgpack.encode(stage.topics.notes), type=Notes)
    again.restore(states, notes, stage.fold.epoch("ledger", 0), cut, contest())
    for name in ("unit/A1", "unit/A", "unit/B"):
        topic = again.find(name)
        assert topic is not None
        assert topic.snapshot() == stage.find(name).snapshot()
