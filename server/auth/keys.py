"""Keys: each lets one screen on another origin read the topics, one device steer one output, or one tablet on stage
present or press the button, until it is revoked.

A screen's key is the one secret that may stand in an address (``/live/board?key=K``), because programs that show
overlays take only an address; so it only reads. A device's, a control key, is shown in a header alone. A tablet's comes
by a link, behind its #, and becomes a cookie. All have a name by which they are revoked, and are stored as digests.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, Row, String, Table, func, select
from sqlalchemy.engine import Connection

from server.auth.roles import STAGES, ControlKey, Stage, StageKey
from server.auth.sources import NAME
from server.clock import wall_ms
from server.folder.admin_file import AdminFile, metadata
from streaming.errors import DiemCauError
from streaming.program.names import NAMES_SAID, is_name

PREFIX, CONTROL_PREFIX = "dck_", "dcc_"
STAGE_PREFIXES: Mapping[Stage, str] = MappingProxyType({"presenter": "dcp_", "button": "dcb_"})
"""The prefixes by which people, the log and secret scanners recognise a key, and tell what it is for."""
KEY_BYTES = 32
KEY_IN_SCOPE = "diemcau.key"
"""The scope key for the name of the screen key that admitted a request."""
CONTROL_KEYS_MAX = 200
"""In force at once: a desk has a few devices, and what is remembered of each is bounded too."""
STAGE_KEYS_MAX = 100
"""In force at once."""

keys_table = Table(
    "screen_keys",  # Its name is from before devices had keys.
    metadata,
    Column("name", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("made_ms", Integer, nullable=False),
    Column("revoked_ms", Integer),
    Column("output", String),
    Column("stage", String),
)


class KeyNameError(DiemCauError):
    """A key that cannot be made or revoked as asked."""


@dataclass(frozen=True)
class Key:
    """A key as it is listed: never the key itself, which is not stored. ``output`` is what it is bound to, None for a
    screen's; ``stage`` what it is for on stage, None for a screen's and a device's."""

    name: str
    output: str | None
    made_ms: int
    revoked_ms: int | None
    stage: Stage | None = None


class Keys:
    """The keys of one data folder. A running server calls ``find``, ``find_control``, ``find_stage``, ``named``,
    ``revoked`` and ``in_force``, which never block."""

    def __init__(
        self,
        path: Path,
        *,
        now_ms: Callable[[], int] = wall_ms,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = AdminFile(path, now_ms=now_ms, monotonic_s=monotonic_s)
        self._screens: dict[str, str] = {}
        self._devices: dict[str, ControlKey] = {}
        self._stage: dict[str, StageKey] = {}
        self._named: dict[str, StageKey] = {}
        self._in_force: frozenset[str] = frozenset()
        self._revoked: dict[str, str] = {}

    # Writing: the command line, and the control room.

    def add(self, name: str, output: str | None = None, *, stage: Stage | None = None) -> str:
        """Make a screen's key, that of a device that steers ``output``, or with ``stage`` one of a tablet there;
        returns it, once and never again. The output need not be there yet.

        Raises:
            KeyNameError: If the name is not of NAME's form or was ever used: a screen admitted under a name must not
                stay admitted by a later key of the same name. If no output can be called so, or there are as many keys
                of the kind as may be.
        """
        if not NAME.fullmatch(name):
            raise KeyNameError(f'key "{name}": expected 1 to 40 lower-case letters, digits and hyphens')
        if (output is not None or stage is not None) and not is_name(output or ""):
            raise KeyNameError(f'output "{output}": expected {NAMES_SAID}')
        self._file.make()
        with self._file.begin() as connection:
            if found := connection.execute(select(keys_table).where(keys_table.c.name == name)).first():
                state = "exists" if found.revoked_ms is None else "was revoked"
                raise KeyNameError(f'key "{name}" {state} already: choose another name')
            if stage is not None and _count(connection, keys_table.c.stage.is_not(None)) >= STAGE_KEYS_MAX:
                raise KeyNameError(f"expected {STAGE_KEYS_MAX} links of the stage in force at most: revoke one first")
            devices = keys_table.c.output.is_not(None) & keys_table.c.stage.is_(None)
            if output is not None and stage is None and _count(connection, devices) >= CONTROL_KEYS_MAX:
                raise KeyNameError(f"expected {CONTROL_KEYS_MAX} control keys in force at most: revoke one first")
            prefix = STAGE_PREFIXES[stage] if stage else PREFIX if output is None else CONTROL_PREFIX
            key = prefix + secrets.token_urlsafe(KEY_BYTES)
            row = {
                "name": name, "output": output, "digest": _digest(key), "made_ms": self._file.now_ms(),
                "revoked_ms": None, "stage": stage,
            }  # fmt: skip
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
                raise KeyNameError(f'there is no key "{name}"')
            mine = (keys_table.c.name == name) & keys_table.c.revoked_ms.is_(None)
            connection.execute(keys_table.update().where(mine).values(revoked_ms=self._file.now_ms()))

    def list(self) -> list[Key]:
        """Every key, by name, those revoked included."""
        self._file.make()
        with self._file.look() as connection:
            rows = connection.execute(select(keys_table).order_by(keys_table.c.name)).all()
        return [Key(row.name, row.output, row.made_ms, row.revoked_ms, row.stage) for row in rows]

    # Reading: the server. A key is looked up by its digest, so that no comparison takes longer the more of it is right.

    def find(self, key: str) -> str | None:
        """The name of a screen's key that is in force, None for one that is wrong or revoked, or steers."""
        digest = self._known(key)
        return self._screens.get(digest)

    def find_control(self, key: str) -> ControlKey | None:
        """The control key that is in force, None for one that is wrong or revoked, or a screen's."""
        digest = self._known(key)
        return self._devices.get(digest)

    def find_stage(self, key: str) -> StageKey | None:
        """The key of a tablet on stage that is in force, None for one that is wrong or revoked, or of another kind."""
        digest = self._known(key)
        return self._stage.get(digest)

    def revoked(self, key: str) -> str | None:
        """The name of a screen's key that was revoked, None for any other: whoever shows it was let in once."""
        digest = self._known(key)
        return self._revoked.get(digest)

    def named(self, name: str) -> StageKey | None:
        """The key of a tablet on stage by its name, None if it is not in force."""
        self._refresh()
        return self._named.get(name)

    def in_force(self, name: str) -> bool:
        """Whether the key of a name by which topics are followed, a screen's or a tablet's, is in force."""
        self._refresh()
        return name in self._in_force

    def _known(self, key: str) -> str:
        """The digest of a key, after a look whether it has just been made or revoked."""
        self._refresh()
        digest = _digest(key)
        if not any(digest in known for known in (self._screens, self._devices, self._stage, self._revoked)):
            self._refresh(for_unknown=True)
        return digest

    def _refresh(self, *, for_unknown: bool = False) -> None:
        rows = self._file.read_if_changed(_read, for_unknown=for_unknown)
        if rows is not None:
            self._revoked = {row.digest: row.name for row in rows if row.revoked_ms is not None and row.output is None}
            rows = [row for row in rows if row.revoked_ms is None]
            self._screens = {row.digest: row.name for row in rows if row.output is None}
            bound = [row for row in rows if row.output is not None]
            self._devices = {row.digest: ControlKey(row.name, row.output) for row in bound if row.stage is None}
            self._stage = {
                row.digest: StageKey(row.name, row.output, row.stage, row.made_ms)
                for row in bound
                if row.stage in STAGES
            }
            self._named = {each.name: each for each in self._stage.values()}
            self._in_force = frozenset((*self._screens.values(), *self._named))


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    in_force = which & keys_table.c.revoked_ms.is_(None)
    return connection.execute(select(func.count()).select_from(keys_table).where(in_force)).scalar_one()


def _read(connection: Connection) -> Sequence[Row[Any]]:
    return connection.execute(select(keys_table)).all()


def _digest(key: str) -> str:
    return hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()
