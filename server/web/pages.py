"""Pages and other public answers, made once for all who ask.

However many requests come, for however many addresses: an answer is made at most once in ``fresh_s`` and shared by all
who wait for it; together they take no more of the event loop than their Allowance; and the cache is bounded in bytes.
What is kept is public, so it also travels compressed, packed once for all who ask.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

from server.web.allowance import Allowance
from server.web.compressed import compressed
from server.web.problems import Problem

PAGE_FRESH_S = 0.5
PAGE_KEPT_S = 10.0
"""A page shows the date of its figures once they are of another day, so it is not kept longer."""
PAGES_BYTES_MAX = 64 * 1024 * 1024
"""Bound of the cache: enough for every unit of a large province in both languages. The packed bytes come on top, a
fifth of it."""
PAGE_WAIT_S = 10.0
PAGES_WAITING_MAX = 2_000
"""How long a request waits for its page, and how many may wait; further ones are told to retry."""
PAGE_RETRY_S = 2


@dataclass(frozen=True)
class _Kept:
    made_s: float
    position: str
    response: Response


class Pages:
    """A cache of recent answers by address. An address consists of names that exist, never of raw input.

    A page is rendered again at most every PAGE_FRESH_S, and while its topic does not move at most every PAGE_KEPT_S;
    its socket brings whatever it lacks.
    """

    def __init__(
        self,
        monotonic_s: Callable[[], float] = time.monotonic,
        allowance: Allowance | None = None,
        *,
        bytes_max: int = PAGES_BYTES_MAX,
        waiting_max: int = PAGES_WAITING_MAX,
    ) -> None:
        self._monotonic_s = monotonic_s
        self._allowance = allowance or Allowance(monotonic_s)
        self._bytes_max = bytes_max
        self._waiting_max = waiting_max
        self._kept: OrderedDict[tuple[str, ...], _Kept] = OrderedDict()
        self._bytes = 0
        self._waiting = 0
        self._making: dict[tuple[str, ...], asyncio.Future[None]] = {}

    async def get(
        self,
        address: tuple[str, ...],
        position: Callable[[], str],
        make: Callable[[], Response],
        *,
        prepare: Callable[[], Awaitable[None]] | None = None,
        fresh_s: float = PAGE_FRESH_S,
    ) -> Response:
        """The answer of an address; ``make`` renders it from the state at ``position`` if no cached one will do.

        An answer at another position will do for ``fresh_s``. ``prepare`` is awaited before one is made.

        Raises:
            Problem: 503, if more than PAGES_WAITING_MAX wait, or this has waited for PAGE_WAIT_S.
        """
        if (kept := self._find(address, position, fresh_s)) is not None:
            return kept
        if self._waiting >= self._waiting_max:
            raise _busy()
        self._waiting += 1
        try:
            async with asyncio.timeout(PAGE_WAIT_S):
                return await self._made(address, position, make, prepare, fresh_s)
        except TimeoutError:
            raise _busy() from None
        finally:
            self._waiting -= 1

    def __len__(self) -> int:
        """How many answers are kept."""
        return len(self._kept)

    def forget(self) -> None:
        """Forget all answers."""
        self._kept.clear()
        self._bytes = 0

    async def _made(
        self,
        address: tuple[str, ...],
        position: Callable[[], str],
        make: Callable[[], Response],
        prepare: Callable[[], Awaitable[None]] | None,
        fresh_s: float,
    ) -> Response:
        while (making := self._making.get(address)) is not None:
            await asyncio.wait([making])
            if (kept := self._find(address, position, fresh_s)) is not None:
                return kept
        made = self._making[address] = asyncio.get_running_loop().create_future()

        def work() -> Response:
            at = position()
            response = compressed(make())
            self._keep(address, _Kept(self._monotonic_s(), at, response))
            return response

        try:
            if prepare is not None:
                await prepare()
            return await self._allowance.do(work)
        finally:
            # Those who wait then look for the answer, and render it if this one failed or gave up.
            del self._making[address]
            made.set_result(None)

    def _find(self, address: tuple[str, ...], position: Callable[[], str], fresh_s: float) -> Response | None:
        kept = self._kept.get(address)
        if kept is None:
            return None
        age_s = self._monotonic_s() - kept.made_s
        if age_s < fresh_s or (age_s < PAGE_KEPT_S and kept.position == position()):
            self._kept.move_to_end(address)
            return kept.response
        return None

    def _keep(self, address: tuple[str, ...], kept: _Kept) -> None:
        if (old := self._kept.pop(address, None)) is not None:
            self._bytes -= len(old.response.body)
        self._kept[address] = kept
        self._bytes += len(kept.response.body)
        while self._bytes > self._bytes_max:
            _, oldest = self._kept.popitem(last=False)
            self._bytes -= len(oldest.response.body)


def _busy() -> Problem:
    return Problem(503, "busy", "too many pages are asked for", retry_after_s=PAGE_RETRY_S)
