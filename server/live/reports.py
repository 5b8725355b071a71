"""What screens report of themselves, by socket and by poll, and the orders that go back the same way."""

from collections.abc import Callable

from starlette.types import Scope

from server.auth.keys import KEY_IN_SCOPE
from server.auth.roles import asker_in
from server.net.websocket import PING_FRAME, Socket, text_frame
from streaming.points.screen import Order, ScreenReport, message_of
from streaming.points.screens import Screens

Behind = Callable[[ScreenReport], int | None]
"""By how many rows a screen's topic is ahead of where it says that it stands; None where that cannot be said."""


def cannot_say(_report: ScreenReport) -> int | None:
    """Where topics are not known."""
    return None


class SocketLine:
    """The way to a screen over the socket on which it has reported."""

    __slots__ = ("_mark", "_socket")

    def __init__(self, socket: Socket) -> None:
        self._socket = socket
        self._mark = 0

    def send(self, order: Order) -> bool:
        """Send an order; False while the socket is full, or closes."""
        if self._socket.is_paused or not self._socket.is_open:
            return False
        self._socket.write(text_frame(message_of(order)))
        return True

    def probe(self) -> None:
        """Ping it."""
        self._mark = self._socket.heard_bytes
        if not self._socket.is_paused and self._socket.is_open:
            self._socket.write(PING_FRAME)

    @property
    def answers(self) -> bool:
        """Whether anything came since it was pinged. The hub counts from 0 anew now and then."""
        return self._socket.heard_bytes not in {0, self._mark}


class PollLine:
    """Stands for a screen that polls: orders wait until it reports."""

    answers = True
    """Who polls is there as long as it is heard; nothing can be asked of it."""

    def send(self, _order: Order) -> bool:
        """It is heard when it asks."""
        return False

    def probe(self) -> None:
        """It cannot be."""


class Reports:
    """Brings reports to the registry."""

    def __init__(self, screens: Screens, now_ms: Callable[[], int], behind: Behind = cannot_say) -> None:
        self._screens = screens
        self._now_ms = now_ms
        self._behind = behind

    def said(self, report: ScreenReport, line: SocketLine, by: str, address: str) -> None:
        """Take a report that came over a socket; what it is told goes back at once."""
        told = self._screens.hear(
            report, line, self._now_ms(), link="socket", by=by, address=address, behind=self._behind
        )
        for order in told:
            line.send(order)

    def polled(self, report: ScreenReport, by: str, address: str) -> list[Order]:
        """Take a report of a screen that polls; returns what it is told."""
        known = self._screens.find(report.id)
        is_same = known is not None and known.report.window == report.window
        line = known.line if known is not None and is_same and isinstance(known.line, PollLine) else PollLine()
        return self._screens.hear(
            report, line, self._now_ms(), link="poll", by=by, address=address, behind=self._behind
        )

    def left(self, line: SocketLine) -> None:
        """A socket on which a screen has reported is gone."""
        self._screens.left(line, self._now_ms())


def let_in_by(scope: Scope) -> str:
    """The account, or the key, for which whoever asks is let in, "" for nobody's."""
    if (asker := asker_in(scope)) is not None:
        return asker.by
    key: str | None = scope.get(KEY_IN_SCOPE)
    return f"screen:{key}" if key else ""
