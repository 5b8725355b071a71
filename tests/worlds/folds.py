"""What rows come to, for tests of one rule each."""

from streaming.fold.earlier import RowsInHand, on_air
from streaming.fold.fold import Fold
from streaming.fold.tally import ALL
from streaming.ledger.rows import Row
from streaming.topics.topic import Topic
from streaming.topics.topics import Topics
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


def move(topics: Topics, fold: Fold, rows: list[Row]) -> list[Topic]:
    """Bring topics to what is on air after rows, as a pump does."""
    epoch, shown = fold.epoch("ledger", 0), on_air(fold, RowsInHand(rows))
    if shown is not fold and epoch == topics.epoch:
        return topics.move_apart(fold, epoch)
    return topics.move(fold, epoch, None if shown is fold else shown)
