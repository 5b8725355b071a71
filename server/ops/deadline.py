"""The latest end of a process: a disk that hangs lets nobody close a file."""

import os
import threading
from collections.abc import Callable

CLOSE_WITHIN_S = 25.0
"""How long the data folder's files have to be closed, once requests and screens have ended."""


class Deadline:
    """Ends the process with 1, and with a line of last words, ``within_s`` after it was told to end.

    Whoever waits for a call that hangs, as a thread that syncs, cannot be asked to stop; ``end`` is what does it.
    """

    def __init__(self, within_s: float, last_words: str, end: Callable[[int], object] = os._exit) -> None:
        self._last_words = last_words
        self._end = end
        self._timer = threading.Timer(within_s, self._pass)
        self._timer.daemon = True

    def begin(self) -> None:
        """Let the time run, from the first call on."""
        if not self._timer.is_alive() and not self._timer.finished.is_set():
            self._timer.start()

    def cancel(self) -> None:
        """All has been closed in time."""
        self._timer.cancel()

    def _pass(self) -> None:
        # Not by a stream: another thread may hold its lock.
        os.write(2, f"run.py: {self._last_words}\n".encode())
        self._end(1)
