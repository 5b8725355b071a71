"""Signals that end a process, turned into an orderly exit that closes files and removes temporary ones."""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

ENDING = (signal.SIGTERM, signal.SIGHUP)
"""Signals that end the process besides Ctrl-C: from a supervisor, or because the terminal or line is gone."""


@contextmanager
def ending() -> Iterator[None]:
    """Raise SystemExit at one of ENDING, unless something else handles it; only in the main thread, where signals
    arrive.

    A signal that the parent process set to be ignored, as nohup does, stays ignored.
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


@contextmanager
def held_back() -> Iterator[None]:
    """Let ENDING and Ctrl-C wait until what is made inside is in the hands of whoever cleans it up.

    A handler holds them back, as a blocked signal would reach another thread, which lets the main one handle it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.getsignal(each) for each in (*ENDING, signal.SIGINT)}
    came: list[int] = []
    for each, was in before.items():
        if was is not signal.SIG_IGN:
            signal.signal(each, lambda number, _frame: came.append(number))
    try:
        yield
    finally:
        for each, was in before.items():
            signal.signal(each, was)
        for number in came[:1]:
            signal.raise_signal(number)


def end(number: int, _frame: FrameType | None) -> NoReturn:
    """Exit once: a second signal must not interrupt the cleanup."""
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)
    if number == signal.SIGHUP:
        be_quiet()
    raise SystemExit(128 + number)


def be_quiet() -> None:
    """Discard output from now on where the terminal is gone, since each line would raise an error."""
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
