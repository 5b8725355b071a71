"""Work on files from outside, each in a process of its own that can be killed: what a decoder does with a file that was
made to break it, nobody knows."""

import asyncio
import subprocess
import sys
from pathlib import Path

from streaming.errors import DiemCauError

ROOT = Path(__file__).resolve().parents[1]
AT_ONCE_MAX = 2
"""Processes at once; each is bounded by itself in memory and processor time. Others wait."""


class CameToNothing(DiemCauError):  # noqa: N818 - said of the work, whose fault it need not be
    """The process ended before it answered, or had to be killed."""


class Apart:
    """Runs modules of ours that read a file from standard input and write what they make of it."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE_MAX)

    async def run(self, module: str, body: bytes, *arguments: str, within_s: float) -> bytes:
        """What a module writes. ``within_s`` is how long the process may take, however busy the machine is; how long it
        may compute, the module bounds itself.

        Raises:
            CameToNothing: If it does not answer.
        """
        async with self._free:
            return await asyncio.to_thread(_run, module, body, arguments, within_s)


def _run(module: str, body: bytes, arguments: tuple[str, ...], within_s: float) -> bytes:
    command = [sys.executable, "-m", module, *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - this very program
            command,
            cwd=ROOT,
            input=body,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=within_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise CameToNothing(f"{module}: no answer within {within_s:g} s") from None
    except OSError as error:
        raise CameToNothing(f"{module}: {error.strerror}") from error
    if done.returncode != 0:
        raise CameToNothing(f"{module}: it ended with {done.returncode}")
    return done.stdout
