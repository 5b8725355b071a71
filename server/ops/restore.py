"""Restores a data folder from a backup: checked before anything is written, with a new restore count."""

import shutil
from contextlib import ExitStack
from pathlib import Path

from server.folder import files
from server.folder.files import ADMIN_FILE, FILE_MODE, FILES, LOCK_FILE
from server.folder.marks import writing
from server.ops.backup import MEMBERS, BackupError, Manifest, examine, opened, pieces, sync
from streaming.errors import DiemCauError

PART = "restore.part"
"""Where the files are kept until all of them are known to be sound."""


def restore(file: Path, data: Path, *, now_ms: int, ends_sessions: bool) -> Manifest:
    """Restore a backup into a new or empty folder; returns its manifest.

    The count of restores is raised in both ledgers: screens may have seen rows that the backup lacks, and others will
    take their numbers. ``ends_sessions`` ends the sessions that the backup revives, and its one-time links.

    Raises:
        BackupError: If the file is not a sound backup, or the folder is not empty.
        DataInUse: If another process holds the folder.
        DiemCauError: If the folder cannot be made or written.
    """
    with opened(file) as (tar, manifest), ExitStack() as held:
        refuse_full(data)
        files.take(data, held)
        part = data / PART
        try:
            part.mkdir(mode=files.FOLDER_MODE)
            for name in MEMBERS:
                (part / name).touch(mode=FILE_MODE)
                with (part / name).open("wb") as put:
                    for piece in pieces(tar, name, manifest):
                        put.write(piece)
            found = examine(part, manifest.begun_ms)
            if found != manifest:
                raise BackupError(f"{file}: its files hold something else than its manifest says, expected the same")
            _begin_anew(part, now_ms, ends_sessions=ends_sessions)
            # The ledger last: without it the other files are refused, so an interrupted restore leaves nothing that
            # starts.
            for name in reversed(MEMBERS):
                sync(part / name)
                (part / name).rename(data / name)
            part.rmdir()
            sync(data)
        except BaseException as error:
            shutil.rmtree(part, ignore_errors=True)
            for name in MEMBERS:
                (data / name).unlink(missing_ok=True)
            if isinstance(error, OSError):
                raise DiemCauError(f"{data}: {error.strerror}, expected a folder that may be written") from None
            raise
    return manifest


def refuse_full(data: Path) -> None:
    """Check that a folder is new or empty.

    Raises:
        BackupError: If it is not.
    """
    inside = sorted(path.name for path in data.iterdir() if path.name != LOCK_FILE) if data.is_dir() else []
    if inside:
        raise BackupError(
            f"{data}: {inside[0]} is in it, expected a new or empty folder; move the old one away, do not delete it"
        )


def _begin_anew(part: Path, now_ms: int, *, ends_sessions: bool) -> None:
    for name in FILES.values():
        with writing(part / name) as db:
            db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'restores'")
    if ends_sessions:
        with writing(part / ADMIN_FILE) as db:
            db.execute("UPDATE sessions SET revoked_ms = ? WHERE revoked_ms IS NULL", (now_ms,))
            # A link that was used after the backup would work once more.
            db.execute("DELETE FROM links")
