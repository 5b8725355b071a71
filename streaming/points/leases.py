"""Whose page is open: a lease for each point, which whatever is heard of one of its pages renews.

A lease and not a count: a page that is hidden, a line that broke without a word, a laptop that was shut are told apart
from those that answer by nothing else. Not kept: after a start nobody has been open.
"""

from typing import NamedTuple

LEASE_MS = 5_000
"""A page from which nothing was heard for longer is lost."""
TOLD_MS = 10_000
"""The control room is told of a point that was not heard for longer."""
HELD_UP_MS = 2_000
"""If more time passes between two looks, this process was held up and could hear nobody: that time does not count."""
FORGOTTEN_MS = 12 * 3_600_000
"""A point that was lost so long ago is as one that has not been open."""


class Page(NamedTuple):
    """What is known of a point's pages: whether any is open, and ``since_ms`` when; of those that are lost, when one
    was heard last. By a clock that nobody sets."""

    is_open: bool
    since_ms: int


class Leases:
    """Every point that was heard. ``elapsed_ms`` of each call is by a clock that nobody sets."""

    def __init__(self) -> None:
        self._heard_ms: dict[str, int] = {}
        self._pages: dict[str, Page] = {}
        self._looked_ms: int | None = None
        self._changed: set[str] = set()

    @property
    def pages(self) -> dict[str, Page]:
        """Of every point that was open, by its code."""
        return dict(self._pages)

    def of(self, code: str) -> Page | None:
        """Of one; None if it was not open."""
        return self._pages.get(code)

    def hear(self, code: str, elapsed_ms: int) -> None:
        """Something came from a page of a point."""
        self._heard_ms[code] = elapsed_ms
        page = self._pages.get(code)
        if page is None or not page.is_open:
            self._pages[code] = Page(True, elapsed_ms)
            self._changed.add(code)

    def look(self, elapsed_ms: int) -> set[str]:
        """End what was not renewed; returns the points that are open or lost since the last look."""
        held_up_ms = 0 if self._looked_ms is None else elapsed_ms - self._looked_ms
        self._looked_ms = elapsed_ms
        if held_up_ms > HELD_UP_MS:
            # What came meanwhile is read after this: nobody was silent for longer than before.
            self._heard_ms = {code: min(at_ms + held_up_ms, elapsed_ms) for code, at_ms in self._heard_ms.items()}
        for code, page in list(self._pages.items()):
            heard_ms = self._heard_ms[code]
            if page.is_open and elapsed_ms - heard_ms > LEASE_MS:
                self._pages[code] = Page(False, heard_ms)
                self._changed.add(code)
            elif not page.is_open and elapsed_ms - page.since_ms > FORGOTTEN_MS:
                del self._pages[code], self._heard_ms[code]
                self._changed.add(code)
        changed, self._changed = self._changed, set()
        return changed

    def lost(self, elapsed_ms: int) -> dict[str, int]:
        """For how long, in ms, each point was not heard of which the room is to be told."""
        return {
            code: elapsed_ms - page.since_ms
            for code, page in self._pages.items()
            if not page.is_open and elapsed_ms - page.since_ms > TOLD_MS
        }
