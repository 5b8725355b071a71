"""The roll call: what is known of each point, three facts apart, and who sits there.

``bridge`` is whether somebody of the office has heard it on the video bridge; ``ready`` and what stands beside it the
point says of itself; whether its page is open is no part of this (``leases``). Nothing of one fact changes another.
"""

from collections.abc import Mapping
from typing import Literal, get_args

import msgspec

from streaming.points.call import HandCall

PRESENT_MAX = 9_999
"""People at one point."""
LINE_CHARS_MAX = 120
"""Of a point's line to the hall: what can be read at a glance."""
PEOPLE_CHARS_MAX = 120
"""Of each text that says who sits at a point."""

LineState = Literal["waiting", "shown", "aside"]
LINE_STATES: tuple[LineState, ...] = get_args(LineState)


class Line(msgspec.Struct, frozen=True):
    """What a point wants to tell the hall: it waits until somebody shows it to the host, or puts it aside."""

    text: str
    at: int
    state: LineState = "waiting"


class People(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits at a point, as the office has typed it, and whom to ring. Never public."""

    chair_title: str = ""
    chair: str = ""
    technician: str = ""
    telephone: str = ""


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is kept of one point.

    ``bridge`` is True for one that is connected, False for one that was called and did not answer, None for one that
    nobody has called yet; ``ticked_by`` and ``ticked_at`` say who found that out, and when. ``ready`` is None until the
    point says either. ``acked`` is the key of the call that it has answered "Đã rõ".
    """

    bridge: bool | None = None
    ticked_by: str = ""
    ticked_at: int | None = None
    ready: bool | None = None
    present: int | None = None
    people: People = People()
    line: Line | None = None
    hand: HandCall | None = None
    acked: str = ""


NOTHING = Entry()
Entries = Mapping[str, Entry]
"""What is known, by the code of the point; of a point that is not there nothing is."""


class Totals(msgspec.Struct, frozen=True):
    """Of the points at and below a unit: how many there are (``of``), are connected, did not answer, have a page open,
    are ready; and how many people are ``present``, and of these at points that are connected: only those are aired."""

    of: int
    connected: int
    missing: int
    open: int
    ready: int
    present: int
    present_connected: int


def totals_of(codes: tuple[str, ...], entries: Entries, is_open: Mapping[str, bool]) -> Totals:
    """The totals of some points."""
    found = [(entries.get(code, NOTHING), is_open.get(code, False)) for code in codes]
    return Totals(
        of=len(found),
        connected=sum(entry.bridge is True for entry, _ in found),
        missing=sum(entry.bridge is False for entry, _ in found),
        open=sum(opened for _, opened in found),
        ready=sum(entry.ready is True for entry, _ in found),
        present=sum(entry.present or 0 for entry, _ in found),
        present_connected=sum(entry.present or 0 for entry, _ in found if entry.bridge),
    )
