"""admin.db: the file that the command line may change while a server runs. The server polls it twice a second.

Journal mode DELETE, so that both may have it open. It holds secrets, so only its owner may read it.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Column, MetaData, String, Table, event, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from server.clock import wall_ms
from server.errors import AdminUnavailable
from server.folder.belonging import check_belonging
from server.folder.files import FILE_MODE
from server.folder.marks import FOLDER
from server.migrations import migrate
from streaming.errors import LedgerMismatch
from streaming.ledger.sqlite import lacks_what_is_asked, make_engine, remedy_of, told

REFRESH_S = 0.5
"""How often a running server polls the file for changes. Sockets are checked once a second, so a revoked account or key
loses its sockets within 2 s."""
AGAIN_S = 0.1
"""Somebody unknown may just have been made: for them it looks whenever the file's time stamp has moved, and this often
where it has not, as two quick changes may leave one. Guesses cost no more than to ask for the stamp."""
QUIET_MS = 2_000
"""Two quick changes may leave the file with one time stamp, so the stamp is trusted only when it is older than this."""
BUSY_TIMEOUT_S = 2.0
READ_TIMEOUT_S = 0.05
FAULT_S = 2.0
"""A file that is unreadable for this long is a fault: the command line's locks and a replacing copy take less."""
PUT_BACK = "put back the one that was there, or restore the last backup; what was known of it holds until then"

metadata = MetaData()
"""The tables of the file; each noun that stands in it adds its own."""
meta_table = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))
"""The file's marks; see server/folder/belonging.py."""

Found = TypeVar("Found")


class AdminFile:
    """One reader or writer of a data folder's admin.db."""

    def __init__(
        self,
        path: Path,
        *,
        now_ms: Callable[[], int] = wall_ms,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self.now_ms = now_ms
        self._monotonic_s = monotonic_s
        self._engine = make_engine(path, "rw", lock_timeout_s=BUSY_TIMEOUT_S)
        event.listen(self._engine, "connect", _set_up)
        event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        self._looker = make_engine(path, "rw", lock_timeout_s=BUSY_TIMEOUT_S)
        event.listen(self._looker, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
        # A running server only reads, without a lock, and does not wait for one while screens wait for the answer.
        self._reader = make_engine(path, "ro", lock_timeout_s=READ_TIMEOUT_S)
        self._read_at_s = float("-inf")
        self._stamp: tuple[int, int] | None = None
        self._looked_at: tuple[int, int] | None = None
        self._folder: str | None = None
        self._failing: tuple[float, str] | None = None

    def make(self) -> None:
        """Make the file, or bring it to the newest schema.

        Raises:
            AdminUnavailable: If it is not this user's to write.
            LedgerUnavailable: If it cannot be opened or is no database of ours.
            LedgerMismatch: If it is gone from beside ledgers that were written with it: accounts would be numbered
                from 1 again under the decisions of others.
        """
        try:
            if not (self.path.exists() and self.path.stat().st_size):
                check_belonging(self.path.parent)
            self.path.touch(mode=FILE_MODE)
        except OSError as error:
            expected = "expected a file that this user may read and write: look at owner, mode and mount"
            raise AdminUnavailable(f"{self.path}: {error.strerror}; {expected}") from None
        migrate(self.path, "admin")

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that may write, from its beginning; waits up to BUSY_TIMEOUT_S for another.

        Raises:
            AdminUnavailable: If the file cannot be read or written now; nothing was changed.
        """
        with self._told(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """A transaction that only reads: who writes beside it waits for its end alone, and not to begin. It waits up to
        BUSY_TIMEOUT_S where one is just being written.

        Raises:
            AdminUnavailable: If the file cannot be read now.
        """
        with self._told(), self._looker.begin() as connection:
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Tells what keeps the file from being used."""
        try:
            yield
        except DBAPIError as error:
            if error.orig is not None and remedy_of(error.orig):
                raise AdminUnavailable(told(self.path, error)) from error
            if lacks_what_is_asked(error):
                # The statements name tables that every such file has, so this one was emptied or replaced.
                raise AdminUnavailable(f"{self.path}: {error.orig}; {PUT_BACK}") from error
            raise

    def read_if_changed(self, read: Callable[[Connection], Found], *, for_unknown: bool = False) -> Found | None:
        """What ``read`` finds, at most every REFRESH_S and only if the file has changed since; else None.

        ``for_unknown`` looks sooner, as AGAIN_S says.

        None too for a file that is gone, damaged, of another data folder, or locked for a moment by the command line:
        what was known holds until the next look, and ``fault`` tells.
        """
        now_s = self._monotonic_s()
        is_due = now_s - self._read_at_s >= (AGAIN_S if for_unknown else REFRESH_S)
        if is_due:
            self._read_at_s = now_s
        elif not for_unknown:
            return None
        try:
            status = self.path.stat()
            stamp = (status.st_mtime_ns, status.st_size)
            if stamp == self._stamp or (stamp == self._looked_at and not is_due):
                return None
            self._read_at_s, self._looked_at = now_s, stamp
            with self._reader.connect() as connection:
                self._see_folder(connection)
                found = read(connection)
        except (DBAPIError, OSError, LedgerMismatch) as error:
            # A file that reappears with its former time stamp is read again.
            self._stamp = None
            self._failing = (self._failing[0] if self._failing else now_s), _reason(error)
            return None
        self._failing = None
        self._stamp = stamp if self.now_ms() - status.st_mtime_ns // 1_000_000 > QUIET_MS else None
        return found

    @property
    def fault(self) -> str | None:
        """Why the file cannot be read, and what to do, as one line without its folder; None while it can, as of the
        last look of ``read_if_changed``."""
        if self._failing is None or self._monotonic_s() - self._failing[0] < FAULT_S:
            return None
        return f"{self.path.name}: {self._failing[1]}; {PUT_BACK}"

    def _see_folder(self, connection: Connection) -> None:
        """Check that the file still belongs to the same data folder."""
        try:
            folder = connection.execute(select(meta_table.c.value).where(meta_table.c.key == FOLDER)).scalar()
        except DBAPIError as error:
            if not lacks_what_is_asked(error):
                raise
            folder = None  # A file from before these marks, which a command reads as it is.
        if self._folder not in (None, folder):
            raise LedgerMismatch("it is empty, new, or of another data folder")
        self._folder = folder


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return str(error.strerror)
    return str(getattr(error, "orig", None) or error)


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    """A change is on disk when the transaction ends: without EXTRA the old journal may come back with the power, and
    with it a secret that was revoked."""
    connection.execute("PRAGMA synchronous=EXTRA")
