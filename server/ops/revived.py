"""What a restored backup revives: sessions, keys and links that were in force then, and have been ended since."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from server.folder.files import ADMIN_FILE, FILES
from streaming.errors import LedgerUnavailable
from streaming.ledger.reader import Reader
from streaming.ledger.sqlite import address, reading, told

LOCK_TIMEOUT_S = 5.0


def revived(restored: Path, old: Path) -> list[str]:
    """What a restored folder has in force that the old one, of after the backup, had ended; and what it lacks of the
    old one. One line each, empty if nothing.

    Raises:
        LedgerUnavailable: If the old folder's files cannot be read.
    """
    with _admin(restored) as now, _admin(old) as then:
        lines = [*_accounts(now, then), *_sessions(now, then), *_secrets(now, then), *_keys(now, then)]
    for name in FILES.values():
        lines += _rows(restored / name, old / name)
    return lines


def in_force(restored: Path) -> list[str]:
    """How much is in force in a restored folder, one line."""
    with _admin(restored) as db:
        counts = {
            name: db.execute(f"SELECT count(*) FROM {table} WHERE revoked_ms IS NULL").fetchone()[0]  # noqa: S608 - constants
            for name, table in (
                ("accounts", "accounts"),
                ("sessions", "sessions"),
                ("secrets of sources", "secrets"),
                ("keys", "screen_keys"),
            )
        }
    return [", ".join(f"{count} {name}" for name, count in counts.items())]


@contextmanager
def _admin(folder: Path) -> Iterator[sqlite3.Connection]:
    path = folder / ADMIN_FILE
    try:
        with closing(
            sqlite3.connect(address(path, reading(path, in_wal_mode=False)), uri=True, timeout=LOCK_TIMEOUT_S)
        ) as db:
            db.row_factory = sqlite3.Row
            yield db
    except sqlite3.Error as error:
        raise LedgerUnavailable(told(path, error)) from error


def _by(db: sqlite3.Connection, table: str, key: str) -> dict[Any, sqlite3.Row]:
    return {row[key]: row for row in db.execute(f"SELECT * FROM {table}")}  # noqa: S608 - constants of this file


def _accounts(now: sqlite3.Connection, then: sqlite3.Connection) -> Iterator[str]:
    ours, theirs = _by(now, "accounts", "number"), _by(then, "accounts", "number")
    for number, row in ours.items():
        if row["revoked_ms"] is not None or (other := theirs.get(number)) is None:
            continue
        if other["revoked_ms"] is not None:
            yield f"account {row['login']}: was revoked since, is in force again: run.py account revoke {row['login']}"
        elif other["password"] != row["password"] or other["totp"] != row["totp"]:
            yield f"account {row['login']}: has an earlier password or phone again: run.py account reset {row['login']}"
    for row in theirs.values():
        if row["number"] not in ours:
            yield f"account {row['login']}: was made since, is not there"


def _sessions(now: sqlite3.Connection, then: sqlite3.Connection) -> Iterator[str]:
    theirs = _by(then, "sessions", "digest")
    logins = {number: row["login"] for number, row in _by(now, "accounts", "number").items()}
    for digest, row in _by(now, "sessions", "digest").items():
        if row["revoked_ms"] is None and (digest not in theirs or theirs[digest]["revoked_ms"] is not None):
            yield f"session of {logins.get(row['account'], row['account'])}, from {row['address']}: was ended since"
    used = len(_by(now, "links", "digest").keys() - _by(then, "links", "digest").keys())
    if used:
        yield f"{used} one-time links: were used or ended since"


def _secrets(now: sqlite3.Connection, then: sqlite3.Connection) -> Iterator[str]:
    ours, theirs = _by(now, "secrets", "digest"), _by(then, "secrets", "digest")
    for digest, row in ours.items():
        if row["revoked_ms"] is None and digest in theirs and theirs[digest]["revoked_ms"] is not None:
            kind = "test" if row["rehearsal"] else "live"
            rotate = f"run.py source rotate {row['source']}{' --test' if row['rehearsal'] else ''}"
            yield f"{kind} secret of source {row['source']}: was ended since, works again: {rotate}"
    for digest, row in theirs.items():
        if digest not in ours and row["revoked_ms"] is None:
            kind = "test" if row["rehearsal"] else "live"
            yield f"{kind} secret of source {row['source']}: was made since, is not there"


def _keys(now: sqlite3.Connection, then: sqlite3.Connection) -> Iterator[str]:
    ours, theirs = _by(now, "screen_keys", "name"), _by(then, "screen_keys", "name")
    for name, row in ours.items():
        if row["revoked_ms"] is None and name in theirs and theirs[name]["revoked_ms"] is not None:
            yield f"key {name}: was revoked since, works again: run.py key revoke {name}"
    for name in theirs.keys() - ours.keys():
        yield f"key {name}: was made since, is not there"


def _rows(restored: Path, old: Path) -> Iterator[str]:
    if not old.exists():
        return
    ours, theirs = (_head(path) for path in (restored, old))
    if theirs > ours:
        yield f"{restored.name}: rows {ours + 1} to {theirs} of the old one are not there"


def _head(path: Path) -> int:
    return max((seq for seq, _ in Reader(path).links()), default=0)
