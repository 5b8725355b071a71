"""The latest end of a process, for when a hanging disk keeps its files from being closed."""

import os
import threading
from collections.abc import Callable

CLOSE_WITHIN_S = 25.0
"""How long closing the data folder's files may take, once requests and screens have ended."""


class Deadline:
    """Ends the process with 1, and with a line of last words, ``within_s`` after it was told to end.

    A thread in a hanging call, such as a sync, cannot be asked to stop; ``end`` ends the process.
    """

    def __init__(self, within_s: float, last_words: str, end: Callable[[int], object] = os._exit) -> None:
        self._last_words = last_words
        self._end = end
        self._timer = threading.Timer(within_s, self._pass)
        self._timer.daemon = True

    def begin(self) -> None:
        """Start the time, at the first call."""
        if not self._timer.is_alive() and not self._timer.finished.is_set():
            self._timer.start()

    def cancel(self) -> None:
        """Everything was closed in time."""
        self._timer.cancel()

    def _pass(self) -> None:
        # Not through a stream, whose lock another thread may hold.
        os.write(2, f"run.py: {self._last_words}\n".encode())
        self._end(1)
