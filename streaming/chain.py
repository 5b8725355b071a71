"""The ledger's chained hash: it names the rows up to a position, so that a change of any of them shows."""

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from streaming.rows import Row

LINK_BYTES = 16

Link = tuple[int, bytes]
"""A seq, and the hash of all rows up to it. One for each commit."""


def link_after(previous: bytes, rows: Sequence[Row]) -> bytes:
    """The hash after some rows, given the hash before them (b"" before the first): BLAKE2b(previous ‖ rows)."""
    return hashlib.blake2b(previous + msgspec.msgpack.encode(rows), digest_size=LINK_BYTES).digest()


def first_broken(rows: Sequence[Row], links: Iterable[Link]) -> int | None:
    """The seq of the first link that does not follow from these rows (from row 1 on), None if all do.

    Links beyond the last row are not looked at.
    """
    done, before = 0, b""
    for seq, link in links:
        if seq > len(rows):
            break
        if link_after(before, rows[done:seq]) != link:
            return seq
        done, before = seq, link
    return None
