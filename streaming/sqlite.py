"""How every SQLite file of ours is opened: its address, and an engine on it."""

import sqlite3
from pathlib import Path
from typing import Literal

from sqlalchemy import create_engine
from sqlalchemy.engine import Engine
from sqlalchemy.pool import NullPool, Pool

Mode = Literal["ro", "rw", "rwc"]
"""Read only; read and write a file that is there; or make it too."""


def address(path: Path, mode: Mode) -> str:
    """A file's address for ``sqlite3.connect(…, uri=True)``: that very file, whatever is in its name.

    In an address ``?`` and ``#`` end the name and ``%20`` is a space, so ``file:`` and a bare path would open, or make,
    another file beside the one that was meant.
    """
    return f"{path.absolute().as_uri()}?mode={mode}"


def make_engine(path: Path, mode: Mode, *, lock_timeout_s: float, pool: type[Pool] = NullPool) -> Engine:
    """An engine on a file, whose transactions begin where we say and not where the driver thinks.

    ``lock_timeout_s`` is how long a statement waits for a lock that another program holds. Nothing is opened yet.
    """

    def connect() -> sqlite3.Connection:
        # The pool's threads are not ours to know; one connection is never used by two at a time.
        return sqlite3.connect(
            address(path, mode),
            uri=True,
            timeout=lock_timeout_s,
            isolation_level=None,
            check_same_thread=False,
        )

    return create_engine("sqlite://", creator=connect, poolclass=pool)
