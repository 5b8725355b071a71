"""Whole histories with a restart in the middle: who goes on from a checkpoint shows what the rows give."""

from pathlib import Path
from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from streaming.checkpoint import (
    Resumed,
    checkpoint_of,
)
from streaming.fold.cursor import Cut
from streaming.fold.earlier import RowsInHand, on_air
from streaming.fold.fold import Fold
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import Row
from streaming.topics.moves import Notes
from streaming.topics.topic import Topic, TopicState
from streaming.topics.topics import Topics
from tests.worlds.folds import move
from tests.worlds.histories import histories
from tests.worlds.screen import Screen
from tests.worlds.whole import examples

NAMES = ("board", "round/1", "round/2", "breakdown", "unit/P", "unit/A", "unit/B2", "unit/X")


def topic_of(topics: Topics, name: str) -> Topic:
    topic = topics.find(name)
    assert topic is not None
    return topic


def content(topic: Topic) -> Any:
    return msgspec.json.decode(topic.snapshot())


def again(saved: Any, kind: Any) -> Any:
    """What a file gives back."""
    return msgspec.msgpack.decode(msgspec.msgpack.encode(saved), type=kind)


class Tower:
    """A fold and its topics; ``restart`` goes on from a checkpoint, as a later run does."""

    def __init__(self) -> None:
        self.fold = Fold()
        self.topics = Topics(rehearsal=False)
        self.rows: list[Row] = []

    def apply(self, row: Row) -> None:
        self.rows.append(row)
        self.fold.apply(row)

    @property
    def on_air(self) -> Fold | None:
        """The fold of an earlier moment, where that is on air."""
        found = on_air(self.fold, RowsInHand(self.rows))
        return None if found is self.fold else found

    def tick(self) -> None:
        for topic in move(self.topics, self.fold, self.rows):
            topic.publish()

    def restart(self, seen: list[Row], missed: list[Row]) -> None:
        """Dump at the rows seen, and stand there again while the missed ones are replayed behind."""
        saved = {name: again(state, TopicState).typed(name) for name, state in self.topics.dump().items()}
        notes, cut = again(self.topics.notes, Notes), self.topics.cut
        self.topics = Topics(rehearsal=False)
        epoch = self.fold.epoch("ledger", 0)
        self.topics.restore(saved, notes, epoch, again(cut, Cut), self.fold.contest)
        self.fold, self.rows = Fold(), []
        for row in seen + missed:
            self.apply(row)


@examples(60)
@given(histories, st.data())
def test_a_run_that_went_on_from_a_checkpoint_equals_one_from_the_first_row(
    rows: list[Row], data: st.DataObject
) -> None:
    tower, plain = Tower(), Tower()
    screens: dict[str, Screen] = {name: Screen() for name in NAMES}
    for row in rows[:1]:
        tower.apply(row)
        plain.apply(row)
    tower.tick()
    for name in NAMES:
        screens[name].take(topic_of(tower.topics, name).snapshot())
    contents: dict[tuple[str, str, int], Any] = {}
    stop = data.draw(st.integers(1, len(rows)), label="saved at")
    until = data.draw(st.integers(stop, len(rows)), label="missed until")
    for row in rows[1:stop]:
        tower.apply(row)
        if data.draw(st.booleans(), label="tick"):
            tower.tick()
        if data.draw(st.integers(0, 5), label="screens look") == 5:
            for name in NAMES:
                topic = topic_of(tower.topics, name)
                screens[name].take(topic.after(screens[name].epoch, screens[name].seq))
    tower.tick()
    for name in NAMES:
        topic = topic_of(tower.topics, name)
        contents[name, topic.epoch, topic.seq] = content(topic)
    tower.restart(rows[:stop], rows[stop:until])
    for name in NAMES:
        topic = topic_of(tower.topics, name)
        assert contents[name, topic.epoch, topic.seq] == content(topic)
    tower.tick()
    for row in rows[until:]:
        tower.apply(row)
        tower.tick()
    for row in rows[1:]:
        plain.apply(row)
    plain.tick()
    for name in NAMES:
        fresh = topic_of(plain.topics, name)
        topic = topic_of(tower.topics, name)
        assert content(topic) == content(fresh)
        screens[name].take(topic.after(screens[name].epoch, screens[name].seq))
        assert not screens[name].asks_again
        shown = Screen()
        shown.take(fresh.snapshot())
        assert screens[name].shows == shown.shows


@examples(25)
@given(histories)
def test_a_checkpoint_of_these_rows_does_not_differ_from_their_fold(rows: list[Row]) -> None:
    tower, ledger = Tower(), Ledger(Path("none"), now_ms=lambda: 0)
    for row in rows:
        tower.apply(row)
        tower.tick()
        for name in NAMES:
            topic_of(tower.topics, name)
    made = checkpoint_of(ledger, tower.fold, tower.topics)
    saved = msgspec.structs.replace(
        made,
        topics={name: again(state, TopicState).typed(name) for name, state in made.topics.items()},
        notes=again(made.notes, Notes),
    )
    assert set(NAMES) == set(saved.topics)
    plain = Tower()
    for row in rows:
        plain.apply(row)
    assert Resumed(saved, plain.fold.contest).differences(plain.fold, plain.on_air) == []
