"""Making an earlier moment again while a server runs, between everything else that its loop does."""

import asyncio
import time
from collections.abc import Callable

from streaming.errors import LedgerBusy
from streaming.fold.earlier import Rows, at_once, folded_to
from streaming.fold.fold import Fold

TURN_S = 0.005
"""Rows are folded for so long before other tasks get a turn."""
KEPT_S = 120.0
"""Whoever has seen what a moment would bring decides within this, or waits again; a fold of a million rows is some
hundred megabytes."""


class Rewind:
    """Folds of a ledger's first rows; the last one is kept for whoever decides about it. One is made at a time.
    ``on_turn`` is called whenever the loop has had a turn."""

    def __init__(
        self,
        rows: Rows,
        *,
        monotonic_s: Callable[[], float] = time.monotonic,
        on_turn: Callable[[], None] = lambda: None,
    ) -> None:
        self._rows = rows
        self._monotonic_s = monotonic_s
        self._on_turn = on_turn
        self._made: tuple[int, Fold] | None = None
        self._kept_until_s = 0.0
        self._makes = asyncio.Lock()

    async def try_fold(self, to: int, upto: int) -> Fold:
        """As ``fold``, for somebody who asks out of curiosity.

        Raises:
            LedgerBusy: If another moment is being made.
        """
        if self._makes.locked():
            raise LedgerBusy("another earlier moment is being counted again")
        return await self.fold(to, upto)

    async def fold(self, to: int, upto: int) -> Fold:
        """The fold of the first ``to`` rows, as they were shown; ``upto`` is the last row."""
        async with self._makes:
            if (kept := self._kept(to)) is not None:
                return kept
            steps, ends_s = folded_to(self._rows, to, upto), self._monotonic_s() + TURN_S
            while True:
                try:
                    next(steps)
                except StopIteration as end:
                    return self._keep(to, end.value)
                if self._monotonic_s() >= ends_s:
                    self._on_turn()
                    await asyncio.sleep(0)
                    ends_s = self._monotonic_s() + TURN_S

    def fold_at_once(self, to: int, upto: int) -> Fold:
        """The same, for a start; blocks."""
        return self._kept(to) or at_once(folded_to(self._rows, to, upto))

    def turn(self) -> None:
        """Keep nothing longer than somebody may need it."""
        if self._made is not None and self._monotonic_s() >= self._kept_until_s:
            self._made = None

    def _kept(self, to: int) -> Fold | None:
        return self._made[1] if self._made is not None and self._made[0] == to else None

    def _keep(self, to: int, fold: Fold) -> Fold:
        self._made, self._kept_until_s = (to, fold), self._monotonic_s() + KEPT_S
        return fold
