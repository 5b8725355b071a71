"""The server's HTTP protocol: uvicorn's with bounds, in one class past 350 lines: a call more costs every request.

It bounds what a slow, greedy or odd client may hold, and is one machine: deadlines, pieces, offers and last answers all
turn on the same slots of one object, of which there may be 30 before each is found the slow way.

uvicorn waits forever for a request's head and for a client that does not read its answer, and a client that sends a
single byte after an answer stops the timer of its idle connection. Here each of these has a deadline, counted from its
beginning, so that no trickle of bytes moves it. One sweep a second looks at those connections alone that are late with
something: a request whose head comes whole costs one entry in a dictionary and no timer.

uvicorn also reads as many requests as a client sends behind one another, loses the body of one that offers an upgrade,
and hangs up on a client that has said all it has to say and waits for the answer. Here bytes are given to the parser in
pieces, and none while a request waits for the answer of another. It leans on private names of uvicorn;
tests/server/net/test_http1.py checks each of them.
"""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import httptools
from uvicorn.protocols.http.flow_control import HIGH_WATER_LIMIT, FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from server.auth.keys import KEY_IN_SCOPE
from server.auth.roles import CONTROL_KEY_IN_SCOPE, POINT_KEY_IN_SCOPE, STAGE_KEY_IN_SCOPE
from server.auth.sessions import SESSION_IN_SCOPE
from server.auth.sources import SOURCE_IN_SCOPE
from server.net.connections import Connections
from server.net.heads import (
    BROKEN_OFF,
    HEAD_BYTES_MAX,
    NO_HANDSHAKE,
    NO_TUNNEL,
    OTHER_VERSION,
    TARGET_BYTES_MAX,
    TOO_LARGE,
    UNREADABLE,
    Refused,
    fault_of,
    take_host,
)
from server.net.offers import is_handshake, without_offer
from server.net.websocket import NO_LINGER

_SHOWN = (
    SOURCE_IN_SCOPE, SESSION_IN_SCOPE, KEY_IN_SCOPE, CONTROL_KEY_IN_SCOPE, STAGE_KEY_IN_SCOPE, POINT_KEY_IN_SCOPE
)  # fmt: skip
PIECE_BYTES = 4 * 1024
"""What the parser is given at once but for a body whose length is known. All requests that begin in one piece are
taken together, so this bounds how many may wait for the answer of another."""
ANSWER_BYTES_MIN = 64 * 1024
"""How much of its answer a client must read within ANSWER_STALLED_S."""
REFUSED_BYTES_MAX = 1024 * 1024
"""How much a refused client may still send; it is discarded, since closing at once might lose the answer."""


class Stop(Exception):  # noqa: N818 - never leaves this file
    """Tells the parser to stop."""


class Flow(FlowControl):
    """uvicorn's, but reading stays paused while a request waits for the answer to an earlier one."""

    is_held = False

    def resume_reading(self) -> None:
        """Resume reading, if nothing waits."""
        if not self.is_held:
            super().resume_reading()


class Connection(HttpToolsProtocol):
    """One connection, until it is handed over to a WebSocket."""

    # uvicorn's own attributes are 28, and from the 31st on an object finds each of them the slow way: a fifth of what
    # this file costs a request.
    __slots__ = (
        "_address", "_body_left", "_fault", "_has_said_all", "_head_bytes", "_heads", "_hosts", "_is_in_head",
        "_is_known", "_is_offer", "_left_bytes", "_now_s", "_refused", "_refused_bytes", "_running", "_shared",
        "_unread",
    )  # fmt: skip

    flow: Flow

    def __init__(self, shared: Connections, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._shared = shared
        self._heads = shared.heads
        self._now_s: Callable[[], float] = self.loop.time
        self._address: str | None = None
        self._running: RequestResponseCycle | None = None
        # What has come and waits until the requests before it are answered: at most one read of the transport.
        self._unread = b""
        self._is_in_head = False
        self._hosts = 0
        self._is_offer = False
        self._fault: Refused | None = None
        # Bytes of a head, or around chunks, since the last useful ones.
        self._head_bytes = 0
        self._body_left = 0
        self._left_bytes = 0
        self._refused: Refused | None = None
        self._refused_bytes = 0
        self._has_said_all = False
        self._is_known = False

    @property
    def is_known(self) -> bool:
        """Whether a request has shown a session, a key or the secret of a source."""
        if not self._is_known and self._running is not None:
            scope: Any = self._running.scope
            self._is_known = any(shown in scope for shown in _SHOWN)
        return self._is_known

    @property
    def is_busy(self) -> bool:
        """Whether a request is being answered."""
        return self._running is not None and not self._running.response_complete

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Start, if the bounds allow."""
        super().connection_made(transport)
        self.flow = Flow(transport)
        if len(self.connections) > self._shared.connections_max:
            self._shared.refused += 1
            transport.abort()
            self._shared.watch(self.loop)
            return
        self._address = self._shared.count(self, self.client[0]) if self.client else None
        self._expect_head()

    # What comes.

    def data_received(self, data: bytes) -> None:
        """Receive bytes from the client."""
        if self._refused is not None:
            self._refused_bytes += len(data)
            if self._refused_bytes > REFUSED_BYTES_MAX:
                self.cut_off()
            return
        timer = self.timeout_keep_alive_task
        if timer is not None:
            timer.cancel()
            self.timeout_keep_alive_task = None
        if len(data) <= PIECE_BYTES and not (self._unread or self.pipeline):
            # Nearly every request: complete, and behind no other.
            taken = self._parse(data)
            if taken < len(data):
                self._read(data[taken:])
            elif self.pipeline and self._takes():
                self._hold()
        else:
            self._read(data)
        # The timer ends at any byte, be it one that begins no request: a blank line, or the rest of a body that was
        # answered before it came.
        if (self._is_in_head or not self.is_busy) and self not in self._heads and self._takes():
            self._expect_head()

    def _read(self, data: bytes) -> None:
        """Feed the parser what has arrived, up to a request that has to wait."""
        if self._unread:
            data, self._unread = self._unread + data, b""
        at, size = 0, len(data)
        while at < size and not self.pipeline and self._takes():
            is_body = self._body_left and not self._is_in_head
            end = min(size, at + (self._body_left if is_body else PIECE_BYTES))
            at += self._parse(data if end - at == size else memoryview(data)[at:end])
        if self._takes():
            self._unread = data[at:]
            self._hold()

    def _takes(self) -> bool:
        """Whether what comes is read as HTTP."""
        return self._refused is None and self.parser is not None and not self.transport.is_closing()

    def _parse(self, piece: bytes | memoryview) -> int:
        """Feed the parser a piece; returns how much of it was consumed."""
        taken = len(piece)
        self._head_bytes += taken
        try:
            self.parser.feed_data(piece)
        except httptools.HttpParserUpgrade as offer:
            taken = offer.args[0]
            self._answer_offer()
        except httptools.HttpParserError:
            self._refuse(self._fault or UNREADABLE)
        if self._head_bytes > HEAD_BYTES_MAX and self._refused is None:
            self._refuse(TOO_LARGE)
        return taken

    def _answer_offer(self) -> None:
        """Hand over to a WebSocket, or parse the head again without its upgrade offer."""
        self._is_offer = False
        method, version = self.scope["method"], self.scope["http_version"]
        if method == "CONNECT":
            self._refuse(NO_TUNNEL)
        elif self._should_upgrade():
            self.handle_websocket_upgrade()
        else:
            head = without_offer(method, self.url, version, self.headers)
            self.parser = httptools.HttpRequestParser(self)
            self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
            try:
                self.parser.feed_data(head)
            except httptools.HttpParserError:
                self._refuse(self._fault or UNREADABLE)

    def _should_upgrade(self) -> bool:
        return is_handshake(self.scope["method"], self.scope["http_version"], self.headers)

    def _hold(self) -> None:
        """Resume reading only when nothing waits for its turn."""
        self.flow.is_held = bool(self.pipeline or self._unread)
        if self.flow.is_held:
            self.flow.pause_reading()

    def eof_received(self) -> bool:  # type: ignore[override] # uvicorn always hangs up
        """The client has sent EOF; returns whether it may still be answered."""
        self._has_said_all = True
        if self._refused is None:
            self._meet_end()
        else:
            self.transport.close()
        return not self.transport.is_closing()

    def _meet_end(self) -> None:
        """Nothing more will come: close once everything is answered."""
        if self._unread or self.pipeline or self.transport.is_closing():
            return
        if self.cycle is not None and self.cycle.more_body and not self.cycle.response_complete:
            self._refuse(BROKEN_OFF)
        elif not self.is_busy:
            self.transport.close()
            self._begin_wait()

    def _expect_head(self) -> None:
        self._heads[self] = self._now_s()
        self._shared.watch(self.loop)

    # What the parser finds.

    def on_message_begin(self) -> None:
        """A request begins; with pipelining, possibly behind a complete one."""
        super().on_message_begin()
        self._is_in_head = True
        self._hosts = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header. Trailers behind a chunked body are not headers (RFC 9110 §6.5.1) and are dropped."""
        if self._is_in_head:
            # As uvicorn's own, without a call more for each header.
            name = name.lower()
            self.headers.append((name, value))
            if name == b"host":
                self._hosts += 1
            elif name == b"content-length":
                self._body_left = int(value)
            elif name == b"expect" and value.lower() == b"100-continue":
                self.expect_100_continue = True

    def on_headers_complete(self) -> None:
        """The head is whole; the body's time is the route's."""
        self._is_in_head = False
        self._heads.pop(self, None)
        parser = self.parser
        if parser.should_upgrade():
            # The parser stops here, and the offer is answered.
            self._is_offer = True
            self.scope["method"] = parser.get_method().decode("ascii")
            self.scope["http_version"] = parser.get_http_version()
            if self.scope["method"] != "CONNECT":
                self._check()
            return
        if (
            self._hosts != 1
            or self._head_bytes > PIECE_BYTES
            or len(self.url) > TARGET_BYTES_MAX
            or self.url[:1] != b"/"
            or parser.get_http_version() != "1.1"
        ):
            # The rare case.
            self._check()
        super().on_headers_complete()
        if not self.pipeline:
            self._running = self.cycle

    def _check(self) -> None:
        """Check the head.

        Raises:
            Stop: If it is not. It reaches the parser.
        """
        self._fault = fault_of(self.parser.get_http_version(), self._hosts, self._head_bytes, self.url)
        if self._fault is None and not self.url.startswith((b"/", b"*")):
            taken = take_host(self.url, self.headers)
            if isinstance(taken, Refused):
                self._fault = taken
            else:
                self.url = taken
        if self._fault is not None:
            raise Stop

    def on_body(self, body: bytes) -> None:
        """A part of a body."""
        self._head_bytes = 0
        cycle = self.cycle
        if self._body_left:
            self._body_left -= len(body)
        # As uvicorn's own, which asks the parser about offers each time.
        if not cycle.response_complete:
            cycle.body += body
            if len(cycle.body) > HIGH_WATER_LIMIT:
                self.flow.pause_reading()
            cycle.message_event.set()

    def on_message_complete(self) -> None:
        """A request is complete."""
        self._head_bytes = self._body_left = 0
        cycle = self.cycle
        if not self._is_offer and not cycle.response_complete:
            cycle.more_body = False
            cycle.message_event.set()

    # The answer: a transport that is full, or that waits to be closed until the client has taken what is left.

    def pause_writing(self) -> None:
        """The client does not read its answer."""
        super().pause_writing()
        self._begin_wait()

    def resume_writing(self) -> None:
        """The client reads again."""
        super().resume_writing()
        if self.transport.is_closing():
            return
        self._shared.answers.pop(self, None)

    def on_response_complete(self) -> None:
        """An answer has been written: the next request's turn."""
        if self._address is not None and self.is_known:
            self._discount()
        if self.pipeline:
            self._running = self.pipeline[-1][0]
        super().on_response_complete()
        if self.transport.is_closing():
            self._begin_wait()
        elif self._unread or self.flow.is_held or self._refused or self._has_said_all:
            self._go_on()

    def _go_on(self) -> None:
        """Continue with what waited for an answer."""
        if self._refused is not None:
            if not self.pipeline and not self.is_busy:
                self._unset_keepalive_if_required()
                self._see_off(self._refused)
            return
        if self._unread and not self.pipeline:
            self.data_received(b"")
        self._hold()
        self.flow.resume_reading()
        if self._has_said_all and self._takes():
            self._meet_end()

    def timeout_keep_alive_handler(self) -> None:
        """The client sends no further request."""
        super().timeout_keep_alive_handler()
        self._begin_wait()

    # Refusals.

    def _refuse(self, refused: Refused) -> None:
        """Stop reading, and answer why, once earlier requests are answered."""
        self._refused = refused
        broken = self.cycle
        if broken is not None and broken.more_body and not broken.response_complete:
            waiting = [each for each in self.pipeline if each[0] is not broken]
            if len(waiting) < len(self.pipeline):
                self.pipeline.clear()
                self.pipeline.extend(waiting)
            else:
                # It is being answered, and its body will never be complete.
                broken.disconnected = True
                broken.message_event.set()
                self._running = None
                if broken.response_started:
                    self.cut_off()
                    return
            self.cycle = self._running  # type: ignore[assignment] # as before the first request
        if not self.is_busy and not self.pipeline:
            self._see_off(refused)

    def _see_off(self, refused: Refused) -> None:
        """Write a last answer, and wait a while for the client to read it and close."""
        self._refused = refused
        self.transport.write(refused.answer(self.server_state.default_headers))
        if self._has_said_all:
            self.transport.close()
            self._begin_wait()
            return
        self.transport.write_eof()
        # Paused while a request waited; what is left of the client's must be taken, or closing resets the connection.
        self.flow.is_held = False
        self.flow.resume_reading()
        self._expect_head()

    def _begin_wait(self) -> None:
        if self not in self._shared.answers:
            self._shared.answers[self] = self._now_s()
            self._left_bytes = self.transport.get_write_buffer_size()
            self._shared.watch(self.loop)

    def goes_on(self) -> bool:
        """Whether the client has read enough since the wait began; if so, a new wait begins."""
        left_bytes = self.transport.get_write_buffer_size()
        if self._left_bytes - left_bytes < ANSWER_BYTES_MIN:
            return False
        del self._shared.answers[self]
        self._begin_wait()
        return True

    # The end.

    def cut_off(self) -> None:
        """Close the connection, and drop what is queued for the client, here and in the kernel."""
        self._forget()
        if self.transport.get_write_buffer_size():
            bare = self.transport.get_extra_info("socket")
            with suppress(OSError):  # It is closed already.
                bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, NO_LINGER)
        self.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed."""
        self._forget()
        # uvicorn leaves its timer running on a reset connection, which would be watched as one that does not read.
        self._unset_keepalive_if_required()
        if self._running is not None and self._running is not self.cycle:
            # uvicorn tells only the last request.
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)
        # Break the reference cycle, which only the collector would free.
        self.pipeline.clear()
        self._unread = b""
        self._running = self.cycle = None  # type: ignore[assignment] # as before the first request

    def handle_websocket_upgrade(self) -> None:
        """Hand over to a Socket, which the hub's beat watches, if it is a handshake at all (RFC 6455 §4.2)."""
        if self.transport.get_write_buffer_size() or self.is_busy:
            # Behind an answer that is not written or not taken: the Socket would not be told that its transport is
            # full, and would write without end to a client that does not read.
            self.cut_off()
            return
        self._forget()
        versions = self._given(b"sec-websocket-version")
        if len(versions) == 1 and versions[0] != b"13":
            self._see_off(OTHER_VERSION)
            return
        super().handle_websocket_upgrade()
        made: Any = self.transport.get_protocol()
        self.parser = None  # type: ignore[assignment] # as when the connection is gone
        if not made.handshake_initiated:
            # What it cannot read (a body, more than 128 headers, a line of more than 8 KiB) it would leave without an
            # answer, and hold for ever. The connection is the Socket's by now.
            self.transport.write(NO_HANDSHAKE.answer(self.server_state.default_headers))
            self.transport.close()
            made.see_off()

    def _given(self, name: bytes) -> list[bytes]:
        return [value for each, value in self.headers if each == name]

    def _discount(self) -> None:
        if self._address is not None:
            self._shared.discount(self, self._address)
            self._address = None

    def _forget(self) -> None:
        self._heads.pop(self, None)
        self._shared.answers.pop(self, None)
        self._discount()


def protocol_of(connections: Connections) -> Callable[..., Connection]:
    """A factory of protocols within these bounds. Passed to uvicorn as ``http=``."""
    return partial(Connection, connections)
