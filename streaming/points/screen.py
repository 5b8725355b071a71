"""What an open screen says of itself, and what it is told to do. Pure.

A screen reports over the socket that it follows its numbers by, or by POST where it polls; whatever is not of these
shapes is as good as not said.
"""

import re
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

ID_CHARS_MAX = 40
ADDRESS_CHARS_MAX = 400
TEXT_CHARS_MAX = 60
FAULTS_MAX, FAULT_CHARS_MAX = 8, 24
MS_MAX = 2**53
SIZE_MAX = 32_768
"""Pixels of a side that are believed."""

_ID = re.compile(r"[A-Za-z0-9_-]{16,40}", re.ASCII)

Count = Annotated[int, Meta(ge=0, le=MS_MAX)]
Text = Annotated[str, Meta(max_length=TEXT_CHARS_MAX)]
Id = Annotated[str, Meta(pattern=f"^{_ID.pattern}$")]
Side = Annotated[int, Meta(ge=0, le=SIZE_MAX)]
Fault = Annotated[str, Meta(max_length=FAULT_CHARS_MAX)]

Role = Literal["hall", "points", "tv", "scene", "point", "unit", "overlay", "presenter", "test", "other"]
"""What a screen is for: the wall of an output, a scene of somebody's choice, a connection point's screen, and so on."""
Link = Literal["socket", "poll"]


class SelfTest(msgspec.Struct, frozen=True):
    """What the self-test found, when (by that machine's clock), and in which of its questions."""

    at: Count
    verdict: Literal["good", "fair", "bad"]
    faults: Annotated[tuple[Fault, ...], Meta(max_length=FAULTS_MAX)] = ()


class ScreenReport(msgspec.Struct, frozen=True, kw_only=True, tag="screen", tag_field="type"):
    """What a screen says of itself.

    ``id`` is its own, kept by the browser's profile; ``window`` tells two windows of one profile apart. ``path`` and
    ``query`` are its address without secrets, ``out`` the output that it follows, "" for none. ``topic``, ``epoch`` and
    ``seq`` are where it stands. ``offset`` is by how many ms the server's clock is ahead of the machine's, ``bound`` by
    how many it may be wrong about the server's, None until it knows. ``made`` and ``show`` are what the page is made
    of. ``took`` is the address that its window was told last to show, ``fault`` that which it could not.
    """

    id: Id
    window: Id
    path: Annotated[str, Meta(min_length=1, max_length=ADDRESS_CHARS_MAX)]
    query: Annotated[str, Meta(max_length=ADDRESS_CHARS_MAX)] = ""
    out: Annotated[str, Meta(max_length=16)] = ""
    scene: Text = ""
    topic: Annotated[str, Meta(max_length=64)] = ""
    epoch: Text = ""
    seq: Count | None = None
    agent: Text = ""
    width: Side = 0
    height: Side = 0
    ratio: Annotated[float, Meta(gt=0, le=16)] = 1.0
    offset: Annotated[int, Meta(ge=-MS_MAX, le=MS_MAX)] | None = None
    bound: Count | None = None
    made: Text = ""
    show: Text = ""
    hidden: bool = False
    took: Annotated[str, Meta(max_length=2 * ADDRESS_CHARS_MAX)] = ""
    fault: Annotated[str, Meta(max_length=2 * ADDRESS_CHARS_MAX)] = ""
    test: SelfTest | None = None

    @property
    def address(self) -> str:
        """Its address as a link."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def role(self) -> Role:
        """What it is for, as its address says."""
        return role_of(self.path, self.out, shows_scene="scene=" in f"&{self.query}")

    @property
    def is_preview(self) -> bool:
        """Whether it was opened to be looked at beforehand, so that nothing that stands on it is on air."""
        return "preview=1" in self.query.split("&")


class Order(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a screen is told: to load itself ``anew``, to ``show`` another address in place of its own, to ``identify``
    itself by writing ``text`` over its picture for a while, to take ``other`` (another id, for this one is another
    window's), to ``rest`` (report no more for so long). Each within or for ``ms``."""

    do: Literal["reload", "show", "identify", "other", "rest"]
    ms: int = 0
    text: str = ""
    address: str = ""


class _Sent(msgspec.Struct, frozen=True, omit_defaults=True):
    v: int
    type: Literal["order"]
    do: str
    ms: int = 0
    text: str = ""
    address: str = ""


_decoder = msgspec.json.Decoder(ScreenReport)


def report_in(message: bytes) -> ScreenReport | None:
    """The report that a message is; None for anything else, however little of it is wrong."""
    try:
        found = _decoder.decode(message)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return found if found.path.startswith("/") and _is_plain(found) else None


def _is_plain(report: ScreenReport) -> bool:
    """Whether no text of it has characters that nobody sees."""
    test = report.test
    texts = (
        report.path, report.query, report.out, report.scene, report.topic, report.epoch, report.agent,
        report.made, report.show, report.took, report.fault, *(test.faults if test is not None else ()),
    )  # fmt: skip
    return all(text.isprintable() for text in texts)


def message_of(order: Order) -> bytes:
    """An order as a screen hears it."""
    return msgspec.json.encode(_Sent(1, "order", order.do, order.ms, order.text, order.address))


def role_of(path: str, out: str, *, shows_scene: bool = False) -> Role:
    """What a screen of an address is for."""
    first, _, rest = path[1:].partition("/")
    match first:
        case "" if shows_scene:
            return "scene"
        case "":
            return "points" if out == "points" else "tv" if out.startswith("tv") else "hall"
        case "units":
            return "unit"
        case "points":
            return "test" if rest.endswith("/test") else "point"
        case "overlays":
            return "overlay"
        case "presenter":
            return "presenter"
        case "control" if rest == "presenter":
            return "presenter"
        case "test":
            return "test"
        case _:
            return "other"
