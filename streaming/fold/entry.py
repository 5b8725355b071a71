"""An entry: one participation as the fold keeps it."""

import msgspec

from streaming.contests.units import UnitCode


class Entry(msgspec.Struct, eq=False, gc=False):
    """``void_seq`` is the row that took it back, 0 if none did.

    A struct, as a ledger has a million of them, and out of the collector's sight, as it holds but texts and numbers.
    """

    seq: int
    by: str
    id: str
    unit: UnitCode
    kind: str
    at_ms: int
    received_ms: int
    person: str | None
    channel: str | None
    group: str | None
    void_seq: int = 0
    in_public: bool = False
