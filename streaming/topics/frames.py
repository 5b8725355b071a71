"""Frames: what a screen receives, a whole topic (snapshot) or what changed since a position (delta)."""

from typing import Any, Literal

import msgspec

COLUMNS = ("registered", "started", "completed", "participants", "target", "rate", "rank", "pace")
"""The columns of a unit's row. target may be null; rate is a fraction of the target (0.236) and null without one;
rank is the place among siblings, null for a unit that is not ranked; pace counts entries of the last 300 s."""

BREAKDOWN_COLUMNS = ("registered", "started", "completed", "participants")
"""The columns of a channel's or group's row; null stands for 1 to 4 ("dưới 5")."""

CELL_SHOWN_MIN = 5
"""A public breakdown shows no smaller count than this but 0: few people in a cell may be known to each other."""

Cells = tuple[int | float | None, ...]

WIRE_VERSION = 1


class Frame(msgspec.Struct, kw_only=True):
    """A snapshot (``base`` 0, with its ``columns``) or a delta, of one topic at one cut.

    ``at`` is when row ``seq`` of the ledger was received and ``heard`` the time up to which every live source has been
    heard, both in ms since the epoch, UTC. Rows hold absolute values; a null row or state key is one that went away.
    """

    v: int = WIRE_VERSION
    type: Literal["snapshot", "delta"]
    topic: str
    epoch: str
    base: int
    seq: int
    at: int
    heard: int | None
    rehearsal: bool
    columns: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    rows: dict[str, Cells | None]
    state: dict[str, Any]


_encoder = msgspec.json.Encoder()


def encode(frame: Frame) -> bytes:
    """The frame as UTF-8 JSON, the same bytes for every screen."""
    return _encoder.encode(frame)


def hide_small(cells: Cells) -> Cells:
    """Cells with every count from 1 to CELL_SHOWN_MIN − 1 hidden."""
    return tuple(None if cell is not None and 0 < cell < CELL_SHOWN_MIN else cell for cell in cells)
