"""What is shown late is what was shown then: the same cuts later, or not at all."""

from typing import Any, NamedTuple

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.contests.contest import encode_contest
from streaming.fold.fold import Fold
from streaming.ledger.rows import Row
from streaming.topics.history import History
from streaming.topics.late import DELAY_MS_MAX, LateTopics, Picture
from streaming.topics.numbers import NumberTopics
from streaming.topics.topics import Topics
from tests.worlds.folds import move
from tests.worlds.histories import START_MS, Writer, contest, histories
from tests.worlds.screen import Screen
from tests.worlds.whole import examples

NAMES = ("board", "round/1", "round/2", "breakdown", "unit/P", "unit/A", "unit/B2", "unit/X")
DELAYS_MS = (0, 200, 8_000, DELAY_MS_MAX)
Shows = dict[str, Any]


def frame_of(topics: NumberTopics, name: str) -> dict[str, Any]:
    topic = topics.find(name)
    assert topic is not None
    frame: dict[str, Any] = msgspec.json.decode(topic.snapshot())
    return frame


def shows(topics: NumberTopics) -> Shows:
    """What each topic shows to a screen that has just been opened."""
    return {name: frame_of(topics, name) for name in NAMES}


class Stage:
    """A fold, its topics, and others that show them late, with a clock in the test's hand."""

    def __init__(self, rows: list[Row], **bounds: int) -> None:
        self.now_ms = 0
        self.fold = Fold()
        self.topics = Topics(rehearsal=False)
        self.rows: list[Row] = []
        self.history = History(**bounds)
        self.topics.on_move = lambda move: self.history.add(move, self.now_ms)
        if rows:
            self.play(rows)

    def play(self, rows: list[Row]) -> None:
        self.rows += rows
        for row in rows:
            self.fold.apply(row)
        for topic in move(self.topics, self.fold, self.rows):
            topic.publish()

    def late(self, delay_ms: int = 0) -> LateTopics:
        return LateTopics(self.topics, self.history, delay_ms=delay_ms, now_ms=self.now_ms)

    def advance(self, late: LateTopics) -> None:
        for topic in late.advance(self.now_ms):
            topic.publish()

    def pass_ms(self, ms: int, late: LateTopics) -> None:
        self.now_ms += ms
        self.advance(late)


class Waiting(NamedTuple):
    at_ms: int
    shows: Shows


class Told:
    """What late topics should show, kept as whole pictures: none is made of another."""

    def __init__(self, now: Shows) -> None:
        self.shown = now
        self.due = now
        """What is shown once nothing stands still: a longer delay holds for what has not come due by the one before."""
        self.waiting: list[Waiting] = []
        self.is_kept_back = False

    def see(self, at_ms: int, now: Shows) -> None:
        if not self.is_kept_back:
            self.waiting.append(Waiting(at_ms, now))

    def advance(self, until_ms: int, *, is_still: bool) -> None:
        while self.waiting and self.waiting[0].at_ms <= until_ms:
            self.due = self.waiting.pop(0).shows
        if not is_still:
            self.shown = self.due

    def keep_back(self, after_ms: int) -> None:
        self.waiting = [each for each in self.waiting if each.at_ms <= after_ms]
        self.is_kept_back = True

    def go_on(self, at_ms: int, now: Shows) -> None:
        self.waiting.append(Waiting(max([at_ms, *(each.at_ms for each in self.waiting)]), now))
        self.is_kept_back = False


ACTS = st.one_of(
    st.tuples(st.just("delay"), st.sampled_from(DELAYS_MS)),
    st.tuples(st.sampled_from(["still", "move", "keep_back", "go_on"]), st.sampled_from([0, 200, 6_000])),
)
STEPS_MS = st.sampled_from([0, 100, 200, 1_000, 5_000, 40_000])


@examples(60)
@given(histories, st.sampled_from(DELAYS_MS), st.data())
def test_it_shows_what_was_shown_then_whatever_is_done_and_who_followed_equals_who_has_just_come(
    rows: list[Row], delay_ms: int, data: st.DataObject
) -> None:
    stage = Stage(rows[:1])
    late, told = stage.late(delay_ms), Told(shows(stage.topics))
    followers = {name: Screen() for name in NAMES}
    for name, screen in followers.items():
        topic = late.find(name)
        assert topic is not None
        screen.take(topic.after(None, None))
        topic.listeners.add(screen.hear)
    contents: dict[tuple[str, str, int], Any] = {}
    for row in rows[1:]:
        stage.play([row])
        told.see(stage.now_ms, shows(stage.topics))
        stage.now_ms += data.draw(STEPS_MS, label="ms pass")
        match data.draw(st.none() | ACTS, label="act"):
            case ("delay", int(ms)):
                late.delay_ms = ms
            case ("still", _):
                late.is_still = True
            case ("move", _):
                late.is_still = False
            case ("keep_back", int(ms)) if not late.is_still:
                late.keep_back(stage.now_ms - ms)
                told.keep_back(stage.now_ms - ms)
            case ("go_on", int(ms)) if told.is_kept_back:
                late.go_on(stage.now_ms - ms)
                told.go_on(stage.now_ms - ms, shows(stage.topics))
        stage.advance(late)
        told.advance(stage.now_ms - late.delay_ms, is_still=late.is_still)
        if data.draw(st.integers(0, 3), label="look") == 0:
            assert shows(late) == told.shown
            for topics in (late, stage.topics):
                for name, frame in shows(topics).items():
                    assert contents.setdefault((name, frame["epoch"], frame["seq"]), frame) == frame
    assert shows(late) == told.shown
    for name, screen in followers.items():
        topic = late.find(name)
        assert topic is not None
        fresh = Screen()
        fresh.take(topic.after(None, None))
        screen.take(topic.after(screen.epoch, screen.seq))
        assert not screen.asks_again
        assert screen.shows == fresh.shows


@examples(40)
@given(histories, st.sampled_from(DELAYS_MS[1:]), st.data())
def test_where_too_much_would_wait_nothing_comes_early_nor_is_anything_shown_that_never_was(
    rows: list[Row], delay_ms: int, data: st.DataObject
) -> None:
    stage = Stage(rows[:1], moves_max=3, rows_max=30)
    late = stage.late(delay_ms)
    shown = [Waiting(0, shows(late))]
    last = 0
    for row in rows[1:]:
        stage.play([row])
        shown.append(Waiting(stage.now_ms, shows(stage.topics)))
        assert len(stage.history) <= 3
        stage.pass_ms(data.draw(STEPS_MS, label="ms pass"), late)
        now = shows(late)
        last = next(number for number, each in enumerate(shown) if number >= last and each.shows == now)
        assert last == 0 or shown[last].at_ms <= stage.now_ms - delay_ms
    stage.pass_ms(delay_ms, late)
    assert shows(late) == shown[-1].shows
    assert not len(stage.history)


def entries(writer: Writer, count: int = 1, code: str = "A1") -> list[Row]:
    return [writer.take(f"e{len(writer.rows)}", unit=code) for _ in range(count)]


def total(late: NumberTopics) -> Any:
    return frame_of(late, "board")["rows"]["P"][2]


def test_a_delay_begins_without_a_jump_back_and_ends_without_a_jump_over() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    stage.play(entries(writer, 3))
    late = stage.late(8_000)
    assert total(late) == 3
    stage.play(entries(writer))
    stage.pass_ms(7_999, late)
    assert total(late) == 3
    stage.pass_ms(1, late)
    assert total(late) == 4
    stage.play(entries(writer))
    late.delay_ms = 0
    assert late.is_late, "until it has come to where the store stands"
    stage.advance(late)
    assert (total(late), late.is_late) == (5, False)


def test_a_release_is_late_though_its_cut_is_of_long_ago() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    late = stage.late(8_000)
    stage.play([writer.decide("delay", delay_ms=30_000)])
    stage.pass_ms(60_000, late)
    stage.play(entries(writer))
    writer.now_ms += 30_000
    stage.play([writer.clock(web=writer.now_ms)])
    assert total(stage.topics) == 1
    stage.pass_ms(7_999, late)
    assert total(late) == 0
    stage.pass_ms(1, late)
    assert total(late) == 1


def test_stillness_is_left_by_one_move_to_what_is_due() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    late = stage.late(1_000)
    frames: list[tuple[int, int]] = []
    board = late.find("board")
    assert board is not None
    board.listeners.add(lambda base, seq, _payload: frames.append((base, seq)))
    late.is_still = True
    before = shows(late)
    for _ in range(5):
        stage.play(entries(writer))
        stage.pass_ms(1_000, late)
        assert shows(late) == before
    stage.play(entries(writer))
    assert late.next_ms is None
    late.is_still = False
    stage.advance(late)
    assert (total(late), frames) == (5, [(1, 6)])
    stage.pass_ms(1_000, late)
    assert (total(late), frames) == (6, [(1, 6), (6, 7)])


def test_a_unit_that_is_first_asked_for_in_a_still_picture_is_of_that_picture() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    stage.play(entries(writer, 2))
    expected = frame_of(stage.topics, "unit/A1")
    late = stage.late()
    late.is_still = True
    stage.play(entries(writer, 3))
    stage.pass_ms(60_000, late)
    assert frame_of(late, "unit/A1") == expected


def test_a_new_epoch_waits_its_time_too_and_lies_beneath_what_comes_after_it() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    late = stage.late(8_000)
    before = shows(late)
    other = msgspec.json.decode(encode_contest(contest(title="Cuộc thi lớn")))
    stage.play([writer.decide("contest", contest=other)])
    stage.play(entries(writer))
    stage.pass_ms(7_999, late)
    assert shows(late) == before
    stage.pass_ms(1, late)
    assert shows(late) == shows(stage.topics)
    assert frame_of(late, "board")["epoch"] != before["board"]["epoch"]


def test_what_waits_is_dropped_and_comes_in_one_when_the_numbers_are_right_again() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    late = stage.late(8_000)
    stage.play(entries(writer))
    stage.pass_ms(2_000, late)
    stage.play(entries(writer, 100))
    stage.pass_ms(2_000, late)
    late.keep_back(stage.now_ms - 3_000)
    stage.play(entries(writer))
    stage.pass_ms(4_000, late)
    assert total(late) == 1, "what was shown before comes when it is due"
    stage.pass_ms(60_000, late)
    assert (total(late), late.next_ms, late.is_late) == (1, None, True)
    late.go_on(stage.now_ms)
    stage.pass_ms(7_999, late)
    assert total(late) == 1
    stage.pass_ms(1, late)
    assert total(late) == 102


def test_readers_share_what_waits_and_nothing_is_kept_for_nobody() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    stage.play(entries(writer))
    assert not len(stage.history)
    soon, late = stage.late(1_000), stage.late(8_000)
    for _ in range(3):
        stage.play(entries(writer))
        stage.pass_ms(500, soon)
    assert len(stage.history) == 3
    stage.pass_ms(8_000, late)
    stage.advance(soon)
    stage.play(entries(writer))
    assert len(stage.history) == 1
    late.close()
    soon.close()
    assert not len(stage.history)


@pytest.mark.parametrize("delay_ms", [0, 8_000, DELAY_MS_MAX])
def test_after_a_start_it_stands_where_an_earlier_run_would_stand_now(delay_ms: int) -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage([])
    stage.history.keeps_all = True
    for number in range(40):
        stage.now_ms += 1_000
        stage.play(entries(writer) if number else writer.rows)
    late = stage.late(delay_ms)
    stage.history.keeps_all = False
    assert total(late) == 39 - delay_ms // 1_000
    stage.pass_ms(delay_ms, late)
    assert shows(late) == shows(stage.topics)


def test_a_picture_that_stood_still_is_that_of_a_later_run_too_and_is_left_by_the_whole() -> None:
    writer = Writer(now_ms=START_MS)
    stage = Stage(writer.rows)
    stage.play(entries(writer, 2))
    late = stage.late()
    late.is_still = True
    stage.play(entries(writer))
    stage.pass_ms(60_000, late)
    before = shows(late)
    picture = late.picture
    assert picture is not None
    read = msgspec.msgpack.decode(msgspec.msgpack.encode(picture), type=Picture)
    again = Stage(writer.rows)
    later = again.late()
    later.stand_still_at(read, contest())
    again.play(entries(writer))
    again.pass_ms(60_000, later)
    assert shows(later) == before
    later.is_still = False
    later.go_on(again.now_ms)
    again.advance(later)
    assert shows(later) == shows(again.topics)
    assert not later.is_late
