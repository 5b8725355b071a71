"""A suite that was started to outlive its terminal starts servers that do not."""

import os
import signal
import subprocess
import sys

from tests.worlds.signals import not_inherited

ASK = "import signal; print(signal.getsignal(signal.SIGHUP).name)"


def in_a_child() -> str:
    """How a program that is started from here takes SIGHUP."""
    return subprocess.run([sys.executable, "-SIc", ASK], capture_output=True, text=True, check=True).stdout.strip()


def test_a_signal_that_is_ignored_here_is_not_ignored_in_what_is_started() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        assert in_a_child() == "SIG_IGN"
        with not_inherited(signal.SIGHUP):
            assert in_a_child() == "SIG_DFL"
            os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
