"""Clocks in a test's hand: they move when the test says so."""


class Clock:
    """A machine's clock, and beside it the time that has passed, which nobody can set."""

    def __init__(self, ms: int) -> None:
        self.ms = ms
        self.set_by_ms = 0

    def __call__(self) -> int:
        return self.ms

    def elapsed(self) -> int:
        return self.ms - self.set_by_ms

    def set(self, by_ms: int) -> None:
        """Let somebody set it: no time passes."""
        self.ms += by_ms
        self.set_by_ms += by_ms


class Stopwatch:
    """A monotonic clock; ``s`` are seconds since nobody knows when."""

    def __init__(self, s: float = 0.0) -> None:
        self.s = s

    def __call__(self) -> float:
        return self.s
