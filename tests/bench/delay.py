"""Delays: from the commit of a row to its receipt at a screen.

The time of commit is the row's ``received_ms``, which the writer takes just before the commit, and a whole number of
ms rounded down: so the figures err on the slow side by the commit's own time and up to 1 ms.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from tests.bench.feed import Commit

Seen = tuple[float, int]
"""When (ms since the epoch) a screen was brought to which seq."""


def after_quiet(rows: Sequence[Commit], quiet_ms: int) -> list[Commit]:
    """The participations that came when nothing had for at least ``quiet_ms``; clock rows end a quiet too."""
    return [
        row for last, row in pairwise(rows) if row.id is not None and row.received_ms - last.received_ms >= quiet_ms
    ]


def delays_ms(rows: Sequence[Commit], seen: Sequence[Seen]) -> list[float]:
    """From each row's commit to the first frame that brought it to a screen; rows that it never got are left out.

    ``rows`` and ``seen`` are in the order of seq.
    """
    found: list[float] = []
    frames = iter(seen)
    at_ms, seq = 0.0, -1
    for row in rows:
        while seq < row.seq:
            try:
                at_ms, seq = next(frames)
            except StopIteration:
                return found
        found.append(at_ms - row.received_ms)
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the sorted values does not pass; NaN if there is none."""
    return values[max(0, -(-int(share * 10_000) * len(values) // 10_000) - 1)] if values else float("nan")


def spread(rows: Sequence[Commit], screens: Sequence[Sequence[Seen]]) -> tuple[list[float], int]:
    """All delays of rows at screens (what each has seen), sorted, in ms, and how many never came."""
    found: list[float] = []
    for seen in screens:
        found += delays_ms(rows, seen)
    return sorted(found), len(rows) * len(screens) - len(found)


def numbered(rows: Sequence[Commit]) -> Iterator[Commit]:
    """The participations among rows."""
    return (row for row in rows if row.id is not None)
