"""What is wrong with the files of a data folder, found without changing them: `check` tells what `serve` would."""

import sqlite3
from contextlib import closing
from pathlib import Path

from server.folder.files import ADMIN_FILE, FILES
from streaming.errors import RESTORE, LedgerUnavailable
from streaming.ledger.chain import first_broken
from streaming.ledger.reader import Reader
from streaming.ledger.sqlite import DAMAGED, Mode, address, lacks_what_is_asked, reading, refuse_no_file, told

LOCK_TIMEOUT_S = 2.0


def faults(data: Path) -> list[str]:
    """One line for each database that cannot be used as it stands; those that are not there yet have none.

    Reads every page: a gigabyte takes some seconds.
    """
    looks: list[tuple[str, Mode | None, tuple[str, ...]]] = [
        *((file, None, ("PRAGMA quick_check(1)",)) for file in FILES.values()),
        # The command line may write to this file at any time; a lock or missing rights show when it is opened.
        (ADMIN_FILE, "rw", ("PRAGMA quick_check(1)", "BEGIN IMMEDIATE", "ROLLBACK")),
    ]
    found = (
        _fault(data / file, mode, asked) or (_broken(data / file) if file != ADMIN_FILE else None)
        for file, mode, asked in looks
        if (data / file).exists()
    )
    return [fault for fault in found if fault is not None]


def ledger_fault(path: Path) -> str | None:
    """One line about a ledger, of whatever folder, that cannot be used as it stands; None if it can."""
    return _fault(path, None, ("PRAGMA quick_check(1)",)) or _broken(path)


def _broken(path: Path) -> str | None:
    """Whether a row differs from what was written, although its file is sound."""
    reader = Reader(path)
    try:
        # The chain's links first: rows that a server writes meanwhile have later ones.
        links = reader.links()
        seq = first_broken(reader.read(upto=links[-1][0]), links) if links else None
    except LedgerUnavailable as error:
        # Not made yet, or older than the chain of hashes; the start brings it to the newest schema.
        return None if lacks_what_is_asked(error.__cause__) else str(error)
    return None if seq is None else f"{path}: a row up to {seq} is not as it was written; {RESTORE}"


def _fault(path: Path, mode: Mode | None, asked: tuple[str, ...]) -> str | None:
    try:
        refuse_no_file(path)
        with closing(
            sqlite3.connect(
                address(path, mode or reading(path)), uri=True, isolation_level=None, timeout=LOCK_TIMEOUT_S
            )
        ) as connection:
            for sql in asked:
                answer = connection.execute(sql).fetchone()
                if answer not in {None, ("ok",)}:
                    return f"{path}: {str(answer[0]).splitlines()[-1]}; {DAMAGED}"
    except LedgerUnavailable as error:
        return str(error)
    except OSError as error:
        return f"{path}: {error.strerror}; expected a file that this user may read and write"
    except sqlite3.Error as error:
        return told(path, error)
    return None
