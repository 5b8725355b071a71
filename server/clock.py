"""The clocks that the server hands to whoever needs one."""

import time
from collections.abc import Callable


def wall_ms() -> int:
    """The machine's clock, ms since the epoch, UTC."""
    return time.time_ns() // 1_000_000


def ceremony_clock(now_ms: Callable[[], int], monotonic_s: Callable[[], float] = time.monotonic) -> Callable[[], int]:
    """The clock that screens are told: wall time at the start plus monotonic, so it neither jumps nor runs back."""
    start_ms, start_s = now_ms(), monotonic_s()
    return lambda: start_ms + int((monotonic_s() - start_s) * 1000)
