"""What all sockets of a load hear, read in a loop so lean that the load keeps up with a bare os.write.

An event loop takes 10 µs and more for each message of each socket, and would lag behind what it measures. So once
the sockets are open they are read here, past their transports; what is not one whole message goes to the viewer.
"""

import asyncio
import os
import re
import select
import time
from collections.abc import Sequence

from tests.bench.meter import LAG_STEP_S, Lag
from tests.bench.swarm import Viewer
from tests.bench.ways.program import STAMP_DIGITS

READ_BYTES = 4_096
STRETCH_NS = 100_000_000
"""The event loop has its turn this often, for what viewers answer."""

_STAMP = re.compile(rb"\d{%d}" % STAMP_DIGITS)


def head_bytes(size: int) -> int:
    """Bytes of the head of a server's frame around a payload (RFC 6455 §5.2)."""
    if size < 126:
        return 2
    return 4 if size < 0x10000 else 10


class Ears:
    """Stamp and delay of each delivery, and how late this process itself ever was. ``size`` is that of a message."""

    def __init__(self, size: int) -> None:
        self.first_ns = 0
        self.joined = 0
        self.lag = Lag()
        self.stamps_ns: list[int] = []
        self.delays_ns: list[int] = []
        self._size = size
        self._stamp = slice(0)
        self._frame_bytes = 0
        self._frame_stamp = slice(0)
        self._viewers: dict[int, Viewer] = {}
        self._events: select.epoll | None = None

    def clear(self) -> None:
        """Begin a window."""
        self.stamps_ns, self.delays_ns = [], []
        self.lag.clear()

    def delays_of(self, begin_ns: int, end_ns: int) -> list[int]:
        """The delays of the deliveries of messages that were made within a time, in ns, sorted."""
        pairs = zip(self.stamps_ns, self.delays_ns, strict=True)
        return sorted(delay for stamp, delay in pairs if begin_ns <= stamp < end_ns)

    def hear(self, _viewer: Viewer, payload: bytes) -> None:
        """Take a message; what is shorter than one of ours is a beat.

        Raises:
            ValueError: If the first message has no stamp.
        """
        if len(payload) < self._size:
            return
        if not self.first_ns:
            self._learn(payload)
        stamp_ns = int(payload[self._stamp])
        self.delays_ns.append(time.monotonic_ns() - stamp_ns)
        self.stamps_ns.append(stamp_ns)

    def _learn(self, payload: bytes) -> None:
        # The stamp stands at the same place in every message of a way; Socket.IO wraps and escapes it.
        found = _STAMP.search(payload)
        if found is None:
            raise ValueError(f"a message without a stamp: {payload[:100]!r}")
        self.first_ns = int(found[0])
        self._stamp = slice(*found.span())
        head = head_bytes(len(payload))
        self._frame_bytes = head + len(payload)
        self._frame_stamp = slice(head + found.start(), head + found.end())

    def hear_engine_io(self, viewer: Viewer, payload: bytes) -> None:
        """Take a packet of Engine.IO: its first byte is its type, of a message's the second is Socket.IO's."""
        match payload[:2]:
            case b"42":
                self.hear(viewer, payload)
            case b"40":
                self.joined += 1
            case b"2":
                viewer.send(b"3")
            case opening if opening[:1] == b"0":
                viewer.send(b"40")

    def open(self, viewers: Sequence[Viewer]) -> None:
        """Take the reading over from the viewers' transports."""
        self._events = select.epoll(len(viewers))
        for viewer in viewers:
            viewer.transport.pause_reading()
            file = viewer.transport.get_extra_info("socket").fileno()
            self._viewers[file] = viewer
            self._events.register(file, select.EPOLLIN)

    def close(self) -> None:
        """Read no more."""
        if self._events is not None:
            self._events.close()

    async def listen(self, until_ns: int) -> None:
        """Read until a time of the monotonic clock."""
        while (now_ns := time.monotonic_ns()) < until_ns:
            self._listen(min(until_ns, now_ns + STRETCH_NS))
            await asyncio.sleep(0)

    def _listen(self, until_ns: int) -> None:
        assert self._events is not None
        now, read, poll = time.monotonic_ns, os.read, self._events.poll
        many = len(self._viewers)
        late_ns = 0
        while (asked_ns := now()) < until_ns:
            events = poll(LAG_STEP_S, many)
            began_ns = now()
            if not events:
                late_ns = max(late_ns, began_ns - asked_ns - int(LAG_STEP_S * 1e9))
                continue
            for file, _ in events:
                try:
                    data = read(file, READ_BYTES)
                except OSError:
                    data = b""
                if len(data) == self._frame_bytes and data[0] == 0x81:
                    stamp_ns = int(data[self._frame_stamp])
                    self.delays_ns.append(now() - stamp_ns)
                    self.stamps_ns.append(stamp_ns)
                else:
                    self._other(file, data)
            # Whatever came while these were read has waited for as long.
            late_ns = max(late_ns, now() - began_ns)
        self.lag.max_ms = max(self.lag.max_ms, late_ns / 1e6)

    def _other(self, file: int, data: bytes) -> None:
        if data:
            self._viewers[file].data_received(data)
        elif self._events is not None:
            self._events.unregister(file)
