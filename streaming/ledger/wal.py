"""A store's write-ahead log: what has been committed, until its writer carries it over into the file.

SQLite would do that by itself after a commit, and would swallow every error of it: a file whose sync has failed was
written on, and rows that had been acknowledged were lost with the next loss of power. So it is told not to, and the
writer asks for it and hears what became of it. After a failed sync nothing may be tried again by the same process: the
pages that did not reach the disk are taken for clean, and the next sync says that all is well. A new process reads the
log from its beginning and writes every page again.
"""

import ctypes
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import structlog

from streaming.ledger.sqlite import NO_ROOM, error_code

WAL_PAGES_MAX = 4_000
"""The log is carried over when so many pages have been added since the last time: 16 MiB, some 10 ms of writing."""
WAL_PAGES_WAIT = 4 * WAL_PAGES_MAX
"""When it holds so many pages (64 MiB), and every time it has doubled since, it is worth waiting for readers."""
READERS_WAIT_MS = 200
"""How long that wait is. Our own readers hold a state of the file for some milliseconds at a time."""
WAL_BYTES_KEPT = 64 * 1024 * 1024
"""A log that grew beyond this is cut when it begins anew; below it, to write over what is there syncs faster."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=0", f"journal_size_limit={WAL_BYTES_KEPT}")
"""What the writing connection must hold to: a commit returns after its sync, and nothing is carried over unasked."""

LOOK_S = 0.1
"""The log is looked at this often at most. Each look lets go of the interpreter's lock four times, and a busy loop
gives it back late. At 200,000 rows a second the log grows by some 15 MiB meanwhile."""
NO_ROOM_RETRY_S = 1.0
"""While the disk has no room for what is to be carried over, it is tried again this often."""

_HEADER_BYTES = 32
_FRAME_BYTES = 24

log = structlog.get_logger(__name__)


class Wal:
    """The log of one file. Used by the file's writer alone, between its transactions."""

    def __init__(self, path: Path, *, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self.path = path.with_name(f"{path.name}-wal")
        self._monotonic_s = monotonic_s
        self._begun = b""
        self._pages = 0
        self._wait_at_pages = WAL_PAGES_WAIT
        self._not_before_s = float("-inf")

    @property
    def is_due(self) -> bool:
        """Whether WAL_PAGES_MAX pages have been added since the log was last carried over."""
        try:
            # Read beside SQLite, whose file format says how; the locks it holds are on other files than this.
            file = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            return False
        try:
            header = os.pread(file, _HEADER_BYTES, 0)
            if header[12:24] != self._begun:
                # The log was begun anew, at its first page, with another number and other salts.
                self._begun, self._pages, self._wait_at_pages = header[12:24], 0, WAL_PAGES_WAIT
            page_bytes = int.from_bytes(header[8:12], "big")
            frame = os.pread(
                file, _FRAME_BYTES, _HEADER_BYTES + (self._pages + WAL_PAGES_MAX - 1) * (page_bytes + _FRAME_BYTES)
            )
        finally:
            os.close(file)
        # What an earlier round has left there has other salts.
        return len(frame) == _FRAME_BYTES and frame[8:16] == header[16:24]

    def carry_over(self, connection: sqlite3.Connection) -> None:
        """Carry over into the file what is due, as far as no reader needs the file as it was.

        Raises:
            sqlite3.Error: If a page could not be read, or a sync failed: then the process must end. A disk without
                room is none of these.
        """
        now_s = self._monotonic_s()
        if now_s < self._not_before_s:
            return
        self._not_before_s = now_s + LOOK_S
        if not self.is_due:
            return
        try:
            pages, carried = _checkpoint(connection, "PASSIVE")
            if carried < pages and pages >= self._wait_at_pages:
                pages, carried = self._wait_for_readers(connection, pages)
        except sqlite3.Error as error:
            if error_code(error) not in NO_ROOM:
                raise
            self._not_before_s = self._monotonic_s() + NO_ROOM_RETRY_S
            log.warning("log not carried over", file=self.path.name, reason=str(error))
            return
        self._pages = pages

    def _wait_for_readers(self, connection: sqlite3.Connection, pages: int) -> tuple[int, int]:
        (timeout_ms,) = connection.execute("PRAGMA busy_timeout").fetchone()
        connection.execute(f"PRAGMA busy_timeout={READERS_WAIT_MS}")
        try:
            pages, carried = _checkpoint(connection, "RESTART")
        finally:
            connection.execute(f"PRAGMA busy_timeout={timeout_ms}")
        if carried < pages:
            self._wait_at_pages = 2 * pages
            log.warning(
                "log grows: another program reads an old state of the file and does not let go",
                file=self.path.name,
                pages=pages,
            )
        return pages, carried


def carry_all_over(connection: sqlite3.Connection) -> bool:
    """Carry the whole log over and cut it to nothing; False if another program reads the file, so that part is left.

    When a file is opened: the log may hold what an earlier process could not sync, and nothing may be acknowledged
    behind it. When it is closed: SQLite would do it too, without a word of what failed.

    Raises:
        sqlite3.Error: As ``Wal.carry_over``, and if the disk is full.
    """
    is_busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not is_busy


def abandon(connection: object) -> None:
    """Never close a connection (the driver's, or what holds it), also not when the process ends.

    SQLite would carry the log over once more, trust the sync that follows a failed one, and delete the log. Or it
    would wait for ever for a call that hangs.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(connection))


def _checkpoint(connection: sqlite3.Connection, mode: str) -> tuple[int, int]:
    """The pages in the log, and how many of them are in the file too."""
    _is_busy, pages, carried = connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
    return pages, carried
