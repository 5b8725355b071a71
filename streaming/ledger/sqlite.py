"""How every SQLite file of ours is opened, and what its errors mean."""

import os
import sqlite3
from functools import cache
from pathlib import Path
from typing import Literal, cast

from sqlalchemy import create_engine
from sqlalchemy.engine import Dialect, Engine, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import NullPool, Pool
from sqlalchemy.util import LRUCache

from streaming.errors import LedgerUnavailable

Mode = Literal["ro", "rw", "rwc", "still"]
"""Read only; read and write a file that is there; or make it too. "still": read only what nobody writes, so that no
lock is taken and nothing is made beside it."""

STATEMENTS_MAX = 500
"""How many compiled statements a process keeps, for all its files; as many as SQLAlchemy keeps for each."""
_URL = make_url("sqlite://")
"""Of no file: which one it is, a connection is told where it is made."""
_compiled = LRUCache[object, object](STATEMENTS_MAX)

NO_ROOM = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE})
"""Errors of a write, never of a sync: a full disk, or a quota or a limit of a file's size. Nothing of what was asked
has been done, so another try is as good as the first."""


def address(path: Path, mode: Mode) -> str:
    """A file's address for ``sqlite3.connect(…, uri=True)``: that very file, whatever is in its name.

    In an address ``?`` and ``#`` end the name and ``%20`` is a space, so ``file:`` and a bare path would open, or make,
    another file beside the one that was meant.
    """
    return f"{path.absolute().as_uri()}?{'mode=ro&immutable=1' if mode == 'still' else f'mode={mode}'}"


def reading(path: Path, *, in_wal_mode: bool = True) -> Mode:
    """How to open a file to read it, so that nothing is made beside it that was not there.

    Whether it is in WAL mode, as ledgers are and admin.db is not, is told, not looked up. Its first page says so, but
    a process that opens a database past SQLite and closes it again gives up all locks that SQLite holds on it. Then the
    next program that lets go of the file takes itself for the last, and deletes the log under a server that runs
    (SQLite, "How To Corrupt An SQLite Database File", 2.2).

    SQLite makes a ``-wal`` and a ``-shm`` beside one in WAL mode, whoever reads it: left behind by root they keep the
    server out, and a medium that may not be written lets none be made. Where neither is there nobody has the file
    open, and it is read as it stands; see ``still_at_rest``.

    Raises:
        LedgerUnavailable: If rows stand in a ``-wal`` that cannot be read so, or is gone; or if it is no file.
    """
    journal, wal, shm = (Path(f"{path}{suffix}") for suffix in ("-journal", "-wal", "-shm"))
    refuse_no_file(path)
    if in_wal_mode and not wal.exists() and shm.exists() and not wal.exists():
        # SQLite deletes the -shm before the -wal, and makes it after it. Opened so, the file would be an older one,
        # without a word, and the new -wal would hide what has happened.
        raise LedgerUnavailable(
            f"{wal}: it is missing, but {shm.name} beside it tells of a server that was killed: it holds what was "
            f"acknowledged last; put it back, or restore a backup into a new folder; if it is lost for good, remove "
            f"{shm.name} to go on with what {path.name} alone holds, and have the sources send again"
        )
    may_write = os.access(path.parent, os.W_OK)
    if journal.exists() and may_write:
        return "rw"  # What a kill left half written is taken back by who opens it to write alone.
    if not in_wal_mode or shm.exists():
        return "ro"
    if not wal.exists() or not (may_write or wal.stat().st_size):
        return "still"
    if may_write:
        return "ro"
    raise LedgerUnavailable(
        f"{path}: rows stand in {wal.name} beside it, which cannot be read in a folder that may not be written; "
        "copy the whole folder to a disk that may be, and name the copy"
    )


def refuse_no_file(path: Path) -> None:
    """See that nothing but a file stands at a name, or beside it where SQLite makes its own: to open a pipe or a device
    may wait for ever, and of a folder or a link SQLite says no more than that it cannot open the database.

    Raises:
        LedgerUnavailable: If something else does.
    """
    refuse_other_than_file(path)
    for suffix in ("-journal", "-wal", "-shm"):
        refuse_other_than_file(beside := Path(f"{path}{suffix}"))
        if beside.is_symlink():
            raise LedgerUnavailable(f"{beside}: it is a link, expected a file of its own; move it away")


def refuse_other_than_file(path: Path) -> None:
    """See that nothing but a file stands at a name, itself or behind a link.

    Raises:
        LedgerUnavailable: If something else does.
    """
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "a pipe or a device"
        raise LedgerUnavailable(f"{path}: it is {kind}, expected a file; move it away, and put the file back")


def still_at_rest(path: Path, mode: Mode) -> None:
    """See, after a file was read, that nobody has begun to write it meanwhile.

    Raises:
        LedgerUnavailable: If somebody has: what was read may be torn.
    """
    if mode == "still" and Path(f"{path}-shm").exists():
        raise LedgerUnavailable(f"{path}: a server was started on it while it was read; do it again")


def make_engine(path: Path, mode: Mode, *, lock_timeout_s: float, pool: type[Pool] = NullPool) -> Engine:
    """An engine on a file, whose transactions begin where we say and not where the driver thinks.

    ``lock_timeout_s`` is how long a statement waits for a lock that another program holds. Nothing is opened yet.
    """

    def connect() -> DBAPIConnection:
        # The pool's threads are not ours to know; one connection is never used by two at a time.
        made = sqlite3.connect(
            address(path, mode),
            uri=True,
            timeout=lock_timeout_s,
            isolation_level=None,
            check_same_thread=False,
        )
        return cast("DBAPIConnection", made)

    dialect = _dialect()
    return Engine(pool(connect, dialect=dialect), dialect, _URL, execution_options={"compiled_cache": _compiled})


@cache
def _dialect() -> Dialect:
    """SQLAlchemy's knowledge of SQLite, asked of it once in a process.

    ``create_engine`` makes one for each engine, which asks again at its first connection, and compiles each statement
    again: half of what a start takes. It knows of no file, so all engines may have the same.
    """
    engine = create_engine(_URL, poolclass=NullPool)
    with engine.connect():
        return engine.dialect


def lacks_what_is_asked(error: BaseException | None) -> bool:
    """Whether an error of SQLite's, or SQLAlchemy's around it, says that a table or column is not there: the file is
    empty, of before there was one, or another's.

    SQLite has no code of its own for it: it is told apart from a statement that cannot be read by its words alone.
    """
    fault = getattr(error, "orig", None) or error
    return error_code(fault) == sqlite3.SQLITE_ERROR and str(fault).startswith(("no such table", "no such column"))


DAMAGED = "the file is damaged: stop, put it aside, and restore the last backup"
_REMEDIES = {
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: "expected a file of this program: look whether the folder is the right one, else restore",
    sqlite3.SQLITE_FULL: "free some space",
    sqlite3.SQLITE_BUSY: "end the other program that has it open",
    sqlite3.SQLITE_LOCKED: "end the other program that has it open",
    sqlite3.SQLITE_READONLY: "expected a file that this user may write: look at owner, mode and mount",
    sqlite3.SQLITE_CANTOPEN: "expected a file that this user may read and write: look at owner, mode and folder",
    sqlite3.SQLITE_PERM: "expected a file that this user may read and write: look at owner, mode and folder",
    sqlite3.SQLITE_IOERR: "look at the disk, and at what the kernel says of it; end what reads the file; start again",
}
"""What to do about an error, by its first byte."""


def told(path: Path, error: BaseException) -> str:
    """An error of SQLite's, or SQLAlchemy's around it, as one line: which file, what, and what to do."""
    fault = getattr(error, "orig", None) or error
    remedy = remedy_of(fault)
    return f"{path}: {fault}" + (f"; {remedy}" if remedy else "")


def remedy_of(error: BaseException | None) -> str:
    """What to do about an error of SQLite's; empty where nothing is known."""
    code = error_code(error)
    return _REMEDIES[sqlite3.SQLITE_FULL if code in NO_ROOM else code & 0xFF] if code & 0xFF in _REMEDIES else ""


def error_code(error: BaseException | None) -> int:
    """SQLite's extended code of an error, as sqlite3.SQLITE_IOERR_FSYNC; 0 if it is none of SQLite's."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    return code
