"""What was public at an earlier moment: the fold of the rows up to there, as they were shown then.

When wrong numbers are taken off the air, screens may step back to such a moment. Nothing of it is kept anywhere: as
every cut that was public is a function of the rows up to it, they are folded once more.
"""

from collections.abc import Generator, Iterator, Sequence
from typing import Protocol

from streaming.decisions.contest import ContestLoaded
from streaming.decisions.kinds import read_decision
from streaming.fold.fold import Fold
from streaming.ledger.rows import Row

STEP_ROWS = 50
"""Rows that are folded between two looks of whoever drives it: about 0.5 ms of work."""


class Rows(Protocol):
    """A ledger's rows."""

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Row]:
        """The rows from ``after`` + 1 to ``upto``."""

    def every_decision(self) -> Iterator[Row]:
        """All decisions, the latest first."""


class RowsInHand:
    """Rows that somebody has read already."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Row]:
        """The rows from ``after`` + 1 to ``upto``."""
        yield from self._rows[after:upto]

    def every_decision(self) -> Iterator[Row]:
        """All decisions, the latest first."""
        return (row for row in reversed(self._rows) if row.type == "decision")


def folded_to(rows: Rows, to: int, upto: int) -> Generator[None, None, Fold]:
    """Fold the first ``to`` rows, step by step; the fold's public side is what they showed.

    Where they showed an earlier moment themselves, it is that one. What the contest has become since, up to row
    ``upto``, it is for them too: an edit acts at once on whatever is shown.
    """
    while True:
        fold = Fold()
        for number, row in enumerate(rows.read(0, to), start=1):
            fold.apply(row)
            if number % STEP_ROWS == 0:
                yield
        if fold.gate.back_to is None:
            break
        to = fold.gate.back_to
    for row in reversed([row for row in rows.every_decision() if to < row.seq <= upto]):
        decision = read_decision(row)
        if isinstance(decision, ContestLoaded):
            fold.adopt(row, decision.read(row))
    return fold


def at_once(steps: Generator[None, None, Fold]) -> Fold:
    """The fold, without a pause."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found: Fold = end.value
            return found


def on_air(fold: Fold, rows: Rows) -> Fold:
    """The fold whose public side is on air after all rows of ``fold``: itself, or one of an earlier moment."""
    if fold.gate.back_to is None:
        return fold
    return at_once(folded_to(rows, fold.gate.back_to, fold.seq))
