"""Decisions: rows in which somebody has set how the ledger is to be read."""

from typing import Any

import msgspec

from streaming.errors import FoldError
from streaming.gate import EntryKey
from streaming.rows import Row

CUT_DECISIONS = frozenset({"hold", "release", "quarantine", "clear", "delay", "round"})
"""Those that may change what is public; the one besides, "contest", changes what the numbers are of."""


def read_decision(row: Row) -> dict[str, Any]:
    """What a decision row says, its ``kind`` among it.

    Raises:
        FoldError: If it has no kind.
    """
    decision: dict[str, Any] = msgspec.json.decode(row.body, type=dict[str, Any])
    if not isinstance(decision.get("kind"), str):
        raise FoldError(f'row {row.seq}: a decision without "kind"')
    return decision


def of_all(decision: dict[str, Any], kind: str) -> bool:
    """Whether a decision holds or releases everything, not one unit."""
    return decision["kind"] == kind and decision["unit"] is None


def entry_keys(decision: dict[str, Any]) -> list[EntryKey]:
    """The entries that a quarantine, or the end of one, names."""
    return [(by, id_) for by, id_ in decision["entries"]]
