"""A visit: one socket's stay, what it may say meanwhile, and one line in the log at each end."""

from collections.abc import Callable, Mapping

import structlog

from server.control.renderer_faults import FaultTold
from server.live.audience import Asked, Follower
from server.live.hub import Hub
from server.live.reports import Reports, SocketLine
from server.live.said import TimeAsked, read
from server.net.websocket import CLOSE_TALKATIVE, Socket, text_frame
from streaming.points.screen import report_in
from streaming.topics.topic import Topic

INBOUND_MESSAGES_MAX = 20
INBOUND_WINDOW_S = 10.0
"""A viewer asks for the time, and an overlay's page tells what is wrong with it. More than INBOUND_MESSAGES_MAX
messages within this time close its socket."""

log = structlog.get_logger(__name__)


class Visit:
    """A socket's stay, from the handshake to the close: what it may say, and one line in the log at each end."""

    __slots__ = (
        "_address", "_by", "_follower", "_hear", "_heard", "_heard_since_s", "_hub", "_is_point", "_line",
        "_opened_at_s", "_reports", "_socket", "_topic",
    )  # fmt: skip

    def __init__(
        self,
        hub: Hub,
        socket: Socket,
        topic: str,
        address: str,
        reports: Reports,
        by: str,
        hear: Callable[[FaultTold], None],
    ) -> None:
        self._hub = hub
        self._socket = socket
        self._topic = topic
        self._address = address
        self._opened_at_s = self._heard_since_s = hub.monotonic_s()
        self._heard = 0
        self._reports = reports
        self._by = by
        self._hear = hear
        self._line: SocketLine | None = None
        self._is_point = False
        self._follower: Follower

    def greet(self, told: Mapping[str, str]) -> None:
        """Tell a page what pages are made of now, if it has been told otherwise: before a frame that it may not fit.

        Whoever does not say what he was told follows the topic alone, and hears a frame first.
        """
        if (greeting := self._hub.greeting(told)) is not None:
            self._socket.write(greeting)

    def begin(
        self,
        topic: Topic,
        epoch: str | None,
        seq: int | None,
        *,
        key: str | None,
        session: str | None,
        is_known: bool,
        asked: Asked | None = None,
        pace_ms: int = 0,
        point: str | None = None,
    ) -> None:
        """Follow the topic from a position; see ``Hub.join``. ``point`` is the connection point whose socket it is."""
        log.info("socket opened", topic=self._topic)
        socket = self._socket
        self._follower = self._hub.join(
            topic, socket, epoch, seq, key=key, session=session, is_known=is_known, asked=asked, pace_ms=pace_ms
        )
        if point is not None:
            self._is_point = True
            self._hub.presence.admit(point, socket)
        socket.hand_over(self)

    def paused(self) -> None:
        """The socket is full."""
        self._follower.paused()

    def resumed(self) -> None:
        """The socket has drained."""
        self._follower.resumed()

    def received(self, message: bytes) -> None:
        """Tell the time if that is asked, take what a screen reports and hear of faults; the rest means nothing."""
        now_s = self._hub.monotonic_s()
        if now_s - self._heard_since_s > INBOUND_WINDOW_S:
            self._heard_since_s, self._heard = now_s, 0
        self._heard += 1
        if self._heard > INBOUND_MESSAGES_MAX:
            self._socket.close(CLOSE_TALKATIVE, "too many messages")
            return
        match read(message):
            case TimeAsked(id=id_, bound=bound):
                self._follower.bound_ms = bound
                if not self._socket.is_paused:
                    at_ms = self._hub.now_ms()
                    self._socket.write(text_frame(b'{"v":1,"type":"time","id":%d,"at":%d}' % (id_, at_ms)))
            case FaultTold() as told:
                self._hear(told)
            case None:
                if (report := report_in(message)) is not None:
                    if self._line is None:
                        self._line = SocketLine(self._socket)
                    self._reports.said(report, self._line, self._by, self._address)

    def left(self, code: int | None) -> None:
        """The socket closes."""
        if self._is_point:
            self._hub.presence.leave(self._socket)
        self._follower.left()
        if self._line is not None:
            self._reports.left(self._line)
        self._hub.let_go(self._address)
        open_s = round(self._hub.monotonic_s() - self._opened_at_s, 1)
        log.info("socket closed", topic=self._topic, code=code, open_s=open_s)
