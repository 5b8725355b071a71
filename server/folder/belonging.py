"""Whether the files of a data folder belong together.

The two ledgers each have an id; the two ids together name the folder. Each ledger and admin.db keep that name, each
ledger says which store it is, and both keep a check value of the person key. Files of before these marks get them at
the first open at which nothing speaks against it.

A folder that is made is killed at any moment: what is made first is admin.db, then the ledgers, the key, the marks, and
last the first row. So a ledger may be missing only while nothing was made after it.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.folder.files import (
    ADMIN_FILE,
    CHECKPOINT_SUFFIX,
    DATABASES,
    FILE_MODE,
    FILES,
    PERSON_KEY_FILE,
    STORES,
    refuse_wrong_lock,
)
from server.migrations import Schema, known_revisions, migrate
from streaming.checkpoint import read_checkpoint
from streaming.errors import RESTORE, LedgerMismatch, LedgerUnavailable, shown
from streaming.intake.persons import check_of, read_key
from streaming.ledger.sqlite import address, reading, refuse_no_file, still_at_rest, told

LOCK_TIMEOUT_S = 5.0
ID_BYTES = 8
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
    live, rehearsal = (_look_ledger(data / name) for name in FILES.values())
    return Belongings(data, live, rehearsal, _look_admin(data / ADMIN_FILE), (data / PERSON_KEY_FILE).exists())


def check_belonging(data: Path) -> Belongings:
    """Check that the files of a folder belong together, before any is made or changed.

    Raises:
        LedgerMismatch: If one is missing, or is of another folder or store; the line says what to do.
        LedgerUnavailable: If one cannot be read.
    """
    refuse_wrong_lock(data)
    found = look(data)
    for ledger, other in (found.ledgers, found.ledgers[::-1]):
        _refuse_missing(found, ledger, other)
    _refuse_missing_admin(found)
    _refuse_wrong_store(found)
    _refuse_other_folder(found)
    for ledger in found.ledgers:
        _refuse_other_checkpoint(data, ledger)
    if found.has_key or not found.is_new:
        _refuse_other_key(found, read_key(data / PERSON_KEY_FILE, may_make=False))
    return found


def make_ledger(path: Path, *, is_anew: bool = False) -> None:
    """Make a ledger's file with an id of its own, or bring one to the newest schema. ``is_anew`` where it takes the
    place of one that is lost.

    Raises:
        LedgerUnavailable: If it cannot be opened or is no database of ours.
    """
    path.touch(mode=FILE_MODE)
    migrate(path, "ledger")
    if _look_ledger(path).id is not None:
        return
    with writing(path) as db:
        made = [("id", secrets.token_hex(ID_BYTES)), ("restores", "0"), *([(ANEW, "1")] if is_anew else [])]
        db.executemany("INSERT OR IGNORE INTO meta (key, value) VALUES (?, ?)", made)


def mark(data: Path, person_key: bytes | None, *, key_is_new: bool = False) -> None:
    """Write into each file that is there which folder it is of. What ``check_belonging`` has let pass, or what belongs
    together because an operator says so; ``key_is_new`` where the key of before is lost.

    Raises:
        LedgerUnavailable: If one cannot be written.
    """
    found = look(data)
    folder = _name(found)
    # What stands there already is not written again: a start on a full disk needs no room for it.
    admin_lags = found.admin.account_max < found.account_max
    if found.admin.is_there and (admin_lags or found.admin.folder != folder):
        with writing(data / ADMIN_FILE) as db:
            if folder is not None:
                _put(db, {FOLDER: folder})
            if admin_lags:
                # Decisions name accounts by number, so a number in them is never given to another account.
                db.execute("DELETE FROM sqlite_sequence WHERE name = 'accounts'")
                db.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('accounts', ?)", (found.account_max,))
    for ledger, store in zip(found.ledgers, STORES, strict=True):
        marks = {} if folder in (None, ledger.folder) else {FOLDER: str(folder)}
        if ledger.store is None:
            marks[STORE] = store
        if person_key is not None and (ledger.person_check is None or key_is_new):
            marks[PERSON_CHECK] = check_of(person_key)
        if ledger.is_there and marks:
            with writing(data / ledger.name) as db:
                _put(db, marks)


def _put(db: sqlite3.Connection, marks: dict[str, str]) -> None:
    db.executemany("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)", list(marks.items()))


# What is refused.


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


def _refuse_missing(found: Belongings, ledger: Kept, other: Kept) -> None:
    checkpoint = Path(ledger.name).with_suffix(CHECKPOINT_SUFFIX).name
    beside = [
        name
        for name, speaks in (
            (other.name, other.head > 1),
            (checkpoint, (found.data / checkpoint).exists()),
            (PERSON_KEY_FILE, found.has_key and not ledger.is_there),
            (ADMIN_FILE, (found.admin.folder is not None or found.admin.has_served) and not ledger.is_there),
        )
        if speaks
    ]
    if ledger.folder is not None and not ledger.head and not ledger.is_anew and other.head > 1:
        # Both have their first row before anything is accepted.
        raise LedgerMismatch(
            f"{found.data / ledger.name}: it has no row, but {other.name} beside it has {other.head}: its "
            f"{ledger.name}-wal was left behind or it is an older copy; put the right one back, or restore a backup "
            f"into a new folder; if it is lost for good: run.py lost {ledger.name}"
        )
    if ledger.is_there and (ledger.head or ledger.folder is not None):
        return
    if beside:
        state = "is empty" if (found.data / ledger.name).exists() else "is missing"
        raise LedgerMismatch(
            f"{found.data / ledger.name}: it {state}, but {' and '.join(beside)} beside it belonged to one; put it "
            f"back, or restore a backup into a new folder; if it is lost for good: run.py lost {ledger.name}"
        )


def _refuse_missing_admin(found: Belongings) -> None:
    path = found.data / ADMIN_FILE
    lost = f"if it is lost for good: run.py lost {ADMIN_FILE}"
    is_marked = any(ledger.folder is not None for ledger in found.ledgers)
    if not found.admin.is_there and (is_marked or any(ledger.head for ledger in found.ledgers)):
        raise LedgerMismatch(
            f"{path}: it is missing or empty, but the ledgers beside it have decisions and sources of one; put it "
            f"back, or restore a backup into a new folder; {lost}"
        )
    if found.admin.is_there and found.admin.folder is None:
        if is_marked:
            raise LedgerMismatch(f"{path}: it is not that of these ledgers but a new one; put theirs back; {lost}")
        if found.admin.account_max < found.account_max:
            raise LedgerMismatch(
                f"{path}: it knows accounts up to number {found.admin.account_max}, but the ledgers have decisions of "
                f"number {found.account_max}; put the one back that belongs to them; {lost}"
            )


def _refuse_wrong_store(found: Belongings) -> None:
    for ledger, store in zip(found.ledgers, STORES, strict=True):
        if ledger.store not in (None, store):
            raise LedgerMismatch(
                f"{found.data / ledger.name}: it holds the {ledger.store} store, expected the {store} "
                f"one: {' and '.join(FILES.values())} were exchanged; give each its name back"
            )


def _refuse_other_folder(found: Belongings) -> None:
    folder = _name(found)
    if folder is None:
        return
    marks = {each.name: each.folder for each in found.ledgers} | {ADMIN_FILE: found.admin.folder}
    marked = {name: mark for name, mark in marks.items() if mark is not None}
    if all(mark == folder for mark in marked.values()):
        return
    # If two of three name the same folder, the third is the wrong one.
    names = list(marked.values())
    odd = [name for name, mark in marked.items() if names.count(mark) == 1]
    if len(odd) != 1 or len(marked) < len(marks):
        odd = [name for name, mark in marked.items() if mark != folder]
    raise LedgerMismatch(
        f"{found.data}: {' and '.join(odd)} and the files beside belong to different data folders, expected all of "
        f"one; put back what was there; if the right file is lost for good: run.py lost {odd[0]}"
    )


def _refuse_other_checkpoint(data: Path, ledger: Kept) -> None:
    path = (data / ledger.name).with_suffix(CHECKPOINT_SUFFIX)
    if ledger.folder is not None or ledger.id is None:
        return  # A marked ledger is known; its checkpoint is looked at when the store is opened.
    checkpoint = read_checkpoint(path)
    if checkpoint is not None and checkpoint.ledger_id != ledger.id:
        raise other_checkpoint(path)


def other_checkpoint(path: Path) -> LedgerMismatch:
    """The message about a checkpoint of another ledger."""
    return LedgerMismatch(
        f"{path}: it was written beside another ledger than the one that is there; put that one back, or remove "
        f"{path.name} if the ledger is the right one"
    )


def _refuse_other_key(found: Belongings, key: bytes) -> None:
    for ledger in found.ledgers:
        if ledger.person_check not in (None, check_of(key)):
            raise LedgerMismatch(
                f"{found.data / PERSON_KEY_FILE}: it is not the key of {ledger.name}, and with another everybody would "
                f"count again; put the right one back; if it is lost for good: run.py lost {PERSON_KEY_FILE}"
            )


# Reading and writing the marks.


def _name(found: Belongings) -> str | None:
    """The folder's name, from the ids of its ledgers; None while one has none."""
    return None if None in (found.live.id, found.rehearsal.id) else f"{found.live.id}-{found.rehearsal.id}"


def _look_ledger(path: Path) -> Kept:
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
