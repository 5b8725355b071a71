"""What the ledger holds: rows, and the drafts that become rows."""

from typing import Literal, NamedTuple

SYSTEM = "system"
"""Who a row is by that nobody sent: one of the clock, or what a rule has decided."""

Outcome = Literal["accepted", "duplicate", "conflict"]


class Row(NamedTuple):
    """One row of the ledger, never changed once written.

    ``seq`` counts from 1 without a gap; ``received_ms`` (since the epoch, UTC) never runs back from row to row, but at
    a clock row that says so, see ``streaming.ledger.jumps``; ``by`` is the source, the account or SYSTEM; ``id`` is
    unique within ``by`` and None on clock rows.
    """

    seq: int
    type: str
    received_ms: int
    by: str
    id: str | None
    digest: bytes | None
    body: bytes


class Draft(NamedTuple):
    """A row to be: what the writer gives no seq and no time yet."""

    type: str
    by: str
    id: str | None
    digest: bytes | None
    body: bytes


class Appended(NamedTuple):
    """What became of each draft, in order; ``seq`` is the ledger's head after them."""

    outcomes: list[Outcome]
    seqs: list[int | None]
    seq: int
