"""Moves: what changes when the number topics of a store go from one cut to the next.

A move is taken by the store's own topics at once, and may be taken again, later, by the topics of an output that shows
the numbers late. So that it may be, it names everything by itself and nothing in it is changed by who takes it.
"""

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from streaming.contests.contest import Contest
from streaming.fold.cursor import Cut
from streaming.topics.frames import Cells
from streaming.topics.state import Frozen, NumberState, Passed


class Notes(NamedTuple):
    """What several topics say of the public numbers: since when they are final for now, where somebody has corrected
    them of late and wants that told, the milestone passed last, how many acts there were. ``marked`` are the units
    whose own topics still say that they are corrected, as their round goes on."""

    frozen: Frozen | None = None
    corrected: tuple[str, ...] | None = None
    milestone: Passed | None = None
    act: int = 0
    marked: tuple[str, ...] = ()


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """What is different at a cut from the one before it, by the names of topics without "rehearsal/".

    ``rows`` are those that changed, of ``board``, of each round and of ``breakdown``; the topics of units follow from
    them. ``states`` are whole. A move that ``is_whole`` has every row and may follow any cut; the first of an epoch is.
    """

    epoch: str
    contest: Contest
    cut: Cut
    rows: Mapping[str, Mapping[str, Cells]]
    states: Mapping[str, NumberState]
    notes: Notes
    is_whole: bool = False

    @property
    def rows_total(self) -> int:
        """How many rows it has."""
        return sum(map(len, self.rows.values()))

    def then(self, later: "Move") -> "Move":
        """Both as one, which is at the later cut."""
        if later.is_whole:
            return later
        rows = {name: {**self.rows[name], **changed} for name, changed in later.rows.items()}
        return msgspec.structs.replace(later, rows=rows, is_whole=self.is_whole)
