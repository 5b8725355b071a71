"""Turns at heavy work: so many pieces of it at once, so many that wait, and whoever comes beyond is told to come again.

Such work is done in threads, of which there are few; what the ceremony needs of them must not stand behind it.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.web.problems import Problem

RETRY_S = 5.0


class Turns:
    """Turns at one kind of work; ``said`` is what is told to whoever comes beyond."""

    def __init__(self, at_once: int, waiting_max: int, said: str) -> None:
        self._free = asyncio.Semaphore(at_once)
        self._waiting = 0
        self._waiting_max = waiting_max
        self._said = said

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Have a turn for as long as the block lasts, first come first served.

        Raises:
            Problem: 503, if too many wait.
        """
        if self._free.locked() and self._waiting >= self._waiting_max:
            raise Problem(503, "busy", self._said, retry_after_s=RETRY_S)
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._free.release()
