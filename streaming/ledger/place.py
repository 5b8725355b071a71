"""Where the files of an open database stand: whether their names still lead to what was opened.

A file that was removed or replaced under a running server takes rows as before, syncs them, and is gone with the
process. Only its name tells.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path

LOOK_S = 1.0
"""The files beside the database are looked at this often."""
BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a file in WAL mode: rows that are durable, and locks. Where the first is gone, an orderly
end still brings its rows home; so it is enough to look at these now and then."""


class Place:
    """The files of one open database, as they stood when this was made."""

    def __init__(self, path: Path, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._due_s = float("-inf")
        self._file = path
        self._stood = _identity(path)
        beside = [Path(f"{path}{suffix}") for suffix in BESIDE]
        self._beside = {file: found for file in beside if (found := _identity(file)) is not None}

    def left(self) -> str | None:
        """What has happened to a file that is not there any more, None if all stand where they stood.

        One call of stat(2), for it lets go of the interpreter's lock, which a busy event loop gives back late; every
        LOOK_S three.
        """
        if (found := _identity(self._file)) != self._stood:
            return _told(self._file, found)
        if self._monotonic_s() < self._due_s:
            return None
        self._due_s = self._monotonic_s() + LOOK_S
        gone = [(file, found) for file, stood in self._beside.items() if (found := _identity(file)) != stood]
        return _told(*gone[0]) if gone else None


_Identity = tuple[int, int]
"""Device and inode."""


def _identity(file: Path) -> _Identity | None:
    try:
        status = os.stat(file)  # noqa: PTH116 - at each commit, and Path.stat costs half as much again
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _told(file: Path, found: _Identity | None) -> str:
    happened = "removed" if found is None else "replaced by another file"
    return f"{file.name} was {happened} while the server ran"
