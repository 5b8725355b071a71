"""Screen keys: each lets one overlay or wall on another origin read the topics, until it is revoked.

A key is the one secret that may stand in an address (``/live/board?key=K``), because programs that show overlays take
only an address. So it only reads, has a name by which it is revoked, and is stored as a digest.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, Row, String, Table, select
from sqlalchemy.engine import Connection

from server.auth.sources import NAME
from server.clock import wall_ms
from server.folder.admin_file import AdminFile, metadata
from streaming.errors import DiemCauError

PREFIX = "dck_"
"""The prefix by which people, the log and secret scanners recognise a key."""
KEY_BYTES = 32
KEY_IN_SCOPE = "diemcau.key"
"""The scope key for the name of the screen key that admitted a request."""

keys_table = Table(
    "screen_keys",
    metadata,
    Column("name", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("made_ms", Integer, nullable=False),
    Column("revoked_ms", Integer),
)


class KeyNameError(DiemCauError):
    """A screen key that cannot be made or revoked as asked."""


@dataclass(frozen=True)
class ScreenKey:
    """A screen key as the command line lists it: never the key itself, which is not stored."""

    name: str
    made_ms: int
    revoked_ms: int | None


class Keys:
    """The screen keys of one data folder. A running server calls ``find`` and ``in_force``, which never block."""

    def __init__(
        self,
        path: Path,
        *,
        now_ms: Callable[[], int] = wall_ms,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = AdminFile(path, now_ms=now_ms, monotonic_s=monotonic_s)
        self._names: dict[str, str] = {}
        self._in_force: frozenset[str] = frozenset()

    # Writing: the command line.

    def add(self, name: str) -> str:
        """Make a key; returns it, once and never again.

        Raises:
            KeyNameError: If the name is not of NAME's form or was ever used: a screen admitted under a name must not
            stay admitted by a later key of the same name.
        """
        if not NAME.fullmatch(name):
            raise KeyNameError(f'screen key "{name}": expected 1 to 40 lower-case letters, digits and hyphens')
        self._file.make()
        with self._file.begin() as connection:
            if found := connection.execute(select(keys_table).where(keys_table.c.name == name)).first():
                state = "exists" if found.revoked_ms is None else "was revoked"
                raise KeyNameError(f'screen key "{name}" {state} already: choose another name')
            key = PREFIX + secrets.token_urlsafe(KEY_BYTES)
            row = {"name": name, "digest": _digest(key), "made_ms": self._file.now_ms(), "revoked_ms": None}
            connection.execute(keys_table.insert().values(row))
            return key

    def revoke(self, name: str) -> None:
        """End a key, for good.

        Raises:
            KeyNameError: If there is no such key.
        """
        self._file.make()
        with self._file.begin() as connection:
            if not connection.execute(select(keys_table).where(keys_table.c.name == name)).first():
                raise KeyNameError(f'there is no screen key "{name}"')
            mine = (keys_table.c.name == name) & keys_table.c.revoked_ms.is_(None)
            connection.execute(keys_table.update().where(mine).values(revoked_ms=self._file.now_ms()))

    def list(self) -> list[ScreenKey]:
        """Every key, by name, those revoked included."""
        self._file.make()
        with self._file.begin() as connection:
            rows = connection.execute(select(keys_table).order_by(keys_table.c.name)).all()
        return [ScreenKey(row.name, row.made_ms, row.revoked_ms) for row in rows]

    # Reading: the server.

    def find(self, key: str) -> str | None:
        """The name of a key that is in force, None for one that is wrong or revoked.

        It is looked up by its digest, so that no comparison takes longer the more of it is right.
        """
        self._refresh()
        digest = _digest(key)
        if digest not in self._names:
            self._refresh(for_unknown=True)
        return self._names.get(digest)

    def in_force(self, name: str) -> bool:
        """Whether the key of a name is in force."""
        self._refresh()
        return name in self._in_force

    def _refresh(self, *, for_unknown: bool = False) -> None:
        rows = self._file.read_if_changed(_read, for_unknown=for_unknown)
        if rows is not None:
            self._names = {row.digest: row.name for row in rows}
            self._in_force = frozenset(self._names.values())


def _read(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(select(keys_table).where(keys_table.c.revoked_ms.is_(None))).all()


def _digest(key: str) -> str:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
