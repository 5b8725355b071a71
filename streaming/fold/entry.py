"""An entry: one participation as the fold keeps it, made of its row."""

from collections.abc import Container, Iterable
from itertools import takewhile
from sys import intern

import msgspec

from streaming.contests.units import UnitCode
from streaming.errors import FoldError, unreadable_row
from streaming.ledger.jumps import Jumps
from streaming.ledger.rows import Row
from streaming.participation import Participation, decode_body

NOT_PUBLIC = -1


class Entry(msgspec.Struct, eq=False, gc=False):
    """``void_seq`` is the row that took it back, 0 if none did. ``admitted`` is how many calls of the rotation there
    had been when the public cut took it in, NOT_PUBLIC while it is not in it.

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
    admitted: int = NOT_PUBLIC

    @property
    def in_public(self) -> bool:
        """Whether the public cut counts it."""
        return self.admitted != NOT_PUBLIC


def read_item(row: Row) -> Participation:
    """The participation that a row holds.

    Raises:
        FoldError: If it holds none.
    """
    try:
        return decode_body(row.body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise unreadable_row(row.seq, row.type, error) from None


def entry_of(row: Row, item: Participation, leaves: Container[str]) -> Entry:
    """The entry that a row and its participation, which is no void, make.

    Raises:
        FoldError: If it has no id, or no kind and leaf in which it could count.
    """
    if row.id is None:
        raise FoldError(f"row {row.seq}: a participation without an id")
    if item.unit is None:
        raise FoldError(f'row {row.seq}: kind "{item.kind}" without a unit')
    if item.unit not in leaves:
        raise FoldError(f'row {row.seq}: no leaf unit has code "{item.unit}"')
    # Of a million rows each would bring texts of its own for what a few hundred say.
    return Entry(
        row.seq, intern(row.by), row.id, UnitCode(intern(item.unit)), item.kind, item.at, row.received_ms,
        item.person, item.channel and intern(item.channel), item.group and intern(item.group),
    )  # fmt: skip


def completed_since(latest_first: Iterable[Entry], jumps: Jumps, seq: int, since_ms: int) -> list[Entry]:
    """The completed ones of after row ``seq`` that were received after ``since_ms``, in the order of their arrival;
    looks at no more of the entries than those."""

    def received_ms(entry: Entry) -> int:
        return jumps.time_of(entry.seq, entry.received_ms)

    latest = takewhile(lambda entry: entry.seq > seq and received_ms(entry) > since_ms, latest_first)
    found = [entry for entry in latest if entry.kind == "completed"][::-1]
    # Most were received when they say: the others are told as the clock is now.
    return [
        entry if at_ms == entry.received_ms else msgspec.structs.replace(entry, received_ms=at_ms)
        for entry, at_ms in ((entry, received_ms(entry)) for entry in found)
    ]
