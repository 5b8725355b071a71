"""Clocks in a test's hand: they move when the test says so."""

import time


class Clock:
    """A machine's clock, and beside it the time that has passed, which nobody can set.

    Each change is one write, as threads of the program read both meanwhile.
    """

    def __init__(self, ms: int) -> None:
        self._passed_ms = ms
        self.set_by_ms = 0

    @property
    def ms(self) -> int:
        """What the clock tells; to change it lets time pass."""
        return self._passed_ms + self.set_by_ms

    @ms.setter
    def ms(self, ms: int) -> None:
        self._passed_ms = ms - self.set_by_ms

    def __call__(self) -> int:
        return self.ms

    def elapsed(self) -> int:
        return self._passed_ms

    def set(self, by_ms: int) -> None:
        """Let somebody set it: no time passes."""
        self.set_by_ms += by_ms


class Stopwatch:
    """A monotonic clock; ``s`` are seconds since nobody knows when."""

    def __init__(self, s: float = 0.0) -> None:
        self.s = s

    def __call__(self) -> float:
        return self.s


class RunningClock:
    """A machine's clock that runs as ours does, from a time of the test's, and ahead when the test lets time pass."""

    def __init__(self, ms: int) -> None:
        self._starts_ms = ms
        self._began_s = time.monotonic()
        self._passed_ms = 0

    def __call__(self) -> int:
        return self._starts_ms + self.elapsed()

    def elapsed(self) -> int:
        return self._passed_ms + int((time.monotonic() - self._began_s) * 1000)

    def go(self, ms: int) -> None:
        """Let so much time pass at once."""
        self._passed_ms += ms
