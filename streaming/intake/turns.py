"""Turns: long work in the event loop, cut into slices between which everything else has its turn."""

import asyncio
import time
from collections.abc import Callable

SLICE_MS_MAX = 3.0
"""Work of one turn of the loop; screens and other answers wait no longer for it."""
STEP_ITEMS = 8
"""Items between two looks at the clock. The dearest, of texts full of marks to be ordered, takes 0.5 ms."""

CHEAP_ITEMS = 64
"""The same of work that takes a few µs an item, whatever it holds."""


class Turns:
    """Works through items of somebody else's number: one slice in each turn of the loop, however many ask at once.

    Whoever is cancelled between two slices has done the items before, and no more.
    """

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._one_at_once = asyncio.Lock()

    async def work(self, count: int, step: Callable[[int, int], object], step_items: int = STEP_ITEMS) -> None:
        """Call ``step(begin, end)`` for pieces of range(count) of ``step_items``, in their order and without gaps."""
        at = 0
        while at < count:
            async with self._one_at_once:
                ends_s = self._monotonic_s() + SLICE_MS_MAX / 1000
                while at < count:
                    step(at, min(at + step_items, count))
                    at += step_items
                    if self._monotonic_s() >= ends_s:
                        break
                if at < count:
                    # Kept meanwhile: the next in line would begin its slice in the same turn.
                    await asyncio.sleep(0)
