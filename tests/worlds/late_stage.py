"""A fold, its topics, and others that show them late."""

from typing import Any

import msgspec

from streaming.fold.fold import Fold
from streaming.ledger.rows import Row
from streaming.topics.history import History
from streaming.topics.late import LateTopics
from streaming.topics.numbers import NumberTopics
from streaming.topics.topics import Topics
from tests.worlds.folds import move

Shows = dict[str, Any]
NAMES = ("board", "round/1", "round/2", "breakdown", "unit/P", "unit/A", "unit/B2", "unit/X")


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
