"""The demo's traffic: `rehearse`, which ends when standard input does, that is when the demo is gone.

A demo that is killed cannot end what it started; without this its traffic would knock at a closed port for ever.
"""

import os
import signal
import sys
import threading

from server.cli import cli


def end_with_input() -> None:
    """Wait for the end of standard input, then ask this process to end."""
    while sys.stdin.buffer.read(1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=end_with_input, daemon=True).start()
    cli(["rehearse", *sys.argv[1:]], prog_name="run.py")
