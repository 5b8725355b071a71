"""Whether the files of a data folder belong together.

The two ledgers each have an id; the two ids together name the folder. Each ledger and admin.db keep that name, each
ledger says which store it is, and both keep a check value of the person key. Files of before these marks get them at
the first open at which nothing speaks against it.

A folder that is made is killed at any moment: what is made first is admin.db, then the ledgers, the key, the marks, and
last the first row. So a ledger may be missing only while nothing was made after it.
"""

import secrets
from pathlib import Path

from server.folder.files import (
    ADMIN_FILE,
    CHECKPOINT_SUFFIX,
    FILE_MODE,
    FILES,
    PERSON_KEY_FILE,
    STORES,
    refuse_wrong_lock,
)
from server.folder.marks import ANEW, FOLDER, PERSON_CHECK, STORE, Belongings, Kept, look, look_ledger, put, writing
from server.migrations import migrate
from streaming.checkpoint import read_checkpoint
from streaming.errors import LedgerMismatch
from streaming.intake.persons import check_of, read_key

ID_BYTES = 8


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
    if look_ledger(path).id is not None:
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
    folder = found.folder
    # What stands there already is not written again: a start on a full disk needs no room for it.
    admin_lags = found.admin.account_max < found.account_max
    if found.admin.is_there and (admin_lags or found.admin.folder != folder):
        with writing(data / ADMIN_FILE) as db:
            if folder is not None:
                put(db, {FOLDER: folder})
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
                put(db, marks)


# What is refused.


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
    folder = found.folder
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
