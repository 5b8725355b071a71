"""The ledger's head: its last row, and the rows that drafts become after it."""

from collections.abc import Sequence
from typing import NamedTuple

from streaming.ledger.chain import link_after
from streaming.ledger.jumps import JUMP_MS_MIN, jump_draft
from streaming.ledger.rows import Draft, Row


class Head(NamedTuple):
    """Seq and time of the last row, and the chained hash after it; zeros before the first."""

    seq: int = 0
    received_ms: int = 0
    chain: bytes = b""

    def rows_after(self, drafts: Sequence[Draft], now_ms: int, unset_ms: int) -> tuple[list[Row], bytes]:
        """The rows that drafts become at ``now_ms``, and the chained hash after them.

        A clock that was set back by more than JUMP_MS_MIN gets a jump before them, from ``unset_ms``: what the clock
        would tell if nobody had set it.
        """
        received_ms = max(now_ms, self.received_ms)
        if self.seq and self.received_ms - now_ms > JUMP_MS_MIN:
            received_ms = now_ms
            drafts = [jump_draft(unset_ms, now_ms), *drafts]
        rows = [
            Row(seq, d.type, received_ms, d.by, d.id, d.digest, d.body) for seq, d in enumerate(drafts, self.seq + 1)
        ]
        return rows, link_after(self.chain, rows) if rows else self.chain

    def moved(self, rows: Sequence[Row], link: bytes) -> "Head":
        """The head once these rows are stored."""
        return Head(rows[-1].seq, rows[-1].received_ms, link) if rows else self
