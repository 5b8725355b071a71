"""What the processes that a test starts do at a signal, however the suite itself was started."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def not_inherited(*numbers: signal.Signals) -> Iterator[None]:
    """Let programs that are started from here end by these signals, as they do by default.

    A signal that is ignored stays so in every program that is started; one that has a handler is as it is by default
    there. This process goes on ignoring it: the handler does nothing.
    """
    ignored = [number for number in numbers if signal.getsignal(number) is signal.SIG_IGN]
    for number in ignored:
        signal.signal(number, lambda *_: None)
    try:
        yield
    finally:
        for number in ignored:
            signal.signal(number, signal.SIG_IGN)
