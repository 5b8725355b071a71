"""An allowance: what one kind of work may take of the event loop's time, however often it is asked for."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

SHARE = 0.25
"""Of the loop's time: the rest is for participations, frames and whatever else must not wait."""
BURST_S = 0.05
"""What may be taken at once after a rest."""

T = TypeVar("T")


class Allowance:
    """Does pieces of work one after another, in the order of asking, and rests between them so as to keep to its share.

    A piece is never broken off: one that takes longer than its share is paid for by the next.
    """

    def __init__(
        self,
        monotonic_s: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        *,
        share: float = SHARE,
        burst_s: float = BURST_S,
    ) -> None:
        self._monotonic_s = monotonic_s
        self._sleep = sleep
        self._share = share
        self._burst_s = burst_s
        self._left_s = burst_s
        self._told_s = monotonic_s()
        self._line = asyncio.Lock()

    async def do(self, work: Callable[[], T]) -> T:
        """Do a piece of work when it is its turn; its error is the caller's."""
        async with self._line:
            while (left_s := self._refill()) <= 0:
                await self._sleep(-left_s / self._share + 0.001)
            began_s = self._monotonic_s()
            try:
                return work()
            finally:
                self._left_s -= self._monotonic_s() - began_s

    def _refill(self) -> float:
        now_s = self._monotonic_s()
        self._left_s = min(self._burst_s, self._left_s + (now_s - self._told_s) * self._share)
        self._told_s = now_s
        return self._left_s
