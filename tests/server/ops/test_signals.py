"""Signals that end a process: they wait while something is made that must be cleaned up."""

import os
import signal
import threading
import time

import pytest

from server.ops.signals import ending, held_back

HANDED_OVER_S = 0.1
"""In which a thread that does not block a signal has taken it, and the main thread would have handled it."""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_waits_until_what_is_made_can_be_cleaned_up(number: signal.Signals) -> None:
    made: list[str] = []
    may_end = threading.Event()
    other = threading.Thread(target=may_end.wait, args=(30,))
    other.start()  # A thread that the kernel may give the signal to.

    def work() -> None:
        try:
            with held_back():
                os.kill(os.getpid(), number)
                time.sleep(HANDED_OVER_S)
                made.append("whole")
            made.append("late")
        finally:
            made.append("cleaned")

    with pytest.raises(SystemExit) as left, ending():
        work()
    may_end.set()
    other.join()
    assert left.value.code == 128 + number
    assert made == ["whole", "cleaned"]
