"""A screen in the registry: the way to it, what it said last, what is kept of it, and what it is called. Pure."""

from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from streaming.points.screen import Link, Order, ScreenReport
from streaming.program.errors import NotNow
from streaming.program.names import OF_TV

NAME_CHARS_MAX = 60


class Line(Protocol):
    """The way to a screen: a socket, or the address that it polls from."""

    def send(self, order: Order) -> bool:
        """Send an order; False if it cannot be sent now, and is to be kept until the screen reports."""

    def probe(self) -> None:
        """Ask the other end to show that it is there."""

    @property
    def answers(self) -> bool:
        """Whether it has shown that since it was asked."""


class NoLine:
    """Stands in place of a line that has ended: nothing of a socket is held for a screen that has gone."""

    answers = False

    def send(self, _order: Order) -> bool:
        """Nothing can be sent."""
        return False

    def probe(self) -> None:
        """Nobody is there."""


NO_LINE = NoLine()


class Kept(msgspec.Struct, frozen=True):
    """What is kept of a screen: what people call it, "" for nothing, and the address that it is to show, "" for that
    which it is opened with; ``seen_ms`` is when it was last heard before this was written."""

    id: str
    name: str = ""
    show: str = ""
    seen_ms: int = 0


@dataclass
class Screen:
    """An open screen, or one that has gone of late. ``by`` is the key, account or point by which it was let in, ""
    for none; ``behind`` how many rows its topic was ahead of it when it reported, None where that cannot be said."""

    report: ScreenReport
    line: Line
    link: Link
    by: str
    address: str
    since_ms: int
    heard_ms: int
    behind: int | None
    gone_ms: int | None = None
    waiting: list[Order] = field(default_factory=list)
    asked_show: str = ""
    """The address that it was last told to show over this line."""

    @property
    def id(self) -> str:
        """Its id."""
        return self.report.id


def check_identify(report: ScreenReport, *, tally: bool | None) -> None:
    """Check that a name over a screen's picture is not seen on air.

    Raises:
        NotNow: If it would be; ``field`` says why.
    """
    if report.is_preview:
        return
    if report.role == "overlay":
        raise _on_air("overlay")
    if OF_TV.fullmatch(report.out) is not None:
        raise _on_air("tv")
    if tally:
        raise _on_air("tally")


def _on_air(why: str) -> NotNow:
    return NotNow("on_air", "the name would be seen on air", field=why)


def name_of(kept: Kept | None, report: ScreenReport) -> str:
    """What a screen is called: as somebody has named it, else by its role and the end of its id."""
    if kept is not None and kept.name:
        return kept.name
    return report.id[-4:].upper()
