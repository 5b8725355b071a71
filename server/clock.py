"""The server's time: one place that reads the machine's clock, and sees when somebody has set it."""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

import structlog

from streaming.ledger.jumps import CLOCK_MIN_MS, JUMP_MS_MIN

STEP_MS_MIN = JUMP_MS_MIN
"""Between two readings the machine's clock and the time passed may part by so much; by more, somebody has set it. A
time service slews at most half a millisecond a second, and on Linux both of them alike."""
DRIFT_MS_MAX = 2
"""So far two readings part by being rounded, or within seconds of slewing: nothing is noted of it."""
READ_MS_MAX = 20
"""Two clocks that were read further apart than this, as in a machine that was held up, are read again."""
READINGS_MAX = 5
NOTES_KEPT = 20
"""What was found last is kept for whoever asks; of a clock that two services pull to and fro there is no end."""
WARN_MS = 3_600_000
"""/readyz tells of what was found for so long."""

log = structlog.get_logger(__name__)

_BOOTTIME: int | None = getattr(time, "CLOCK_BOOTTIME", None)


def wall_ms() -> int:
    """The machine's clock, ms since the epoch, UTC."""
    return time.time_ns() // 1_000_000


def elapsed_ms() -> int:
    """Time passed since some moment, ms; sleep of the machine included where the system can tell."""
    return (time.monotonic_ns() if _BOOTTIME is None else time.clock_gettime_ns(_BOOTTIME)) // 1_000_000


@dataclass(frozen=True)
class ClockNote:
    """Something to be told of the clock. A ``step``: somebody has set it by ``by_ms``, ahead if above 0. A ``row``: the
    last row of the ledger ``ledger`` lies ``by_ms`` ahead of it at the start. ``at_ms`` is when, by the clock as it was
    then; ``elapsed_ms`` by the time passed."""

    kind: Literal["step", "row"]
    by_ms: int
    at_ms: int
    elapsed_ms: int
    ledger: str = ""

    @property
    def warning(self) -> str:
        """One line for whoever runs the server."""
        at = _told(self.at_ms)
        if self.kind == "row":
            return f"clock: at the start ({at}) it was {self.by_ms / 1000:.0f} s behind the last row of {self.ledger}"
        way = "ahead" if self.by_ms > 0 else "back"
        return f"clock: it was set {way} by {abs(self.by_ms) / 1000:.0f} s, to {at}"


class Timekeeper:
    """The time of one server. It follows the machine's clock, also where that is set: whoever keeps a machine's clock
    knows better than a program that has been running on a wrong one. But it says so, at the log's highest level, and
    keeps what it found for the control room.

    Any thread may ask. ``elapsed_ms`` tells the time passed, which nobody sets; ``moved_ms`` is by how much the clock
    has been set since the start, all steps together: whoever remembers a time can tell by it what that time is on the
    clock as it is now.
    """

    def __init__(self, wall_ms: Callable[[], int] = wall_ms, elapsed_ms: Callable[[], int] = elapsed_ms) -> None:
        self._wall_ms = wall_ms
        self.elapsed_ms = elapsed_ms
        self._lock = threading.Lock()
        self.moved_ms = 0
        self.notes_total = 0
        self._notes: deque[ClockNote] = deque(maxlen=NOTES_KEPT)
        wall, elapsed = self._read()
        self._offset_ms = wall - elapsed
        if wall < CLOCK_MIN_MS:
            log.critical("the machine's clock is wrong", now=_told(wall), do="set the machine's date")

    def now_ms(self) -> int:
        """The machine's clock, ms since the epoch, UTC."""
        wall, elapsed = self._wall_ms(), self.elapsed_ms()
        if abs(wall - elapsed - self._offset_ms) <= DRIFT_MS_MAX:
            # Asked for with every participation, and nearly always so. What is written is written below alone.
            return wall
        with self._lock:
            wall, elapsed = self._wall_ms(), self.elapsed_ms()
            if abs(wall - elapsed - self._offset_ms) > STEP_MS_MIN:
                # Set, or this thread stood still between the two.
                wall, elapsed = self._read()
            by_ms = wall - elapsed - self._offset_ms
            self._offset_ms += by_ms
            if abs(by_ms) > STEP_MS_MIN:
                self.moved_ms += by_ms
                self._note(ClockNote("step", by_ms, wall, elapsed))
                log.critical("the machine's clock was set", by_s=by_ms / 1000, now_ms=wall)
            return wall

    def compare(self, ledger: str, last_ms: int) -> None:
        """See whether a ledger's last row lies in the future: then the clock was ahead when it was written, or is
        behind now. No figure waits for the clock to come there; the next row sets time back."""
        now_ms = self.now_ms()
        if last_ms - now_ms > STEP_MS_MIN:
            with self._lock:
                self._note(ClockNote("row", last_ms - now_ms, now_ms, self.elapsed_ms(), ledger))
            log.critical("the last row lies in the future", ledger=ledger, by_s=(last_ms - now_ms) / 1000)

    def notes_since(self, total: int) -> list[ClockNote]:
        """What was found after the first ``total`` notes, NOTES_KEPT at most."""
        with self._lock:
            count = min(self.notes_total - total, len(self._notes))
            return list(self._notes)[len(self._notes) - count :]

    @property
    def warnings(self) -> list[str]:
        """What is found now or was within WARN_MS, one line each."""
        now_ms = self.now_ms()
        since_ms = self.elapsed_ms() - WARN_MS
        wrong = [f"clock: it tells {_told(now_ms)}: set the machine's date"] if now_ms < CLOCK_MIN_MS else []
        return wrong + [note.warning for note in self.notes_since(0) if note.elapsed_ms >= since_ms]

    def _note(self, note: ClockNote) -> None:
        self._notes.append(note)
        self.notes_total += 1

    def _read(self) -> tuple[int, int]:
        """The machine's clock and the time passed, at one moment."""
        for _ in range(READINGS_MAX):
            before = self.elapsed_ms()
            wall = self._wall_ms()
            if self.elapsed_ms() - before <= READ_MS_MAX:
                break
        return wall, before


def _told(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
