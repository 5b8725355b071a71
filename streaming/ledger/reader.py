"""Reading a ledger's file, beside a server that writes it or without one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from streaming.errors import LedgerUnavailable
from streaming.ledger.chain import Link
from streaming.ledger.rows import Row
from streaming.ledger.sqlite import make_engine, reading, still_at_rest, told

ROWS_READ_AT_ONCE = 5_000
BUSY_TIMEOUT_S = 2.0
"""How long a statement waits for a lock that another program holds on the file."""

SELECT_ROWS = (
    'SELECT seq, type, received_ms, "by", id, digest, body FROM rows WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?'
)

SELECT_DECISIONS = (
    "SELECT seq, type, received_ms, \"by\", id, digest, body FROM rows WHERE type = 'decision' AND seq < ? "
    "ORDER BY seq DESC LIMIT ?"
)
SELECT_TIME = "SELECT received_ms FROM rows WHERE seq = ?"
SELECT_LAST = 'SELECT seq, type, received_ms, "by", id, digest, body FROM rows ORDER BY seq DESC LIMIT 1'
JUMP_ROWS_MAX = 1_000_000
"""A jump is looked for among so many of the last rows."""
SELECT_JUMP = (
    'SELECT seq, type, received_ms, "by", id, digest, body FROM rows WHERE seq > (SELECT max(seq) FROM rows) - ? '
    "AND type = 'clock' AND substr(body, 1, 7) = CAST('{\"jump\"' AS BLOB) ORDER BY seq DESC LIMIT 1"
)
DECISIONS_READ_MAX = 10_000
"""Decisions that are read at once; a ceremony has dozens."""


class Reader:
    """A ledger's file, read-only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, after: int = 0, upto: int | None = None) -> Iterator[Row]:
        """The rows from ``after`` + 1 to ``upto`` (the last, if None), over a read-only connection of its own."""
        last = upto if upto is not None else 2**62
        with self._reader() as connection:
            while chunk := connection.exec_driver_sql(SELECT_ROWS, (after, last, ROWS_READ_AT_ONCE)).all():
                yield from map(Row._make, chunk)
                after = chunk[-1][0]

    def decisions(self, before: int | None = None, limit: int = DECISIONS_READ_MAX) -> list[Row]:
        """The last ``limit`` decisions before a seq (None: of all), the latest first."""
        values = (before if before is not None else 2**62, min(limit, DECISIONS_READ_MAX))
        with self._reader() as connection:
            return [Row._make(row) for row in connection.exec_driver_sql(SELECT_DECISIONS, values)]

    def last(self) -> Row | None:
        """The last row, None if there is none."""
        with self._reader() as connection:
            found = connection.exec_driver_sql(SELECT_LAST).first()
            return None if found is None else Row._make(found)

    def last_jump(self) -> Row | None:
        """The clock row that set time back last, None if none of the last JUMP_ROWS_MAX rows did."""
        with self._reader() as connection:
            found = connection.exec_driver_sql(SELECT_JUMP, (JUMP_ROWS_MAX,)).first()
            return None if found is None else Row._make(found)

    def row_at(self, at_ms: int, last: int, time_of: Callable[[int, int], int]) -> int:
        """The seq of the last row up to ``last`` that had been received by a time, 0 if none had; ``time_of`` tells
        what the time of a row is on the clock as it is now, which never runs back from one row to the next."""
        before, after = 0, last + 1
        with self._reader() as connection:
            while after - before > 1:
                seq = (before + after) // 2
                received_ms = connection.exec_driver_sql(SELECT_TIME, (seq,)).scalar_one()
                before, after = (seq, after) if time_of(seq, received_ms) <= at_ms else (before, seq)
        return before

    def every_decision(self) -> Iterator[Row]:
        """All decisions, the latest first."""
        before = None
        while found := self.decisions(before):
            yield from found
            before = found[-1].seq

    def links(self, at: int | None = None) -> list[Link]:
        """The chain's links in order, or the one at a seq; none where no commit ended there."""
        sql = f"SELECT seq, chain FROM rows WHERE chain IS NOT NULL {'' if at is None else 'AND seq = ?'} ORDER BY seq"  # noqa: S608 - no value
        with self._reader() as connection:
            return [(seq, link) for seq, link in connection.exec_driver_sql(sql, () if at is None else (at,))]

    @contextmanager
    def _reader(self) -> Iterator[Connection]:
        try:
            mode = reading(self.path)
        except OSError as error:
            raise LedgerUnavailable(f"{self.path}: {error.strerror}") from error
        engine = make_engine(self.path, mode, lock_timeout_s=BUSY_TIMEOUT_S)
        try:
            with engine.connect() as connection:
                yield connection
            still_at_rest(self.path, mode)
        except DBAPIError as error:
            raise LedgerUnavailable(told(self.path, error)) from error
        finally:
            engine.dispose()
