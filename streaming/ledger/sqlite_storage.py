"""A ledger in a file of SQLite's, as its writer uses it.

WAL mode with ``synchronous=FULL``: a commit returns after its sync. There is one read-write connection, for SQLite
before 3.51.3 can lose commits when two connections write or checkpoint; readers are read-only.
"""

import secrets
import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

import structlog
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from streaming.errors import LedgerError
from streaming.ledger.chain import link_after
from streaming.ledger.head import Head
from streaming.ledger.place import Place
from streaming.ledger.reader import BUSY_TIMEOUT_S, ROWS_READ_AT_ONCE, SELECT_ROWS
from streaming.ledger.rows import Draft, Row
from streaming.ledger.sqlite import NO_ROOM, error_code, make_engine, remedy_of, told
from streaming.ledger.storage import Opened, RowsAfter, StorageFailed, StorageRefused, Stored
from streaming.ledger.tables import insert_rows, metadata, set_up_writer, sort_out
from streaming.ledger.wal import Wal, abandon, carry_all_over

log = structlog.get_logger(__name__)

RETRYABLE = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR_WRITE: "the disk takes no more of it (a quota, a limit of a file's size, or a fault)",
    sqlite3.SQLITE_BUSY: "another program holds a lock on it",
    sqlite3.SQLITE_LOCKED: "another program holds a lock on it",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
}
"""Errors after which nothing was stored, and another try is as good as the first."""


class SqliteStorage:
    """The rows of one ledger in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._engine: Engine | None = None
        self._connection: Connection | None = None
        self._place: Place | None = None
        self._wal = Wal(path)
        # Set once the disk is not to be trusted: the file stays as it stands, and the next start reads what was
        # acknowledged from the log.
        self._is_left = False

    def open(self) -> Opened:
        """Open or make the file; see ``Storage``."""
        self._engine = make_engine(self.path, "rwc", lock_timeout_s=BUSY_TIMEOUT_S, pool=StaticPool)
        event.listen(self._engine, "connect", set_up_writer)
        event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        try:
            self._connection = self._engine.connect()
            if not carry_all_over(self._driver):
                log.warning("another program reads the ledger while it is opened", ledger=self.path.name)
            with self._connection.begin():
                metadata.create_all(self._connection)
                opened = _read_meta(self._connection)
            modes = [
                self._connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
            ]
            self._connection.commit()
        except (DBAPIError, sqlite3.Error) as error:
            self._is_left = True
            raise StorageFailed(told(self.path, error)) from error
        if modes != ["wal", 2]:
            raise LedgerError(f"{self.path}: journal mode and synchronous are {modes}, expected wal and 2 (FULL)")
        self._place = Place(self.path)
        return opened

    def store(self, drafts: Sequence[Draft], rows_after: RowsAfter, restores: int | None = None) -> Stored:
        """Store the rows of the drafts that are new; see ``Storage``."""
        assert self._connection is not None  # noqa: S101 - asked for while the file is open
        try:
            stored = _store(self._connection, drafts, rows_after, restores)
        except DBAPIError as error:
            code = error_code(error.orig)
            if (reason := RETRYABLE.get(code) or RETRYABLE.get(code & 0xFF)) is not None:
                raise StorageRefused(reason) from error
            # After a failed sync nobody knows what is on disk, and trying again may report success for lost pages.
            raise self._distrusted(error.orig) from error
        self.look()
        return stored

    def tidy(self) -> None:
        """Carry the log over into the file where it is due; see ``Storage``."""
        try:
            self._wal.carry_over(self._driver)
        except sqlite3.Error as error:
            # What has been told is in the log, which is synced; of the file nobody knows what is on disk.
            raise self._distrusted(error) from error

    def look(self) -> None:
        """See that the file, and what belongs to it, stands where it was opened; see ``Storage``."""
        assert self._place is not None  # noqa: S101 - asked for while the file is open
        if (left := self._place.left()) is not None:
            raise StorageFailed(left, "put back what is missing, or restore the last backup, then start again")

    def abandon(self) -> None:
        """Leave the file as it stands; see ``Storage``."""
        self._is_left = True

    def close(self) -> None:
        """Carry the whole log over and close the file; see ``Storage``."""
        if self._connection is not None:
            if not self._is_left:
                self._carry_all_over()
            if self._is_left:
                abandon(self._connection)
                return
            with suppress(DBAPIError):
                self._connection.close()
            self._connection = None
        if self._engine is not None:
            self._engine.dispose()

    def _carry_all_over(self) -> None:
        try:
            carry_all_over(self._driver)
        except sqlite3.Error as error:
            if error_code(error) not in NO_ROOM:
                abandon(self._connection)
                raise self._distrusted(error) from error

    def _distrusted(self, error: BaseException | None) -> StorageFailed:
        self._is_left = True
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        return StorageFailed(f"it cannot be written ({error}, {name})", remedy_of(error))

    @property
    def _driver(self) -> sqlite3.Connection:
        assert self._connection is not None  # noqa: S101 - asked for while the file is open
        return cast("sqlite3.Connection", self._connection.connection.driver_connection)


def _read_meta(connection: Connection) -> Opened:
    found = {row.key: row.value for row in connection.exec_driver_sql("SELECT key, value FROM meta")}
    if "id" not in found:
        found = {"id": secrets.token_hex(8), "restores": "0"}
        connection.exec_driver_sql("INSERT INTO meta (key, value) VALUES (?, ?)", list(found.items()))
    last = connection.exec_driver_sql("SELECT seq, received_ms FROM rows ORDER BY seq DESC LIMIT 1").first()
    head, received_ms = (last[0], last[1]) if last else (0, 0)
    linked = connection.exec_driver_sql(
        "SELECT seq, chain FROM rows WHERE chain IS NOT NULL ORDER BY seq DESC LIMIT 1"
    ).first()
    seq, chain = (linked[0], linked[1]) if linked else (0, b"")
    # A ledger of before there was a chain gets its links now.
    while rows := connection.exec_driver_sql(SELECT_ROWS, (seq, head, ROWS_READ_AT_ONCE)).all():
        seq, chain = rows[-1][0], link_after(chain, [Row._make(row) for row in rows])
        connection.exec_driver_sql("UPDATE rows SET chain = ? WHERE seq = ?", (chain, seq))
    return Opened(found["id"], int(found["restores"]), Head(head, received_ms, chain))


def _store(connection: Connection, drafts: Sequence[Draft], rows_after: RowsAfter, restores: int | None) -> Stored:
    rows, link = rows_after(drafts)
    if not rows and restores is None:
        return Stored([], [], link)
    with connection.begin() as transaction:
        _count_restores(connection, restores)
        # Repeats are rare, so all are tried at once; where one was there already, sort out which.
        if not rows or insert_rows(connection, rows, link) == len(rows):
            return Stored(["accepted"] * len(drafts), rows, link)
        transaction.rollback()
    with connection.begin():
        _count_restores(connection, restores)
        outcomes = sort_out(connection, drafts)
        fresh = [draft for draft, outcome in zip(drafts, outcomes, strict=True) if outcome == "accepted"]
        rows, link = rows_after(fresh)
        if rows:
            insert_rows(connection, rows, link)
    return Stored(outcomes, rows, link)


def _count_restores(connection: Connection, restores: int | None) -> None:
    if restores is not None:
        connection.exec_driver_sql("UPDATE meta SET value = ? WHERE key = 'restores'", (str(restores),))
