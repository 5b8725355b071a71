"""Histories of late topics: whatever is done, what is shown is what was shown then."""

from typing import Any, NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from streaming.ledger.rows import Row
from streaming.topics.late import DELAY_MS_MAX
from tests.worlds.histories import histories
from tests.worlds.late_stage import NAMES, Shows, Stage, shows
from tests.worlds.screen import Screen
from tests.worlds.whole import examples

DELAYS_MS = (0, 200, 8_000, DELAY_MS_MAX)


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
