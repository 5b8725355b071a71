"""The ledger's chained hash: it names the rows up to a position, so that a change of any of them shows."""

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from streaming.ledger.rows import Row

LINK_BYTES = 16
HASHED_AT_ONCE = 2_047
"""Bytes. From one more on hashlib lets go of the interpreter's lock, and the ledger's writer would wait milliseconds to
get it back from a busy event loop, for microseconds of hashing."""

Link = tuple[int, bytes]
"""A seq, and the hash of all rows up to it. One for each commit."""


def link_after(previous: bytes, rows: Sequence[Row]) -> bytes:
    """The hash after some rows, given the hash before them (b"" before the first): BLAKE2b(previous ‖ rows)."""
    hash_, data = hashlib.blake2b(previous, digest_size=LINK_BYTES), memoryview(msgspec.msgpack.encode(rows))
    for start in range(0, len(data), HASHED_AT_ONCE):
        hash_.update(data[start : start + HASHED_AT_ONCE])
    return hash_.digest()


def first_broken(rows: Iterable[Row], links: Iterable[Link]) -> int | None:
    """The seq of the first link that does not follow from these rows (from row 1 on), None if all do.

    Links beyond the last row are not looked at. Keeps no more rows than lie between two links.
    """
    coming, before, since = iter(links), b"", list[Row]()
    due = next(coming, None)
    for row in rows:
        if due is None:
            return None
        since.append(row)
        if row.seq >= due[0]:
            if row.seq != due[0] or link_after(before, since) != due[1]:
                return due[0]
            before, since, due = due[1], [], next(coming, None)
    return None
