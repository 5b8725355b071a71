"""The HTTP protocol of the server: uvicorn's, with an end to what a slow or greedy client may hold.

uvicorn waits for ever for a request's head and for a client that does not take its answer, and a client that sends a
single byte after an answer stops the timer of its idle connection. Here each of these has a deadline, counted from its
beginning, so that no trickle of bytes moves it. One sweep a second looks at those connections alone that are late with
something: a request whose head comes whole costs one entry in a dictionary and no timer. It leans on private names
of uvicorn; tests/server/test_http.py checks each of them.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from server.protocol import NO_LINGER

HEAD_TIMEOUT_S = 10.0
"""A request's head must be whole this long after the connection opened or, on a used connection, after the first byte
behind the last answer."""
HEAD_BYTES_MAX = 64 * 1024
"""Bytes that may have come of a head that is not whole."""
ANSWER_STALLED_S = 60.0
"""How long a client may take for ANSWER_BYTES_MIN of its answer, or for what is left of it."""
ANSWER_BYTES_MIN = 64 * 1024
SWEEP_S = 1.0
CONNECTIONS_SHARE = 0.9
"""Share of the open-file limit that connections may take in all, sockets included; the rest is for the ledger."""
OTHER_VERSION = (
    b"HTTP/1.1 426 Upgrade Required\r\nupgrade: websocket\r\nconnection: Upgrade, close\r\n"
    b"sec-websocket-version: 13\r\ncontent-length: 0\r\n\r\n"
)

log = structlog.get_logger(__name__)


class Connections:
    """What all HTTP connections of one server share: their bounds, and which of them are late.

    ``connections_max`` bounds those that are open, WebSockets included; one beyond it is closed at once.
    """

    def __init__(
        self,
        connections_max: int,
        *,
        head_timeout_s: float = HEAD_TIMEOUT_S,
        answer_stalled_s: float = ANSWER_STALLED_S,
        sweep_s: float = SWEEP_S,
    ) -> None:
        self.connections_max = connections_max
        self.refused = 0
        """Connections closed at once, as there were ``connections_max``."""
        self.late = 0
        """Connections cut off because a deadline had passed."""
        self._head_timeout_s = head_timeout_s
        self._answer_stalled_s = answer_stalled_s
        self._sweep_s = sweep_s
        self._told_refused = 0
        self._is_sweeping = False
        # Since when, in the loop's seconds; dictionaries keep their order, so the oldest comes first.
        self.heads: dict[Connection, float] = {}
        self.answers: dict[Connection, float] = {}

    def protocol(self, **given: Any) -> "Connection":
        """Make the protocol of a new connection. Passed to uvicorn as ``http=``."""
        return Connection(self, **given)

    def watch(self, loop: asyncio.AbstractEventLoop) -> None:
        """See to it that a sweep comes."""
        if not self._is_sweeping:
            self._is_sweeping = True
            loop.call_later(self._sweep_s, self._sweep, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        """Cut off who is late. Comes again for as long as there is somebody to watch."""
        self._is_sweeping = False
        now_s = loop.time()
        late = self._late(self.heads, now_s - self._head_timeout_s)
        stalled = [
            connection
            for connection in self._late(self.answers, now_s - self._answer_stalled_s)
            if not connection.goes_on()
        ]
        for connection in (*late, *stalled):
            connection.cut_off()
        refused, self._told_refused = self.refused - self._told_refused, self.refused
        if late or stalled or refused:
            # One line for all: a storm must not flood the log too.
            log.warning("connections cut off", late=len(late), stalled=len(stalled), refused=refused)
        self.late += len(late) + len(stalled)
        if self.heads or self.answers:
            self.watch(loop)

    @staticmethod
    def _late(watched: dict["Connection", float], since_s: float) -> list["Connection"]:
        late = []
        for connection, began_s in watched.items():
            if began_s > since_s:
                break
            late.append(connection)
        return late


class Connection(HttpToolsProtocol):
    """One connection, until it is handed over to a WebSocket."""

    def __init__(self, shared: Connections, **given: Any) -> None:
        super().__init__(**given)
        self._shared = shared
        self._heads = shared.heads
        self._now_s: Callable[[], float] = self.loop.time
        self._is_in_head = False
        self._head_bytes = 0
        self._left_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Begin, if there is room."""
        super().connection_made(transport)
        if len(self.connections) > self._shared.connections_max:
            self._shared.refused += 1
            transport.abort()
            self._shared.watch(self.loop)
        else:
            self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes of the client."""
        if self.timeout_keep_alive_task is not None:
            # uvicorn ends its timer at any byte, be it one that begins no request: a blank line, or the rest of a body
            # that was answered before it came.
            self._expect_head()
        super().data_received(data)
        if self._is_in_head:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self.cut_off()

    def _expect_head(self) -> None:
        self._heads[self] = self._now_s()
        self._shared.watch(self.loop)

    def on_message_begin(self) -> None:
        """A request begins; on a connection with requests in a row it may do so behind a whole one."""
        super().on_message_begin()
        self._is_in_head = True
        self._head_bytes = 0
        if self not in self._heads:
            self._expect_head()

    def on_headers_complete(self) -> None:
        """The head is whole; the body's time is the route's."""
        self._is_in_head = False
        self._heads.pop(self, None)
        super().on_headers_complete()

    # The answer: a transport that is full, or that waits to be closed until the client has taken what is left.

    def pause_writing(self) -> None:
        """The client does not take its answer."""
        super().pause_writing()
        self._begin_wait()

    def resume_writing(self) -> None:
        """It does again."""
        super().resume_writing()
        if self.transport.is_closing():
            return
        self._shared.answers.pop(self, None)

    def on_response_complete(self) -> None:
        """The answer has been written."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._begin_wait()

    def timeout_keep_alive_handler(self) -> None:
        """The client asks no more."""
        super().timeout_keep_alive_handler()
        self._begin_wait()

    def send_400_response(self, msg: str) -> None:
        """Say that a request cannot be read, and close."""
        super().send_400_response(msg)
        self._begin_wait()

    def _begin_wait(self) -> None:
        if self not in self._shared.answers:
            self._shared.answers[self] = self._now_s()
            self._left_bytes = self.transport.get_write_buffer_size()
            self._shared.watch(self.loop)

    def goes_on(self) -> bool:
        """Whether the client has taken enough since the wait began; then another wait begins."""
        left_bytes = self.transport.get_write_buffer_size()
        if self._left_bytes - left_bytes < ANSWER_BYTES_MIN:
            return False
        del self._shared.answers[self]
        self._begin_wait()
        return True

    def cut_off(self) -> None:
        """End the connection, and drop what waits for the client, here and in the kernel."""
        self._forget()
        if self.transport.get_write_buffer_size():
            bare = self.transport.get_extra_info("socket")
            with suppress(OSError):  # It is gone already.
                bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._forget()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        """Hand over to a Socket, which the hub's beat watches, if it is a handshake at all (RFC 6455 §4.2)."""
        if self.transport.get_write_buffer_size() or (self.cycle and not self.cycle.response_complete):
            # Behind an answer that is not written or not taken: the Socket would not be told that its transport is
            # full, and would write without end to a client that does not read.
            self.cut_off()
            return
        self._forget()
        if self.scope["http_version"] != "1.1" or len(self._given(b"host")) != 1:
            # The parser leaves both to us, and the handshake is written anew for the Socket as one of HTTP/1.1.
            self.send_400_response("A handshake is HTTP/1.1 and names one Host.")
            return
        versions = self._given(b"sec-websocket-version")
        if len(versions) == 1 and versions[0] != b"13":
            self.transport.write(OTHER_VERSION)
            self.transport.close()
            self._begin_wait()
            return
        super().handle_websocket_upgrade()
        made: Any = self.transport.get_protocol()
        if not made.handshake_initiated:
            # What it cannot read (a body, more than 128 headers, a line of more than 8 KiB) it would leave without an
            # answer, and hold for ever. The connection is the Socket's by now.
            super().send_400_response("Invalid handshake.")
            made.see_off()

    def _given(self, name: bytes) -> list[bytes]:
        return [value for each, value in self.headers if each == name]

    def _forget(self) -> None:
        self._heads.pop(self, None)
        self._shared.answers.pop(self, None)
