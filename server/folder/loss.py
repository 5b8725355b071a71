"""Replaces a file of a data folder that is lost for good. Nothing is deleted: what was there is put aside."""

from contextlib import ExitStack
from pathlib import Path

from server.folder import files
from server.folder.belonging import make_ledger, mark
from server.folder.files import ADMIN_FILE, CHECKPOINT_SUFFIX, DATABASES, FILE_MODE, FILES, PERSON_KEY_FILE
from server.folder.marks import look
from server.migrations import migrate
from streaming.errors import DiemCauError, LedgerMismatch
from streaming.intake.persons import read_key

LOSABLE = (*DATABASES, PERSON_KEY_FILE)
BESIDE = ("-wal", "-shm", "-journal")
"""The files that SQLite keeps beside a database."""

MEANS = {
    FILES[False]: "The contest begins at row 1, with the same accounts, sources and person key.",
    FILES[True]: "Rehearsals begin at row 1.",
    ADMIN_FILE: "Give people accounts, sources secrets and screens keys again; accounts are numbered above those that "
    "decisions name, and evidence shows these by number alone.",
    PERSON_KEY_FILE: "Everybody who took part before and comes back counts as a new person from here on.",
}
"""What the loss of each file means."""


def go_on_without(data: Path, name: str, stamp: str) -> list[str]:
    """Put a file aside under its name and ``stamp``, make a new one in its place, and mark all as belonging together;
    returns the names of what was put aside.

    Raises:
        DataInUse: If a server holds the folder.
        LedgerMismatch: If the other files do not belong together.
        DiemCauError: If there is no data folder.
    """
    if not any((data / each).exists() for each in LOSABLE):
        raise DiemCauError(f"{data}: nothing of a data folder is here, expected the one that lost {name}")
    with ExitStack() as held:
        files.take(data, held)
        _refuse_strangers(data, name)
        aside = _put_aside(data, name, stamp)
        if name == ADMIN_FILE:
            (data / name).touch(mode=FILE_MODE)
        if (data / ADMIN_FILE).exists():
            migrate(data / ADMIN_FILE, "admin")
        if name in FILES.values():
            make_ledger(data / name, is_anew=True)
        is_key = name == PERSON_KEY_FILE
        has_key = is_key or (data / PERSON_KEY_FILE).exists()
        key = read_key(data / PERSON_KEY_FILE, may_make=is_key) if has_key else None
        mark(data, key, key_is_new=is_key)
    return aside


def _refuse_strangers(data: Path, name: str) -> None:
    """Check that the remaining files are of one folder. Of the two ids in its name, that of a lost ledger is not
    compared."""
    found = look(data)
    marks = {each.name: each.folder for each in found.ledgers} | {ADMIN_FILE: found.admin.folder}
    lost = list(FILES.values()).index(name) if name in FILES.values() else None
    folders = {
        each: tuple(id_ for place, id_ in enumerate(mark.split("-")) if place != lost)
        for each, mark in marks.items()
        if mark is not None and each != name
    }
    if len(set(folders.values())) > 1:
        raise LedgerMismatch(f"{data}: {' and '.join(folders)} belong to different data folders, expected all of one")


def _put_aside(data: Path, name: str, stamp: str) -> list[str]:
    beside = [Path(name).with_suffix(CHECKPOINT_SUFFIX).name] if name in FILES.values() else []
    aside = []
    for each in (name, *(name + suffix for suffix in BESIDE), *beside):
        if (data / each).exists():
            (data / each).rename(data / f"{each}.{stamp}")
            aside.append(f"{each}.{stamp}")
    return aside
