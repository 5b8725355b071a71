"""The latest moves of a store's number topics, kept for topics that show them late.

Whoever shows them late is a reader with a position of its own, as a screen is: however many there are, each move is
kept once. It is bounded: where too much would wait, neighbouring moves become one, at the time of the later. So
nothing is shown earlier than it should be, and no more than a moment in between is lost.
"""

from collections.abc import Iterator
from typing import NamedTuple, Protocol

from streaming.topics.moves import Move

MOVES_WAITING_MAX = 512
"""Moves that are kept at most: 30 s at five a second are 150."""
ROWS_WAITING_MAX = 200_000
"""Rows of all moves kept: some 20 MB, while every row of a province moves at every tick for 30 s."""


class Shown(NamedTuple):
    """A move, its number in the history, and when the store's own topics took it, by a clock that nobody sets."""

    number: int
    at_ms: int
    move: Move


class Reader(Protocol):
    """Who shows moves late; ``read`` is the number of the last one that is needed no more."""

    @property
    def read(self) -> int:
        """The number."""


class History:
    """Moves as they came. Nothing is kept that no reader waits for, but while it ``keeps_all``: a store that starts
    again has its last moves before anybody can read them. ``moves_max`` and ``rows_max`` stand for the constants."""

    def __init__(self, *, moves_max: int = MOVES_WAITING_MAX, rows_max: int = ROWS_WAITING_MAX) -> None:
        self.keeps_all = False
        self.last = 0
        self._moves_max = moves_max
        self._rows_max = rows_max
        self._readers: list[Reader] = []
        self._shown: list[Shown] = []
        self._rows = 0

    def __len__(self) -> int:
        return len(self._shown)

    def add(self, move: Move, at_ms: int) -> None:
        """Keep a move that was taken at ``at_ms``, or with the last one if that is later."""
        self.last += 1
        self.let_go()
        if not self._readers and not self.keeps_all:
            return
        at_ms = max(at_ms, self._shown[-1].at_ms) if self._shown else at_ms
        self._shown.append(Shown(self.last, at_ms, move))
        self._rows += move.rows_total
        while len(self._shown) > 1 and (len(self._shown) > self._moves_max or self._rows > self._rows_max):
            self._join_pairs()

    def clear(self) -> None:
        """Keep nothing of what came so far."""
        self._shown.clear()
        self._rows = 0

    def attach(self, reader: Reader) -> None:
        """Keep for a reader what comes after its number."""
        self._readers.append(reader)

    def detach(self, reader: Reader) -> None:
        """Keep nothing for a reader any more."""
        self._readers.remove(reader)
        self.let_go()

    @property
    def first(self) -> Shown | None:
        """The oldest move that is kept."""
        return self._shown[0] if self._shown else None

    def after(self, number: int, until_ms: int | None = None) -> Iterator[Shown]:
        """The moves after a number, those that were taken up to a time; None: all."""
        for shown in self._shown:
            if until_ms is not None and shown.at_ms > until_ms:
                return
            if shown.number > number:
                yield shown

    def let_go(self) -> None:
        """Keep no more what every reader has read."""
        if self.keeps_all:
            return
        read = min((reader.read for reader in self._readers), default=self.last)
        count = sum(shown.number <= read for shown in self._shown)
        if count:
            del self._shown[:count]
            self._rows = sum(shown.move.rows_total for shown in self._shown)

    def _join_pairs(self) -> None:
        old, self._shown = self._shown, []
        for index in range(0, len(old) - 1, 2):
            first, second = old[index], old[index + 1]
            self._shown.append(second._replace(move=first.move.then(second.move)))
        if len(old) % 2:
            self._shown.append(old[-1])
        self._rows = sum(shown.move.rows_total for shown in self._shown)
