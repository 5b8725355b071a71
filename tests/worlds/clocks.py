"""Clocks in a test's hand: they move when the test says so."""


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
