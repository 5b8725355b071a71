"""The server's WebSocket protocol, past 350 lines so that one file has all that leans on private names of uvicorn's.

It is uvicorn's, with a way to write prebuilt frames directly. uvicorn builds every frame for every socket. A server's
frames are not masked, so without compression the bytes are the same for all sockets, and one ``transport.write`` of
prepared bytes is the cheapest delivery that Python has. This subclass puts itself into the scope so that the
application reaches the transport, and tells its follower when the transport is full. Each private name is checked by
tests/server/net/test_websocket.py.
"""

import socket
import struct
from array import array
from asyncio import BaseTransport, Task
from collections.abc import Awaitable, Callable
from contextlib import suppress
from fcntl import ioctl
from termios import TIOCOUTQ
from typing import Any, Protocol

import uvicorn
from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CloseCode, Frame
from websockets.http11 import Request
from websockets.protocol import State

EXTENSION = "diemcau.socket"
"""The key in ``scope["extensions"]`` under which a Socket finds itself."""

SEND_BUFFER_BYTES = 8 * 1024
"""SO_SNDBUF of each socket. Left alone, the kernel takes megabytes: a stalled reader would not show, and on a thin line
frames of half a minute would wait before the latest."""

WRITE_HIGH_BYTES = 4 * 1024
"""Bytes in the transport's own buffer at which it counts as full: a stalled reader costs this and one frame."""
WRITE_LOW_BYTES = 0
"""Bytes left there at which it takes frames again: what a slow reader gets is chosen as late as can be."""

INBOUND_BYTES_MAX = 4 * 1024
"""The largest message a viewer may send, whole or in parts; a larger one closes the socket with 1009."""

INBOUND_ROUND_BYTES_MAX = 64 * 1024
"""Bytes that a viewer may send between two of our pings, or after our close frame; more closes the socket, or cuts it
off."""

SEE_OFF_S = 10.0
"""A socket that closes is cut off after this long, if the client has not answered our close frame by then or has not
taken what was written before. A transport's own close would wait for that without end."""
SEE_OFF_AT_STOP_S = 2.0
"""The same while the server stops: it waits less for clients that do not read."""

# Close codes, here and nowhere else: after 4000 to 4499 a screen comes back, after 4500 to 4999 it does not.
CLOSE_DRAINING = 4001
"""The server stops or restarts; the reason is ``retry_ms=N``: come back after N ms."""
CLOSE_MOVED = 4002
"""The output that the socket follows reads other numbers now, and these have no such topic."""
CLOSE_KEY_REVOKED = 4501
"""The screen key by which the socket was let in has been revoked."""
CLOSE_SIGNED_OUT = 4502
"""The session by which the socket was let in has ended: signed out, revoked, or over."""
CLOSE_TALKATIVE = 4429
"""The client sends more messages than any viewer needs to."""

NO_LINGER = struct.pack("ii", 1, 0)
"""SO_LINGER for a connection whose close discards its queue and resets it."""

TEXT = 0x81
"""First byte of a whole (FIN) text frame."""
PING_FRAME = b"\x89\x00"
"""A whole ping without payload, the same for every socket."""


def text_frame(payload: bytes) -> bytes:
    """A whole text message as the bytes of one server frame (RFC 6455 §5.2, not masked, not compressed)."""
    size = len(payload)
    if size < 126:
        return bytes((TEXT, size)) + payload
    if size < 0x10000:
        return bytes((TEXT, 126)) + size.to_bytes(2, "big") + payload
    return bytes((TEXT, 127)) + size.to_bytes(8, "big") + payload


class SocketFollower(Protocol):
    """The owner of a socket after the application has returned."""

    def paused(self) -> None:
        """The transport is full: write nothing until ``resumed``."""

    def resumed(self) -> None:
        """The transport has drained."""

    def received(self, message: bytes) -> None:
        """The client has sent a whole message; a text's UTF-8 has been checked."""

    def left(self, code: int | None) -> None:
        """The socket closes, or is closed: write nothing more. ``code`` is the first close code, None if the line
        broke. Told once."""


class _NoApplication:
    """Stands where uvicorn goes on telling an application that has returned: in place of its queue, its event and,
    as uvicorn closes a connection whose application has returned unless a close timer runs, of a close timer."""

    def put_nowait(self, message: object) -> None:
        """Nobody reads it."""

    def set(self) -> None:
        """Nobody waits to write."""

    def clear(self) -> None:
        """The same."""

    def cancel(self) -> None:
        """No timer runs."""


_NO_APPLICATION: Any = _NoApplication()


class Socket(WebSocketsSansIOProtocol):
    """One WebSocket connection. Passed to uvicorn as ``ws=Socket``.

    The application accepts it, hands it over to a follower, and returns: no task, queue or scope is kept for a socket
    that only follows, and what a client says goes to the follower in the same turn of the loop.
    """

    follower: SocketFollower | None = None
    is_paused = False
    heard_bytes = 1
    """Bytes from the client since this was last reset to 0."""
    has_spoken = False
    """Whether anything came from the client since this was last reset; for whoever looks more often than that."""

    def __init__(self, *args: Any, see_off_s: float = SEE_OFF_S, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conn.max_message_size = INBOUND_BYTES_MAX
        self.close_timeout = see_off_s

    @property
    def is_open(self) -> bool:
        """The handshake is done and neither side has begun to close."""
        return (
            self.handshake_complete
            and not self.close_sent
            and not self.disconnected
            and self.conn.state is State.OPEN
            and not self.transport.is_closing()
        )

    @property
    def write(self) -> Callable[[bytes], None]:
        """The transport's bound write. For whole frames only, while ``is_open`` and not ``is_paused``."""
        return self.transport.write

    @property
    def waiting_bytes(self) -> int:
        """Bytes that were written and that the client has not acknowledged: here and, where the system tells, in the
        kernel. Less than before means that the client still reads."""
        waiting = array("i", [0])
        with suppress(OSError):  # It is closed, or the system does not tell.
            ioctl(self.transport.get_extra_info("socket").fileno(), TIOCOUTQ, waiting)
        return self.transport.get_write_buffer_size() + waiting[0]

    def hand_over(self, follower: SocketFollower) -> None:
        """Hand the socket over; the application must return now. For an open socket, in the turn in which it opened."""
        self.follower = follower
        self.close_timer = self.queue = self.writable = _NO_APPLICATION
        # For ten thousand sockets these would be a third of the memory of each.
        del self.scope, self.request, self.response
        # A client may not speak before it is answered; of one that did, what it said is dropped and reading goes on.
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    def connection_made(self, transport: BaseTransport) -> None:
        """Start, with small buffers."""
        super().connection_made(transport)
        self.transport.set_write_buffer_limits(high=WRITE_HIGH_BYTES, low=WRITE_LOW_BYTES)
        if (bare := transport.get_extra_info("socket")) is not None:
            bare.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)

    def handle_connect(self, event: Request) -> None:
        """Answer the handshake; the application finds this socket in its scope."""
        super().handle_connect(event)
        if self.close_sent:
            self.see_off()
        else:
            # The application's task has been made but has not run: what is put here now, it sees.
            self.scope["extensions"][EXTENSION] = self  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Take bytes of the client."""
        self.heard_bytes += len(data)
        self.has_spoken = True
        if self.heard_bytes > INBOUND_ROUND_BYTES_MAX and (self.follower is not None or self.close_sent):
            # Pings, pongs and empty parts are counted too: they cost as much as messages.
            if self.close_sent:
                self.abort()
            else:
                self.close(CLOSE_TALKATIVE, "too many bytes")
            return
        super().data_received(data)

    def send_receive_event_to_app(self) -> None:
        """Receive a whole message from the client."""
        if self.queue is not _NO_APPLICATION:
            super().send_receive_event_to_app()
            return
        if self.follower is None:
            return
        message = self.frames[0] if len(self.frames) == 1 else b"".join(self.frames)
        self.frames = []
        if self.curr_msg_data_type == "text":
            try:
                message.decode()
            except UnicodeDecodeError:
                # uvicorn's own would log a traceback for each, and any client can send thousands.
                self.conn.send_close(CloseCode.INVALID_DATA)
                self.handle_parser_exception()
                return
        self.follower.received(message)

    def pause_writing(self) -> None:
        """The transport is full."""
        super().pause_writing()
        self.is_paused = True
        if self.follower is not None:
            self.follower.paused()

    def resume_writing(self) -> None:
        """The transport has drained."""
        super().resume_writing()
        self.is_paused = False
        if self.follower is not None:
            self.follower.resumed()

    async def send(self, message: ASGISendEvent) -> None:
        """Handle a message from the application."""
        await super().send(message)
        if self.close_sent and self.initial_response is not None:
            # uvicorn forgets this after a refusal, and then logs an error for each.
            self.handshake_complete = True

    def close(self, code: int, reason: str) -> None:
        """Close from our side; a socket that is full is cut off, because a close frame would not arrive either."""
        if not self.is_open:
            return
        if self.is_paused:
            self.abort()
            return
        self._leave(code)
        self.conn.send_close(code, reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.heard_bytes = 0
        self.close_timer = self.loop.call_later(self.close_timeout, self.abort)

    def abort(self) -> None:
        """Cut the connection and drop what waits for the client, here and in the kernel."""
        self._leave(None)
        if (bare := self.transport.get_extra_info("socket")) is not None:
            # Otherwise the kernel keeps unread data of a client that does not read for minutes.
            with suppress(OSError):  # It is closed already.
                bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        self.transport.abort()

    def _leave(self, code: int | None) -> None:
        follower, self.follower = self.follower, None
        if follower is not None:
            follower.left(code)

    def see_off(self, within_s: float = SEE_OFF_S) -> None:
        """Bound how long a transport that closes waits for the client to take what has been written."""
        if self.is_paused:
            self.abort()
        elif self.transport.get_write_buffer_size():
            if self.close_timer is not None:
                self.close_timer.cancel()
            # connection_lost cancels it.
            self.close_timer = self.loop.call_later(min(within_s, self.close_timeout), self.abort)

    # Each way in which uvicorn itself ends a connection: the follower goes first, so nothing follows a close frame, and
    # a client that reads nothing more is seen off.

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._leave(None)
        super().connection_lost(exc)
        # A parser that still waits for bytes holds the connection and is held by it: only the collector would end both.
        self.conn.parser.close()

    def eof_received(self) -> None:
        """The client has sent EOF without a close frame; the transport closes next."""
        self._leave(None)
        super().eof_received()
        self.see_off()

    def handle_close(self, event: Frame) -> None:
        """The client closes."""
        self._leave(self.conn.close_rcvd.code if self.conn.close_rcvd else None)
        super().handle_close(event)
        self.see_off()

    def handle_parser_exception(self) -> None:
        """The client broke the protocol."""
        self._leave(self.conn.close_sent.code if self.conn.close_sent else None)
        super().handle_parser_exception()
        self.see_off()

    def keepalive_timeout(self) -> None:
        """The client has not answered a ping."""
        self._leave(None)
        super().keepalive_timeout()
        self.see_off()

    def on_task_complete(self, task: Task[None]) -> None:
        """The application has returned; what it refused closes now."""
        super().on_task_complete(task)
        if self.follower is None and "scope" in vars(self):
            # What refers to each other in a circle would be left to the collector.
            self.scope["extensions"].pop(EXTENSION, None)
        if self.transport.is_closing():
            self.see_off()

    def shutdown(self) -> None:
        """The server stops."""
        if self.transport.is_closing():
            # It was closed before and waits for its client, for whom nobody waits any more; a second close frame may
            # not be written, and would end the loop over all connections.
            self.abort()
            return
        self._leave(CloseCode.SERVICE_RESTART)
        super().shutdown()
        self.see_off(SEE_OFF_AT_STOP_S)

    def handle_ping(self) -> None:
        """Answer a ping, unless the client does not read: its pings would fill our memory with answers."""
        if self.is_paused:
            self.conn.data_to_send()
            return
        super().handle_ping()


class DrainingServer(uvicorn.Server):
    """A uvicorn server that lets ``drain`` finish before it closes what is still open."""

    def __init__(self, config: uvicorn.Config, drain: Callable[[], Awaitable[None]]) -> None:
        super().__init__(config)
        self._drain = drain

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drain, then stop."""
        await self._drain()
        await super().shutdown(sockets)
