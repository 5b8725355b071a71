"""An allowance: the share of the event loop's time that one kind of work may take, however often it is requested."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

SHARE = 0.25
"""Share of the loop's time; the rest is for participations, frames and whatever else must not wait."""
BURST_S = 0.05
"""How much may be used at once after a pause."""

T = TypeVar("T")


class Allowance:
    """Runs pieces of work one after another, first come first served, with pauses that keep it to its share.

    A piece is never interrupted: if it takes longer than its share, the next one waits longer.
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
        """Run a piece of work when it is its turn; its error is raised to the caller."""
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
