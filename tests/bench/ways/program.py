"""What the ways written in Python share: the message and its stamp, the word to begin, and a steady rate."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from typing import NamedTuple

STAMP_DIGITS = 19
NO_STAMP = "0" * STAMP_DIGITS
"""Where a message's stamp stands: ``time.monotonic_ns`` of the moment it was made, the same clock in all processes."""

_HEAD = f'{{"v":1,"type":"delta","topic":"bench","stamp":"{NO_STAMP}","rows":{{'
_LAST = '"00000":[]}}'


def text_of(size: int) -> str:
    """A message of exactly ``size`` bytes with a stamp of zeros, in the shape of a frame of a board.

    Raises:
        ValueError: If ``size`` has no room for the stamp.
    """
    text = _HEAD
    for number in range(1, size):
        cells = ",".join(str(number * factor % 9_973) for factor in (7_919, 6_113, 4_001, 3_203))
        row = f'"{number:05d}":[{cells}],'
        if len(text) + len(row) + len(_LAST) > size:
            break
        text += row
    # The cell of the last row is as long as the message needs.
    fill = size - len(text) - len(_LAST)
    if fill < 0:
        raise ValueError(f"{size} bytes have no room for a stamped message")
    return text + _LAST.replace("[]", f"[{'1' * fill}]")


class Message:
    """A message of which only the stamp changes."""

    def __init__(self, text: str) -> None:
        head, tail = text.encode().split(NO_STAMP.encode())
        self._head = head
        self._tail = tail

    def now(self) -> bytes:
        """The message, stamped with now."""
        return b"%b%0*d%b" % (self._head, STAMP_DIGITS, time.monotonic_ns(), self._tail)


class Task(NamedTuple):
    """What a way is told on its command line."""

    port: int
    hz: float
    text: str


def task() -> Task:
    """The task of this process."""
    port, hz, text = sys.argv[1:4]
    return Task(int(port), float(hz), text)


def ready(*processes: int) -> None:
    """Say that sockets may come, and whose cost counts."""
    print("Ready", *processes, flush=True)  # noqa: T201 - a pipe


async def messages(given: Task) -> AsyncIterator[bytes]:
    """From the word to begin to the end of standard input: a message each time that one is due."""
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    if not await orders.readline():
        return
    message = Message(given.text)
    ended = asyncio.ensure_future(orders.read())
    began_s = loop.time()
    sent = 0
    while not ended.done():
        sent += 1
        # A late message moves none of the later ones.
        await asyncio.wait([ended], timeout=max(0.0, began_s + sent / given.hz - loop.time()))
        if not ended.done():
            yield message.now()
