"""Versions: at which each row of a tally last moved, so that any reader can ask what has moved since it read.

A reader is a position, as a subscriber of a topic is: it keeps a bookmark of its own, and reading changes nothing that
another reader will find.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Bookmark(NamedTuple):
    """How far a reader of a tally has come: it knows the versions of ``tally`` up to this one.

    ``tally`` names one laying out. Counted anew, the rows may differ without having moved, so all are to be read.
    Example: the whole falls together with what is public, whose rows stood at the same numbers all the time.
    """

    tally: object
    version: int


class Versions:
    """Rows in the order in which they last moved, each with the version at which it did: at first version 0."""

    def __init__(self, rows: Iterable[str]) -> None:
        self._at = dict.fromkeys(rows, 0)

    def stamp(self, rows: Iterable[str], version: int) -> None:
        """Note that rows moved at a version, which is not before any that was noted."""
        at = self._at
        for row in rows:
            at.pop(row, None)
            at[row] = version

    def since(self, version: int) -> list[str]:
        """The rows that moved after a version; looks at no others."""
        found = []
        for row, at in reversed(self._at.items()):
            if at <= version:
                break
            found.append(row)
        return found
