"""Damage that disks and hands do to a ledger's file, for tests."""

import sqlite3
from contextlib import closing
from pathlib import Path

INDEX = "sqlite_autoindex_rows_1"


def age_index(path: Path, repeat: int, times: int = 1) -> None:
    """Put row ``repeat`` into the table again, as the next rows, without its index of ``(by, id)`` knowing of them.

    The file must be closed. It stands there then as one whose index is older than its table.
    """
    again = (
        'INSERT INTO rows SELECT (SELECT max(seq) FROM rows) + 1, type, received_ms, "by", id, digest, body, NULL '
        "FROM rows WHERE seq = ?"
    )
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (INDEX,)).fetchone()
        (table,) = db.execute("SELECT sql FROM sqlite_master WHERE name = 'rows'").fetchone()
        loose = table.replace('UNIQUE ("by", id)', "CHECK (1)").replace("UNIQUE (by, id)", "CHECK (1)")
        assert loose != table, table
        db.execute("PRAGMA writable_schema = ON")
        db.execute("DELETE FROM sqlite_master WHERE name = ?", (INDEX,))
        db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'rows'", (loose,))
        db.execute("PRAGMA writable_schema = RESET")
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for _ in range(times):
            db.execute(again, (repeat,))
        db.execute("PRAGMA writable_schema = ON")
        db.execute("INSERT INTO sqlite_master VALUES ('index', ?, 'rows', ?, NULL)", (INDEX, root))
        db.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'rows'", (table,))
        db.execute("PRAGMA writable_schema = RESET")
