"""Signals that end a process: they wait while something is made that must be cleaned up."""

import os
import signal

import pytest

from server.ops.signals import ending, held_back


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_waits_until_what_is_made_can_be_cleaned_up(number: signal.Signals) -> None:
    made: list[str] = []

    def work() -> None:
        try:
            with held_back():
                os.kill(os.getpid(), number)
                made.append("whole")
            made.append("late")
        finally:
            made.append("cleaned")

    with pytest.raises(SystemExit) as left, ending():
        work()
    assert left.value.code == 128 + number
    assert made == ["whole", "cleaned"]
