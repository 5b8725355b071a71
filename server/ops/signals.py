"""Signals that end a process: on the way out everything is closed, and what was to be thrown away is gone."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

ENDING = (signal.SIGTERM, signal.SIGHUP)
"""What ends us besides Ctrl-C: a supervisor, and a terminal or a line that goes."""


@contextmanager
def ending() -> Iterator[None]:
    """End at one of ENDING by SystemExit, while nothing else takes it; only in the main thread, where signals arrive.

    A signal that whoever started us has told to be ignored, as nohup does, stays ignored.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in ENDING}
    for each, was in before.items():
        if was is not signal.SIG_IGN:
            signal.signal(each, end)
    try:
        yield
    finally:
        for each, was in before.items():
            signal.signal(each, was)


def end(number: int, _frame: FrameType | None) -> NoReturn:
    """Leave, once: a second signal must not interrupt what is being cleared up."""
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)
    if number == signal.SIGHUP:
        be_quiet()
    raise SystemExit(128 + number)


def be_quiet() -> None:
    """Write nowhere from now on where a terminal was: it is gone, and each line would be an error."""
    for stream in (1, 2):
        try:
            if not (os.isatty(stream) or _is_gone(stream)):
                continue
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream)
            os.close(nowhere)
        except OSError:
            continue  # It is closed already.


def _is_gone(stream: int) -> bool:
    """Whether a stream is a terminal that has hung up: isatty says no to it, as to a file."""
    try:
        os.ttyname(stream)
    except OSError as error:
        return error.errno == 5
    return False
