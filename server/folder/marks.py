"""What the files of a data folder say of themselves: whose they are, how far they go, and whether this program may read
them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.folder.files import ADMIN_FILE, DATABASES, FILES, PERSON_KEY_FILE
from server.migrations import Schema, known_revisions
from streaming.errors import RESTORE, LedgerMismatch, LedgerUnavailable, shown
from streaming.ledger.sqlite import address, reading, refuse_no_file, still_at_rest, told

LOCK_TIMEOUT_S = 5.0
FOLDER, STORE, PERSON_CHECK, ANEW = "folder", "store", "person_check", "anew"
"""The keys of the marks in ``meta``."""


@dataclass(frozen=True)
class Kept:
    """The marks of one ledger's file. ``head`` is its last row; ``account_max`` the highest number of an account that a
    decision names. A missing mark is None. ``is_anew`` says that it was made to replace a lost one."""

    name: str
    id: str | None = None
    head: int = 0
    account_max: int = 0
    folder: str | None = None
    store: str | None = None
    person_check: str | None = None
    is_there: bool = True
    is_anew: bool = False


@dataclass(frozen=True)
class Admin:
    """The marks of admin.db, the highest account number that it has given, and whether anybody has signed in."""

    folder: str | None = None
    account_max: int = 0
    has_served: bool = False
    is_there: bool = True


@dataclass(frozen=True)
class Belongings:
    """What a data folder contains. ``has_key`` says whether there is a person key, right or wrong."""

    data: Path
    live: Kept
    rehearsal: Kept
    admin: Admin
    has_key: bool

    @property
    def ledgers(self) -> tuple[Kept, Kept]:
        """Live, then rehearsal."""
        return self.live, self.rehearsal

    @property
    def is_new(self) -> bool:
        """Whether no row depends on a person key."""
        return all(ledger.head <= 1 and ledger.person_check is None for ledger in self.ledgers)

    @property
    def folder(self) -> str | None:
        """What the ledgers' ids name the folder; None while one has none."""
        return None if None in (self.live.id, self.rehearsal.id) else f"{self.live.id}-{self.rehearsal.id}"

    @property
    def account_max(self) -> int:
        """The highest number of an account that a decision names."""
        return max(ledger.account_max for ledger in self.ledgers)


def look(data: Path) -> Belongings:
    """Read what a data folder contains; nothing is made or changed.

    Raises:
        LedgerUnavailable: If a file cannot be read or is no database.
        LedgerMismatch: If a file is a link, or of a later version of this program.
    """
    for name in DATABASES:
        refuse_no_file(data / name)
        _refuse_link(data / name)
    live, rehearsal = (look_ledger(data / name) for name in FILES.values())
    return Belongings(data, live, rehearsal, _look_admin(data / ADMIN_FILE), (data / PERSON_KEY_FILE).exists())


def _refuse_link(path: Path) -> None:
    if path.is_symlink() or (path.exists() and path.stat().st_nlink > 1):
        raise LedgerMismatch(
            f"{path}: it is a link, expected a file of its own, for two folders that share one would both write to it; "
            f"put a copy in its place: cp {path.name} copy && mv copy {path.name}, with every server stopped"
        )


def _refuse_later(path: Path, db: sqlite3.Connection, schema: Schema) -> None:
    revisions = db.execute("SELECT version_num FROM alembic_version") if _has(db, "alembic_version") else ()
    for (revision,) in revisions:
        if revision not in known_revisions(schema):
            raise LedgerMismatch(
                f"{path}: a later version of this program has written it (schema {revision}); start that version, or "
                "restore a backup that this one has made into a new folder"
            )


def look_ledger(path: Path) -> Kept:
    """What one ledger says of itself.

    Raises:
        LedgerUnavailable: If it cannot be read or is no database.
        LedgerMismatch: If it is of a later version of this program, or its count of restores is no number.
    """
    with _reading(path) as db:
        if db is None or not _has(db, "rows"):
            return Kept(path.name, is_there=False)
        _refuse_later(path, db, "ledger")
        meta = dict(db.execute("SELECT key, value FROM meta"))
        if not (restores := str(meta.get("restores", "0"))).isdecimal():
            raise LedgerMismatch(f"{path}: its count of restores is {shown(restores)}, expected a number; {RESTORE}")
        head = db.execute("SELECT coalesce(max(seq), 0) FROM rows").fetchone()[0]
        # By the index of (by, id), so that a million rows are not read.
        number = 'max(CAST(substr("by", 9) AS INTEGER)) FROM rows WHERE "by" >= \'account:\' AND "by" < \'account;\''
        account_max = db.execute(f"SELECT {number}").fetchone()[0] or 0
    return Kept(
        path.name,
        meta.get("id"),
        head,
        account_max,
        meta.get(FOLDER),
        meta.get(STORE),
        meta.get(PERSON_CHECK),
        is_anew=ANEW in meta,
    )


def _look_admin(path: Path) -> Admin:
    with _reading(path) as db:
        if db is None or not _has(db, "sources"):
            return Admin(is_there=False)
        _refuse_later(path, db, "admin")
        meta = dict(db.execute("SELECT key, value FROM meta")) if _has(db, "meta") else {}
        given = dict(db.execute("SELECT name, seq FROM sqlite_sequence")) if _has(db, "sqlite_sequence") else {}
    return Admin(meta.get(FOLDER), given.get("accounts", 0), given.get("sign_ins", 0) > 0)


def _has(db: sqlite3.Connection, table: str) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


@contextmanager
def _reading(path: Path) -> Iterator[sqlite3.Connection | None]:
    """Open a file read-only; None if it is missing or empty."""
    if not path.exists() or path.stat().st_size == 0:
        yield None
        return
    try:
        mode = reading(path, in_wal_mode=path.name != ADMIN_FILE)
        with closing(sqlite3.connect(address(path, mode), uri=True, timeout=LOCK_TIMEOUT_S)) as db:
            yield db
        still_at_rest(path, mode)
    except OSError as error:
        expected = "expected a file that this user may read and write: look at owner, mode and mount"
        raise LedgerUnavailable(f"{path}: {error.strerror}; {expected}") from None
    except sqlite3.Error as error:
        raise LedgerUnavailable(told(path, error)) from error


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file that nobody else writes, in one transaction that is on disk when it ends."""
    try:
        with closing(sqlite3.connect(address(path, "rw"), uri=True, timeout=LOCK_TIMEOUT_S)) as db, db:
            db.execute("PRAGMA synchronous = FULL")
            yield db
    except sqlite3.Error as error:
        raise LedgerUnavailable(told(path, error)) from error


def put(db: sqlite3.Connection, marks: dict[str, str]) -> None:
    """Write marks, instead of those of the same keys."""
    db.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", list(marks.items()))
