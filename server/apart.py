"""Work on files from outside, each in a process of its own that can be killed: what a decoder does with a file that was
made to break it, nobody knows."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread, Timer
from typing import IO

from dashboard.apart import OPTIONS, environment
from streaming.errors import DiemCauError

ROOT = Path(__file__).resolve().parents[1]
AT_ONCE_MAX = 2
"""Processes at once; each is bounded by itself in memory and processor time. Others wait."""


class CameToNothing(DiemCauError):  # noqa: N818 - said of the work, whose fault it need not be
    """The process ended before it answered, answered too much, or had to be killed."""


class Apart:
    """Runs modules of ours that read a file from standard input and write what they make of it. They get nothing of
    the server's environment, in which secrets may stand."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE_MAX)

    async def run(self, module: str, body: bytes, *arguments: str, within_s: float, answer_bytes_max: int) -> bytes:
        """What a module writes, at most ``answer_bytes_max``. ``within_s`` is how long the process may take, however
        busy the machine is; how long it may compute, the module bounds itself.

        Raises:
            CameToNothing: If it does not answer, or says more.
        """
        async with self._free:
            return await asyncio.to_thread(_run, module, body, arguments, within_s, answer_bytes_max)


def _run(module: str, body: bytes, arguments: tuple[str, ...], within_s: float, answer_bytes_max: int) -> bytes:
    command = [sys.executable, *OPTIONS, "-m", module, *arguments]
    try:
        process = subprocess.Popen(  # noqa: S603 - this very program
            command,
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise CameToNothing(f"{module}: {error.strerror}") from error
    is_late = Event()

    def end_late() -> None:
        is_late.set()
        _end(process)

    timer = Timer(within_s, end_late)
    timer.start()
    try:
        said, ended = _answer_of(process, body, answer_bytes_max)
    finally:
        timer.cancel()
        _end(process)
    if is_late.is_set():
        raise CameToNothing(f"{module}: no answer within {within_s:g} s")
    if len(said) > answer_bytes_max:
        raise CameToNothing(f"{module}: it said more than {answer_bytes_max} bytes")
    if ended != 0:
        raise CameToNothing(f"{module}: it ended with {ended}")
    return said


def _answer_of(process: subprocess.Popen[bytes], body: bytes, bytes_max: int) -> tuple[bytes, int]:
    """What it said, of too much one byte more than that, and with what it has ended."""
    assert process.stdin is not None  # noqa: S101 - asked for above
    assert process.stdout is not None  # noqa: S101 - asked for above
    # Beside the reading: a module may say something before it has read all, and both pipes are short.
    feeding = Thread(target=_feed, args=(process.stdin, body), name="apart", daemon=True)
    feeding.start()
    with process.stdout as pipe:
        said = pipe.read(bytes_max + 1)
    if len(said) > bytes_max:
        _end(process)
    ended = process.wait()
    feeding.join()
    return said, ended


def _feed(pipe: IO[bytes], body: bytes) -> None:
    with suppress(BrokenPipeError), pipe:
        pipe.write(body)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill it, with whatever it has begun; one that has ended is left alone."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
