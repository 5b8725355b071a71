"""What stands by decisions beside the gate: corrections, the milestones that were passed, sources set aside."""

from typing import Literal, get_args

import msgspec

CorrectedColumn = Literal["registered", "started", "completed", "participants"]
CORRECTED_COLUMNS: tuple[str, ...] = get_args(CorrectedColumn)

CORRECTED_TOLD_MS = 600_000
"""So long screens say that somebody has corrected a unit's numbers; the unit's own page says it to its round's end."""


class Correction(msgspec.Struct, frozen=True):
    """Somebody's change of one count, at a leaf unit and in a round; what is shown never falls below 0.

    ``is_labelled`` has screens say "đã điều chỉnh", for a while. ``undoes`` is the row of another one that this takes
    back: then both are told no longer.
    """

    seq: int
    at_ms: int
    by: str
    unit: str
    round: int
    column: CorrectedColumn
    delta: int
    reason: str
    is_labelled: bool
    undoes: int | None = None


class Milestone(msgspec.Struct, frozen=True):
    """The public total had passed ``value`` for a while; reached once for ever."""

    value: int
    at_ms: int


class Aside(msgspec.Struct, frozen=True):
    """That a source is not waited for: since when, by whom and why."""

    at_ms: int
    by: str
    reason: str
