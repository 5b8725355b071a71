"""The files of a data folder: their names, who holds the folder, and who may read it."""

import fcntl
import os
import stat
from contextlib import ExitStack
from pathlib import Path

import structlog

from streaming.errors import DiemCauError, LedgerUnavailable

FILES = {False: "ledger.db", True: "rehearsal.db"}
"""A store's ledger in the data folder, by whether it is the rehearsal store."""
STORES = ("live", "rehearsal")
"""The names of the two stores in settings, logs and addresses, indexed by whether it is the rehearsal store."""
ADMIN_FILE = "admin.db"
PERSON_KEY_FILE = "person.key"
LOCK_FILE = "serve.lock"
DATABASES = (*FILES.values(), ADMIN_FILE)
CHECKPOINT_SUFFIX = ".checkpoint"
"""A store's checkpoint, beside its ledger; losing it costs only a replay."""
FOLDER_MODE, FILE_MODE = 0o700, 0o600
OTHERS = 0o077
"""The mode bits of the group and of everybody."""

OURS = tuple(name.partition(".")[0] + "." for name in (*DATABASES, PERSON_KEY_FILE, LOCK_FILE))
"""Prefixes of all files that we or SQLite make, or an operator who puts one aside."""

log = structlog.get_logger(__name__)


class DataInUse(DiemCauError):  # noqa: N818 - a state of the folder, which ends with the other server
    """Another server uses the data folder."""


def take(data: Path, held: ExitStack) -> None:
    """Make the folder if needed, lock it for this process, and restrict its permissions; the lock ends with the
    process, however it ends.

    Raises:
        DataInUse: If another process holds it.
        DiemCauError: If it cannot be made or written.
    """
    try:
        data.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
        _lock(data / LOCK_FILE, held)
    except OSError as error:
        raise DiemCauError(f"{data}: {error.strerror}, expected a folder that may be written") from None
    close_to_others(data)


def refuse_wrong_lock(data: Path) -> None:
    """See that the lock file is one, if it is there: what else stands at its name holds nothing.

    Raises:
        LedgerUnavailable: If it is none, or may not be written.
    """
    path = data / LOCK_FILE
    if path.is_symlink() or (path.exists() and not path.is_file()):
        kind = "a link" if path.is_symlink() else "a folder" if path.is_dir() else "a pipe or a device"
        raise LedgerUnavailable(f"{path}: it is {kind}, expected a file; remove it, with every server stopped")
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        raise LedgerUnavailable(f"{path}: it may not be written, expected a file of user {os.geteuid()}: chown it")


def _lock(path: Path, held: ExitStack) -> None:
    refuse_wrong_lock(path.parent)
    path.touch(mode=FILE_MODE)
    file = held.enter_context(path.open("a+"))
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        holder = file.read(20).strip()
        by = f" by process {holder}" if holder.isdigit() else ""
        raise DataInUse(f"{path.parent}: in use{by}, expected a data folder that no other server holds") from None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()


def close_to_others(data: Path) -> None:
    """Make the folder and our files in it readable by its owner alone; returns one line about those that were not.

    A folder with foreign files is left as it is: ``--data /tmp`` must not lock everybody out of /tmp.
    """
    found = open_to_others(data)
    for path in found:
        try:
            path.chmod(FOLDER_MODE if path == data else FILE_MODE)
        except OSError as error:
            log.warning("data open to others", file=str(path), reason=error.strerror)
    if found:
        log.warning("data was open to others", folder=str(data), closed=[path.name for path in found])


def open_to_others(data: Path) -> list[Path]:
    """The folder and its files that others than the owner may read or write; not a folder with foreign files."""
    inside = [path for path in data.iterdir() if not path.is_symlink()]
    ours = [path for path in inside if path.name.startswith(OURS) and path.is_file()]
    looked_at = [*([data] if len(ours) == len(inside) else []), *sorted(ours)]
    return [path for path in looked_at if stat.S_IMODE(path.stat().st_mode) & OTHERS]
