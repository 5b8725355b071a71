"""How often somebody may guess at the codes of connection points.

A code is short, so guesses are bounded: at one point from one address, at one point, from one address, and in all. What
was right counts nowhere, and a link is never kept waiting: nobody can guess one. Points of a province may all sit
behind one address, so the bound of an address is wide, and what somebody mistypes at one point keeps no other waiting.

Addresses from which a point has been opened are counted apart: whoever guesses from elsewhere, however many addresses
he has, keeps none of these waiting.
"""

import time
from collections.abc import Callable

from server.auth.tries import TRIES_WINDOW_S, Counts

GUESSES_OWN = 10
"""At one point from one address, within TRIES_WINDOW_S as all of these."""
GUESSES_POINT = 20
"""At one point from all addresses of a kind together."""
GUESSES_ADDRESS = 100
"""From one address at all points together."""
GUESSES_ALL = 150
"""From all addresses of a kind at all points: what bounds the chance to open any one at all."""
NEAR_MAX = 10_000
"""Addresses remembered from which a point was opened; the one that was heard of longest ago is forgotten first."""
GUESSES_PER_DAY = round(2 * GUESSES_ALL * 24 * 3_600 / TRIES_WINDOW_S)
"""The most that can be guessed in a day, from addresses of both kinds: 86,400 of 244,140,625 codes."""


class PointTries:
    """Recent wrong codes. Addresses are neighbourhoods."""

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._near: dict[str, None] = {}
        self._counts = {is_near: _Bounds(monotonic_s) for is_near in (False, True)}

    def wait_s(self, unit: str, address: str) -> float:
        """How long a code of a point must wait, 0 if it may be tried now; counts nothing."""
        return self._of(address).wait_s(unit, address)

    def wrong(self, unit: str, address: str) -> None:
        """Count a wrong code."""
        self._of(address).take(unit, address)

    def right(self, address: str) -> None:
        """A point was opened from an address, by its link or its code."""
        self._near.pop(address, None)
        self._near[address] = None
        if len(self._near) > NEAR_MAX:
            del self._near[next(iter(self._near))]

    def _of(self, address: str) -> "_Bounds":
        return self._counts[address in self._near]


class _Bounds:
    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._own = Counts(GUESSES_OWN, monotonic_s)
        self._points = Counts(GUESSES_POINT, monotonic_s)
        self._addresses = Counts(GUESSES_ADDRESS, monotonic_s)
        self._all = Counts(GUESSES_ALL, monotonic_s)

    def wait_s(self, unit: str, address: str) -> float:
        return max(
            self._own.wait_s((unit, address)),
            self._points.wait_s(unit),
            self._addresses.wait_s(address),
            self._all.wait_s("all"),
        )

    def take(self, unit: str, address: str) -> None:
        for counts, key in (
            (self._own, (unit, address)), (self._points, unit), (self._addresses, address), (self._all, "all")
        ):  # fmt: skip
            counts.take(key)
