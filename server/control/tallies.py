"""Tallies: whether the switcher's program shows an output, as it tells us itself.

A picture may be on air for an hour, and a switcher whose cable was pulled looks like one that has nothing new to tell.
So what was told is a lease: who tells says it again now and then, else nobody knows.
"""

from collections.abc import Callable

TALLY_TTL_MS = 30_000
"""A switcher, or whoever asks it, says at least every 10 s what it shows: two of three may be lost."""


class Tallies:
    """What is told of each output. ``elapsed_ms`` is a clock that nobody sets."""

    def __init__(self, elapsed_ms: Callable[[], int]) -> None:
        self._elapsed_ms = elapsed_ms
        self._told: dict[str, tuple[bool, int]] = {}

    def tell(self, output: str, *, on: bool) -> None:
        """Hear whether an output is on the switcher's program."""
        self._told[output] = on, self._elapsed_ms()

    def of(self, output: str) -> bool | None:
        """Whether an output is on the switcher's program, None where nobody tells, or has not of late."""
        on, at_ms = self._told.get(output, (None, 0))
        return on if self._elapsed_ms() - at_ms < TALLY_TTL_MS else None

    def forget(self, output: str) -> None:
        """An output is there no more."""
        self._told.pop(output, None)
