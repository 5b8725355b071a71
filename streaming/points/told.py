"""What the topic ``points`` says: a row for each point, numbers alone, and the rest as state."""

from collections.abc import Mapping, Sequence

import msgspec

from streaming.points.call import STATES, Call
from streaming.points.leases import Page
from streaming.points.roll_call import LINE_STATES, NOTHING, Entries, Line, People, Totals
from streaming.topics.frames import Cells
from streaming.topics.state import State

COLUMNS = ("bridge", "page", "since", "ready", "present", "call", "acked", "line")
"""Of a point's row. ``bridge`` is 1 for one that is connected, 0 for one that was called in vain, null before; ``page``
1 while it is open and 0 when it is lost, ``since`` when, both null for one that has not been open since the server's
start; ``ready`` 1 or 0, null until it says so; ``present`` people; ``call`` 0 none, 1 get ready, 2 soon, 3 on air;
``acked`` 1 if it has answered that call; ``line`` 0 none, 1 waits, 2 shown to the host, 3 put aside."""


class PointsState(State, frozen=True, kw_only=True):
    """Of ``points``: ``scope`` is the unit at and below which these points are, ``totals`` are of it and of every unit
    that has points below, ``calls``, ``lines`` and ``people`` of those points that have any."""

    scope: str | None = None
    totals: Mapping[str, Totals] | None = None
    calls: Mapping[str, Call] | None = None
    lines: Mapping[str, Line] | None = None
    people: Mapping[str, People] | None = None


class Known(msgspec.Struct, frozen=True):
    """All that is known of the points now; ``pages`` by the server's clock."""

    entries: Entries
    pages: Mapping[str, Page]
    calls: Mapping[str, Call]

    def row(self, code: str) -> Cells:
        """A point's row."""
        entry, page, call = self.entries.get(code, NOTHING), self.pages.get(code), self.calls.get(code)
        return (
            _bit(entry.bridge),
            None if page is None else int(page.is_open),
            None if page is None else page.since_ms,
            _bit(entry.ready),
            entry.present,
            0 if call is None else STATES.index(call.state),
            int(call is not None and call.key == entry.acked),
            0 if entry.line is None else LINE_STATES.index(entry.line.state) + 1,
        )

    def calls_in(self, codes: Sequence[str]) -> Mapping[str, Call] | None:
        """The calls of some points."""
        return {code: self.calls[code] for code in codes if code in self.calls} or None

    def lines_in(self, codes: Sequence[str]) -> Mapping[str, Line] | None:
        """Their lines."""
        found = {code: self.entries[code].line for code in codes if code in self.entries}
        return {code: line for code, line in found.items() if line is not None} or None

    def people_in(self, codes: Sequence[str]) -> Mapping[str, People] | None:
        """Who sits at them."""
        found = {code: self.entries[code].people for code in codes if code in self.entries}
        return {code: people for code, people in found.items() if people != People()} or None


def _bit(value: bool | None) -> int | None:
    return None if value is None else int(value)
