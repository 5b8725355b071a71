"""What rows come to, for tests of one rule each."""

from streaming.fold.fold import Fold
from streaming.fold.tally import ALL
from streaming.ledger.rows import Row
from tests.worlds.histories import START_MS, Writer


def folded(rows: list[Row]) -> Fold:
    fold = Fold()
    for row in rows:
        fold.apply(row)
    return fold


def opened() -> Writer:
    return Writer(now_ms=START_MS)


def public(writer: Writer, code: str = "P", scope: int = ALL) -> list[int]:
    return folded(writer.rows).public.counts[scope][code]
