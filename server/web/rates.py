"""How much each of those who ask may have a second."""

import time
from collections.abc import Callable

RATE_BURST_S = 2.0
"""So many seconds' worth may come at once, as after a break."""


class Rates:
    """How much each has left: ``per_s``, RATE_BURST_S of it at once. Names are of those who have proved who they are,
    and so are few.

    A request is accepted while anything is left and charged afterwards, when its size is known.
    """

    def __init__(self, per_s: int, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self.per_s = per_s
        self._monotonic_s = monotonic_s
        self._left: dict[str, tuple[float, float]] = {}

    def wait_s(self, name: str) -> float:
        """How long one has to wait, 0 for who may ask now."""
        return max(0.0, -self._now(name)) / self.per_s

    def pay(self, name: str, size: int) -> None:
        """Charge a request, at least one; the rest may become negative."""
        self._left[name] = (self._now(name) - max(1, size), self._monotonic_s())

    def _now(self, name: str) -> float:
        most = self.per_s * RATE_BURST_S
        left, at_s = self._left.get(name, (most, 0.0))
        return min(most, left + (self._monotonic_s() - at_s) * self.per_s)
