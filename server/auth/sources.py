"""Sources: who may send participations, and with which secret.

They stand in ``admin.db``. The secrets themselves are kept, because Standard Webhooks signatures are made with them;
the file is readable by its owner alone. A secret is looked up by its SHA-256, so that no comparison takes longer the
more of it is right.
"""

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Column, Integer, Row, Select, String, Table, select
from sqlalchemy.engine import Connection

from server.auth.signatures import Signer
from server.clock import wall_ms
from server.folder.admin_file import AdminFile, metadata
from streaming.errors import DiemCauError

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
SECRET_BYTES = 32
PREFIXES = {False: base64.b64decode("live"), True: base64.b64decode("test")}
"""The first four characters of a secret after "whsec_" show its kind to people and scanners; they are valid base64."""
SOURCE_IN_SCOPE = "diemcau.source"
"""The scope key for the name of the source whose batch was accepted."""
TITLE_CHARS_MAX = 60
HEARTBEAT_S = 60
HEARTBEAT_S_MIN, HEARTBEAT_S_MAX = 2, 86_400

sources_table = Table(
    "sources",
    metadata,
    Column("name", String, primary_key=True),
    Column("scope", String),
    Column("heartbeat_s", Integer, nullable=False),
    Column("made_ms", Integer, nullable=False),
    Column("title", String),
)
secrets_table = Table(
    "secrets",
    metadata,
    Column("digest", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("rehearsal", Boolean, nullable=False),
    Column("secret", String, nullable=False),
    Column("made_ms", Integer, nullable=False),
    Column("revoked_ms", Integer),
)


class SourceError(DiemCauError):
    """A source that cannot be made or changed as asked."""


@dataclass(frozen=True)
class Grant:
    """What a secret allows: to send as ``source`` to the live or the rehearsal store."""

    source: str
    rehearsal: bool
    scope: str


@dataclass(frozen=True)
class Trial:
    """A secret in force that may have made a signature: ``digest`` names it."""

    digest: str
    grant: Grant
    signer: Signer


@dataclass(frozen=True)
class Source:
    """A source as the command line lists it: never its secrets; ``title`` is what people call it, "" for none."""

    name: str
    live: bool
    test: bool
    heartbeat_s: int
    made_ms: int
    title: str = ""


class Sources:
    """The sources of one data folder."""

    def __init__(
        self,
        path: Path,
        *,
        now_ms: Callable[[], int] = wall_ms,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.path = path
        self._file = AdminFile(path, now_ms=now_ms, monotonic_s=monotonic_s)
        self._file.make()
        self._grants: dict[str, Grant] = {}
        self._heartbeats: dict[str, int] = {}
        self._titles: dict[str, str] = {}
        self._trials: list[Trial] = []

    # Writing: the command line.

    def add(self, name: str, *, test: bool = False, heartbeat_s: int | None = None, title: str | None = None) -> str:
        """Make the source's live (or test) secret, and the source if it is new; returns the secret.

        ``heartbeat_s`` is after what silence it alarms, ``title`` what people call it; None leaves a source as it is,
        and a new one at HEARTBEAT_S and without a title.

        Raises:
            SourceError: If the name is not of NAME's form, or has such a secret already; if the title is no line.
        """
        _check_title(title or "")
        if not NAME.fullmatch(name):
            raise SourceError(f'source "{name}": expected 1 to 40 lower-case letters, digits and hyphens')
        with self._file.begin() as connection:
            if connection.execute(_secrets_of(name, test)).first():
                kind = "test" if test else "live"
                raise SourceError(f'source "{name}" has a {kind} secret already: rotate or revoke it')
            if not connection.execute(select(sources_table).where(sources_table.c.name == name)).first():
                row = {"name": name, "scope": None, "heartbeat_s": HEARTBEAT_S, "made_ms": self._file.now_ms()}
                connection.execute(sources_table.insert().values(row))
            mine = sources_table.c.name == name
            if heartbeat_s is not None:
                connection.execute(sources_table.update().where(mine).values(heartbeat_s=heartbeat_s))
            if title is not None:
                connection.execute(sources_table.update().where(mine).values(title=title.strip() or None))
            return self._make(connection, name, rehearsal=test)

    def call(self, name: str, title: str) -> None:
        """Call a source something else; "" takes its title away.

        Raises:
            SourceError: If there is no such source, or the title is no line.
        """
        _check_title(title)
        with self._file.begin() as connection:
            mine = sources_table.update().where(sources_table.c.name == name)
            if not connection.execute(mine.values(title=title.strip() or None)).rowcount:
                raise SourceError(f'source "{name}": there is none: add it first')

    def rotate(self, name: str, *, test: bool = False) -> str:
        """Replace the source's live (or test) secret; the old one stops at once. Returns the new one.

        Raises:
            SourceError: If there is none to replace.
        """
        with self._file.begin() as connection:
            if not connection.execute(_secrets_of(name, test)).first():
                raise SourceError(f'source "{name}" has no {"test" if test else "live"} secret to rotate: add one')
            self._revoke(connection, name, rehearsal=test)
            return self._make(connection, name, rehearsal=test)

    def revoke(self, name: str) -> None:
        """Revoke the source's secrets, live and test; what it sent stays counted.

        Raises:
            SourceError: If there is no such source.
        """
        with self._file.begin() as connection:
            if not connection.execute(select(sources_table).where(sources_table.c.name == name)).first():
                raise SourceError(f'there is no source "{name}"')
            for rehearsal in (False, True):
                self._revoke(connection, name, rehearsal=rehearsal)

    def _make(self, connection: Connection, name: str, *, rehearsal: bool) -> str:
        raw = PREFIXES[rehearsal] + secrets.token_bytes(SECRET_BYTES)
        secret = "whsec_" + base64.b64encode(raw).decode()
        row = {
            "digest": _digest(secret),
            "source": name,
            "rehearsal": rehearsal,
            "secret": secret,
            "made_ms": self._file.now_ms(),
            "revoked_ms": None,
        }
        connection.execute(secrets_table.insert().values(row))
        return secret

    def _revoke(self, connection: Connection, name: str, *, rehearsal: bool) -> None:
        table = secrets_table
        mine = (table.c.source == name) & (table.c.rehearsal == rehearsal) & table.c.revoked_ms.is_(None)
        # The secret's text is deleted; its digest stays, so that it is never issued or accepted again.
        connection.execute(table.update().where(mine).values(revoked_ms=self._file.now_ms(), secret=""))

    def list(self) -> list[Source]:
        """Every source, by name."""
        with self._file.look() as connection:
            active = {(row.source, row.rehearsal) for row in connection.execute(_active())}
            rows = connection.execute(select(sources_table).order_by(sources_table.c.name)).all()
        return [
            Source(
                row.name,
                (row.name, False) in active,
                (row.name, True) in active,
                row.heartbeat_s,
                row.made_ms,
                row.title or "",
            )
            for row in rows
        ]

    # Reading: the server.

    def find(self, secret: str) -> Grant | None:
        """What a secret allows now, None for one that is wrong or revoked."""
        self._refresh()
        digest = _digest(secret)
        if digest not in self._grants:
            self._refresh(for_unknown=True)
        return self._grants.get(digest)

    def trials(self, named: str | None = None, *, for_unknown: bool = False) -> Sequence[Trial]:
        """The secrets in force, or those of one source, that may have made a signature.

        ``for_unknown`` also looks for secrets made just now; for use after all others have failed.
        """
        self._refresh(for_unknown=for_unknown)
        return [trial for trial in self._trials if named is None or trial.grant.source == named]

    def active(self, *, rehearsal: bool) -> frozenset[str]:
        """The names of the sources that may send to the live or the rehearsal store."""
        self._refresh()
        return frozenset(grant.source for grant in self._grants.values() if grant.rehearsal == rehearsal)

    @property
    def fault(self) -> str | None:
        """Why changes to admin.db cannot be read now, as one line; None while they can."""
        self._refresh()
        return self._file.fault

    def heartbeats(self, *, rehearsal: bool) -> Mapping[str, int]:
        """The silence in seconds after which each source of the live or the rehearsal store alarms."""
        return {name: self._heartbeats[name] for name in sorted(self.active(rehearsal=rehearsal))}

    def titles(self) -> Mapping[str, str]:
        """What people call those sources that have a title."""
        self._refresh()
        return self._titles

    def _refresh(self, *, for_unknown: bool = False) -> bool:
        found = self._file.read_if_changed(_read, for_unknown=for_unknown)
        if found is None:
            return False
        scopes, self._heartbeats, self._titles, rows = found
        grants = [(row, Grant(row.source, row.rehearsal, scopes.get(row.source) or row.source)) for row in rows]
        self._grants = {row.digest: grant for row, grant in grants}
        self._trials = [Trial(row.digest, grant, Signer(row.secret)) for row, grant in grants]
        return True


def _check_title(title: str) -> None:
    if len(title) > TITLE_CHARS_MAX or not title.isprintable():
        raise SourceError(f"title: expected one line of at most {TITLE_CHARS_MAX} characters")


def _read(connection: Connection) -> tuple[dict[str, str | None], dict[str, int], dict[str, str], Sequence[Row[Any]]]:
    # A source may be added between the two reads; sources are never removed, so every secret finds its source.
    active = connection.execute(_active()).all()
    sources = connection.execute(select(sources_table)).all()
    scopes = {row.name: row.scope for row in sources}
    heartbeats = {row.name: row.heartbeat_s for row in sources}
    titles = {row.name: row.title for row in sources if row.title}
    return scopes, heartbeats, titles, active


def _active() -> Select[Any]:
    return select(secrets_table).where(secrets_table.c.revoked_ms.is_(None))


def _secrets_of(name: str, is_test: bool) -> Select[Any]:
    return _active().where((secrets_table.c.source == name) & (secrets_table.c.rehearsal == is_test))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
