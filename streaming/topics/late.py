"""Number topics as an output shows them: those of a store, later, or standing still.

They are topics like any other, with followers of their own: what they show is what the store's own topics showed
``delay_ms`` ago, by the same moves. So a screen that follows them equals one just opened, a page and a feed made of
them agree with both, and no frame of theirs is made of anything else.

Stillness is the same without an end: moves that come due pile up, and are taken as one when it ends.
"""

from collections import deque

import msgspec

from streaming.contests.contest import Contest
from streaming.fold.cursor import Cut
from streaming.topics.history import History, Shown
from streaming.topics.moves import Notes
from streaming.topics.numbers import NumberTopics
from streaming.topics.topic import Topic, TopicState

DELAY_MS_MAX = 30_000
"""The longest delay of an output."""


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """What number topics show at a cut, for a later run that is to stand still there."""

    contest_digest: str
    epoch: str
    cut: Cut
    notes: Notes
    topics: dict[str, TopicState]


class LateTopics(NumberTopics):
    """A store's number topics, ``delay_ms`` late. All times are by the clock of the history, which nobody sets.

    They begin where the store's own stand, so that nothing jumps back; a delay takes effect from the next move on.
    """

    def __init__(self, source: NumberTopics, history: History, *, delay_ms: int = 0, now_ms: int) -> None:
        super().__init__(rehearsal=source.rehearsal)
        self._delay_ms = delay_ms
        self.is_still = False
        self.shown_ms = now_ms
        """When the store's own topics showed what is shown here."""
        self._source = source
        self._history = history
        self._read = history.last
        self._own: deque[Shown] = deque()
        self._due: Shown | None = None
        self._is_kept_back = False
        first = history.first if history.keeps_all else None
        if first is not None and first.move.is_whole:
            # The store has started with its last moves: stand where an earlier run would stand now, as far as they go.
            self._read, self._due = first.number, first
            self.advance(now_ms)
        else:
            self.stand_with(source)
        history.attach(self)

    @property
    def delay_ms(self) -> int:
        """How late they are."""
        return self._delay_ms

    @delay_ms.setter
    def delay_ms(self, delay_ms: int) -> None:
        self._delay_ms = delay_ms
        for topic in self.all:
            topic.lag_ms = delay_ms

    @property
    def read(self) -> int:
        """The number of the last move that is needed no more."""
        return self._read

    @property
    def is_late(self) -> bool:
        """Whether they stand, or may come to stand, elsewhere than the store's own."""
        waits = self._own or self._due is not None or self._read < self._history.last
        return self.is_still or self._is_kept_back or self.delay_ms > 0 or bool(waits)

    @property
    def next_ms(self) -> int | None:
        """When the next move is due, None if none waits or they stand still."""
        if self.is_still:
            return None
        if self._own:
            return self._own[0].at_ms + self.delay_ms
        waiting = None if self._is_kept_back else next(self._history.after(self._read), None)
        return None if waiting is None else waiting.at_ms + self.delay_ms

    def advance(self, now_ms: int) -> list[Topic]:
        """Take what is due; returns the topics with something to publish."""
        until_ms = now_ms - self.delay_ms
        while self._own and self._own[0].at_ms <= until_ms:
            self._pile(self._own.popleft())
        if self._is_kept_back:
            self._read = self._history.last
        elif not self._own:
            for shown in self._history.after(self._read, until_ms):
                self._pile(shown)
                self._read = shown.number
        self._history.let_go()
        if self.is_still or self._due is None:
            return []
        due, self._due = self._due, None
        self.shown_ms = due.at_ms
        return self.take(due.move)

    @property
    def picture(self) -> Picture | None:
        """What they show now, None before the first cut. Without single units, of which thousands may be open: the
        topic of one is made again of the boards when it is asked for."""
        if self.contest is None or self.cut is None:
            return None
        topics = {name: topic.dump() for name, topic in self._topics.items()}
        return Picture(
            contest_digest=self.contest.digest, epoch=self.epoch, cut=self.cut, notes=self.notes, topics=topics
        )

    def stand_still_at(self, picture: Picture, contest: Contest) -> None:
        """Stand still where an earlier run stood; when that ends the whole comes, for what was between is not known."""
        topics = {name: state.typed(name) for name, state in picture.topics.items()}
        self.restore(topics, picture.notes, picture.epoch, picture.cut, contest)
        self.is_still, self._is_kept_back = True, True
        self._read, self._due = self._history.last, None
        self._own.clear()

    def keep_back(self, after_ms: int) -> None:
        """Let nothing through that was shown after a time, until ``go_on``; what was shown before it comes when it is
        due."""
        if not self._is_kept_back:
            self._own.extend(self._history.after(self._read))
        self._own = deque(shown for shown in self._own if shown.at_ms <= after_ms)
        if self._due is not None and self._due.at_ms > after_ms:
            self._due = None
        self._read, self._is_kept_back = self._history.last, True

    def go_on(self, at_ms: int) -> None:
        """End ``keep_back``: go to where the store's own topics stand, as if they had shown it at ``at_ms``. What still
        waits comes first."""
        if self._is_kept_back:
            self._is_kept_back = False
            self._read = self._history.last
            at_ms = max(at_ms, self._own[-1].at_ms) if self._own else at_ms
            self._own.append(Shown(self._read, at_ms, self._source.whole()))

    def close(self) -> None:
        """Wait for nothing any more."""
        self._history.detach(self)

    def _new(self, name: str) -> Topic:
        topic = super()._new(name)
        topic.lag_ms = self._delay_ms
        return topic

    def _pile(self, shown: Shown) -> None:
        self._due = shown if self._due is None else shown._replace(move=self._due.move.then(shown.move))
