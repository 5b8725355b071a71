"""One-time links, by which an account takes a password: one that is new, or that was reset.

A link is stored as a digest, expires, and works once.
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.engine import Connection

from server.auth.roles import Account
from server.auth.tables import account_from, accounts_table, has_administrator, links_table
from server.folder.admin_file import AdminFile

TOKEN_BYTES = 32
FIRST_LINK_TTL_S = 3_600
"""The link of the first administrator, who starts the server himself."""
LINK_TTL_S = 24 * 3_600
"""A link that is handed over: to a commune, by the next morning."""


@dataclass(frozen=True)
class Link:
    """A one-time link that may still be used. ``account`` is None for that of the first administrator."""

    account: Account | None
    login: str | None


class LiveLinks:
    """The links of one data folder in memory. Never blocks, because anybody may ask as often as they like."""

    def __init__(self, path: Path, now_ms: Callable[[], int], monotonic_s: Callable[[], float]) -> None:
        self._file = AdminFile(path, now_ms=now_ms, monotonic_s=monotonic_s)
        self._links: Mapping[str, tuple[int, Link]] = {}

    def find(self, token: str) -> Link | None:
        """The link of a token, at most REFRESH_S old; None for one that is wrong, used or expired."""
        digest = digest_of(token)
        found = self._file.read_if_changed(_read_links, for_unknown=digest not in self._links)
        if found is not None:
            self._links = found
        expires_ms, link = self._links.get(digest, (0, None))
        return link if expires_ms > self._file.now_ms() else None

    def forget(self, token: str) -> None:
        """Drop a link that was used: this server knows at once; other processes on the folder find out at their next
        look."""
        self._links = {digest: link for digest, link in self._links.items() if digest != digest_of(token)}


def make_link(connection: Connection, number: int | None, ttl_s: int, now_ms: int) -> str:
    """The token of a new link of an account, None for the first administrator's; those that have expired are
    dropped."""
    connection.execute(links_table.delete().where(links_table.c.expires_ms <= now_ms))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = {"digest": digest_of(token), "account": number, "made_ms": now_ms, "expires_ms": now_ms + ttl_s * 1_000}
    connection.execute(links_table.insert().values(row))
    return token


def link_of(connection: Connection, token: str, now_ms: int) -> Link | None:
    """The link of a token, None for one that is wrong, used or expired."""
    alive = (links_table.c.digest == digest_of(token)) & (links_table.c.expires_ms > now_ms)
    link = connection.execute(select(links_table).where(alive)).first()
    if link is None:
        return None
    if link.account is None:
        # Somebody else may have become the first administrator meanwhile.
        return None if has_administrator(connection) else Link(None, None)
    mine = (accounts_table.c.number == link.account) & accounts_table.c.revoked_ms.is_(None)
    found = connection.execute(select(accounts_table).where(mine)).first()
    return None if found is None else Link(account_from(found), found.login)


def digest_of(token: str) -> str:
    """The stored form of a token, by which it is looked up, so that no comparison leaks how much of a guess is
    right."""
    return hashlib.blake2b(token.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


def _read_links(connection: Connection) -> dict[str, tuple[int, Link]]:
    has_first = has_administrator(connection)
    joined = select(links_table.c.digest, links_table.c.expires_ms, links_table.c.account.label("of"), accounts_table)
    rows = connection.execute(joined.outerjoin_from(links_table, accounts_table, _is_of_link)).all()
    found: dict[str, tuple[int, Link]] = {}
    for row in rows:
        if row.of is None and not has_first:
            found[row.digest] = row.expires_ms, Link(None, None)
        elif row.of is not None and row.number is not None:
            found[row.digest] = row.expires_ms, Link(account_from(row), row.login)
    return found


_is_of_link = (accounts_table.c.number == links_table.c.account) & accounts_table.c.revoked_ms.is_(None)
