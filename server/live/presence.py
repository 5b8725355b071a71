"""Presence: which sockets are of connection points, and whether these are still there.

A point's page is asked every PING_S and answers by itself, even from a tab that nobody sees. Whatever comes counts, and
so does what a slow line still takes. One loop looks after all of them; no socket has a timer or more memory for it.
"""

import asyncio
from collections.abc import Callable

from server.net.websocket import PING_FRAME, Socket

PING_S = 2.0
"""How often each point's socket is asked."""
LOOK_S = 0.5
"""How often it is looked what has come: so much later at most it is known when one was heard."""


def nobody(_code: str) -> None:
    """Where nobody asks who is there."""


class Presence:
    """The sockets that a point's key has let in. ``hear`` is told the code of each point from which something came."""

    def __init__(self) -> None:
        self.hear: Callable[[str], None] = nobody
        self._codes: dict[Socket, str] = {}
        self._waiting_bytes: dict[Socket, int] = {}
        """Of sockets that are full: what they had not taken at the last look."""
        self._looks = 0

    def __len__(self) -> int:
        return len(self._codes)

    def admit(self, code: str, socket: Socket) -> None:
        """Look after a socket of a point from now on: it has just opened."""
        self._codes[socket] = code
        self.hear(code)

    def leave(self, socket: Socket) -> None:
        """Forget a socket that closes."""
        self._codes.pop(socket, None)
        self._waiting_bytes.pop(socket, None)

    async def run(self) -> None:
        """Look and ask until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()

    def look(self) -> None:
        """See what has come since the last look, and ask those whose time it is."""
        self._looks += 1
        asks = self._looks % round(PING_S / LOOK_S) == 0
        for socket, code in [*self._codes.items()]:
            if socket.has_spoken or (socket.is_paused and self._has_taken(socket)):
                socket.has_spoken = False
                self.hear(code)
            if asks and socket.is_open and not socket.is_paused:
                socket.write(PING_FRAME)

    def _has_taken(self, socket: Socket) -> bool:
        """Whether a full socket has taken anything since the last look."""
        waiting = socket.waiting_bytes
        before = self._waiting_bytes.get(socket, waiting)
        self._waiting_bytes[socket] = waiting
        return waiting < before
