"""Accounts: the people of the control room and the points.

They stand in ``admin.db``. An administrator never sets a password: making or resetting an account gives a one-time
link, and its holder chooses one.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.engine import Connection

from server.auth.links import FIRST_LINK_TTL_S, LINK_TTL_S, Link, LiveLinks, digest_of, link_of, make_link
from server.auth.roles import Account, Role
from server.auth.tables import account_from, accounts_table, has_administrator, links_table, sessions_table
from server.clock import wall_ms
from server.folder.admin_file import AdminFile
from streaming.contests.units import Tree
from streaming.errors import DiemCauError, shown
from streaming.program.names import NAMES_SAID, is_name

LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LOGIN_FORM = "2 to 40 lower-case letters without marks, digits, full stops, hyphens"
NAME_CHARS_MAX = 80
ACCOUNTS_MAX = 2_000
"""In force at once: a province has some two hundred points."""


class AccountError(DiemCauError):
    """An account that cannot be made or changed as asked. ``code`` is the text that a page shows for it."""

    def __init__(self, code: str, detail: str) -> None:
        self.code = code
        super().__init__(detail)


@dataclass(frozen=True)
class Listed:
    """An account as lists show it: never its secrets."""

    account: Account
    login: str
    made_ms: int
    revoked_ms: int | None
    has_password: bool
    has_totp: bool


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against: the password's hash, the phone's secret and its last used step."""

    account: Account
    login: str
    password: str | None
    totp: str | None
    totp_step: int


class Accounts:
    """The accounts of one data folder. All methods but ``names`` and ``find_link`` block; a server calls them in a
    thread."""

    def __init__(
        self,
        path: Path,
        *,
        now_ms: Callable[[], int] = wall_ms,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = AdminFile(path, now_ms=now_ms, monotonic_s=monotonic_s)
        self._names: Mapping[int, str] = {}
        # Names and links are each reloaded when the file has changed, so each has its own watcher.
        self._links = LiveLinks(path, now_ms, monotonic_s)

    def make(self) -> None:
        """Make the file, or bring it to the newest schema."""
        self._file.make()

    # Making and ending accounts: administrators, and the command line.

    def add(self, login: str, name: str, role: Role, unit: str | None, tree: Tree, *, output: str | None = None) -> str:
        """Make an account without a password; returns the token of the link by which its holder takes one. The
        ``output`` of a director need not be there yet.

        Raises:
            AccountError: If the login is not of LOGIN's form or in use, the name is empty or too long, the unit is
                missing, needless or none of the contest's, or the output is missing, needless or cannot be.
        """
        _check(login, name, role, unit, output, tree)
        with self._file.begin() as connection:
            if _in_force(connection, login) is not None:
                raise AccountError("login_taken", f"login {shown(login)}: an account of this login is in force already")
            asked = select(func.count()).select_from(accounts_table).where(accounts_table.c.revoked_ms.is_(None))
            if connection.execute(asked).scalar_one() >= ACCOUNTS_MAX:
                raise AccountError("too_many", f"expected {ACCOUNTS_MAX} accounts in force at most; revoke one first")
            number = _insert(connection, login, name.strip(), role, (unit, output), None, self._file.now_ms())
            return make_link(connection, number, LINK_TTL_S, self._file.now_ms())

    def reset(self, number: int) -> str:
        """Clear an account's password, phone, sessions and links; returns the token of a new link.

        Raises:
            AccountError: If no account of this number is in force.
        """
        with self._file.begin() as connection:
            self._ended(connection, number, password=None, totp=None)
            return make_link(connection, number, LINK_TTL_S, self._file.now_ms())

    def revoke(self, number: int) -> None:
        """End an account, for good, with its sessions and links.

        Raises:
            AccountError: If no account of this number is in force.
        """
        with self._file.begin() as connection:
            self._ended(connection, number, password=None, totp=None, revoked_ms=self._file.now_ms())

    def _ended(self, connection: Connection, number: int, **values: object) -> None:
        mine = (accounts_table.c.number == number) & accounts_table.c.revoked_ms.is_(None)
        if not connection.execute(accounts_table.update().where(mine).values(values)).rowcount:
            raise AccountError("no_account", f"there is no account number {number} in force")
        end_sessions(connection, number, self._file.now_ms())
        connection.execute(links_table.delete().where(links_table.c.account == number))

    def number_of(self, login: str) -> int:
        """The number of the account in force of a login.

        Raises:
            AccountError: If there is none.
        """
        with self._file.look() as connection:
            found = _in_force(connection, login)
        if found is None:
            raise AccountError("no_account", f"there is no account of login {shown(login)} in force")
        return int(found.number)

    def list(self) -> list[Listed]:
        """Every account, those in force first, by login."""
        with self._file.look() as connection:
            order = (accounts_table.c.revoked_ms.is_not(None), accounts_table.c.login, accounts_table.c.number)
            rows = connection.execute(select(accounts_table).order_by(*order)).all()
        return [_listed(row) for row in rows]

    # One-time links.

    def first_link(self) -> str | None:
        """The token of a new link for the first administrator, the earlier ones ended; None if there is one already."""
        with self._file.begin() as connection:
            if has_administrator(connection):
                return None
            connection.execute(links_table.delete().where(links_table.c.account.is_(None)))
            return make_link(connection, None, FIRST_LINK_TTL_S, self._file.now_ms())

    def link(self, token: str) -> Link | None:
        """The link of a token, None for one that is wrong, used or expired. Looking does not use it."""
        with self._file.look() as connection:
            return link_of(connection, token, self._file.now_ms())

    def find_link(self, token: str) -> Link | None:
        """The same from memory, at most REFRESH_S old. Never blocks, because anybody may ask as often as they like."""
        return self._links.find(token)

    def use_link(self, token: str, password: str, *, login: str = "", name: str = "") -> Account:
        """Use a link: store its account's password hash; ``login`` and ``name`` are the first administrator's.

        Raises:
            AccountError: If the link was used meanwhile, or if login or name is not allowed; then the link stays valid.
        """
        now_ms = self._file.now_ms()
        with self._file.begin() as connection:
            link = link_of(connection, token, self._file.now_ms())
            if link is None:
                raise AccountError("link_gone", "this link has been used or is too old")
            if link.account is None:
                _check(login, name, Role.ADMINISTRATOR, None, None, None)
                if _in_force(connection, login) is not None:
                    raise AccountError("login_taken", f"login {shown(login)}: an account of this login is in force")
                number = _insert(connection, login, name.strip(), Role.ADMINISTRATOR, (None, None), password, now_ms)
                account = Account(number, name.strip(), Role.ADMINISTRATOR)
            else:
                account = link.account
                mine = accounts_table.c.number == account.number
                connection.execute(accounts_table.update().where(mine).values(password=password))
                end_sessions(connection, account.number, now_ms)
            connection.execute(links_table.delete().where(links_table.c.digest == digest_of(token)))
        self._links.forget(token)
        return account

    # One's own account.

    def credentials(self, login: str) -> Credentials | None:
        """What the account in force of a login is proved with, None if there is none."""
        with self._file.look() as connection:
            return _credentials(_in_force(connection, login))

    def credentials_of(self, number: int) -> Credentials | None:
        """The same, by number."""
        with self._file.look() as connection:
            mine = (accounts_table.c.number == number) & accounts_table.c.revoked_ms.is_(None)
            return _credentials(connection.execute(select(accounts_table).where(mine)).first())

    def change(self, credentials: Credentials, **values: str | int | None) -> bool:
        """Change password, totp or totp_step, unless the account was changed since the credentials; whether it was."""
        with self._file.begin() as connection:
            return change(connection, credentials, **values)

    # Names to show beside account numbers.

    def names(self) -> Mapping[int, str]:
        """Every account's name by its number, those revoked included; never waits."""
        found = self._file.read_if_changed(_read_names)
        if found is not None:
            self._names = found
        return self._names


def change(connection: Connection, credentials: Credentials, **values: str | int | None) -> bool:
    """Change an account unless it was reset, revoked or changed since its credentials were read; whether it did."""
    table = accounts_table.c
    as_read = (
        (table.number == credentials.account.number)
        & table.revoked_ms.is_(None)
        & table.password.is_not_distinct_from(credentials.password)
        & table.totp.is_not_distinct_from(credentials.totp)
        & (table.totp_step == credentials.totp_step)
    )
    return connection.execute(accounts_table.update().where(as_read).values(values)).rowcount == 1


def end_sessions(connection: Connection, number: int, now_ms: int, *, but: str = "") -> None:
    """End every session of an account except the one with a given digest."""
    table = sessions_table.c
    mine = (table.account == number) & table.revoked_ms.is_(None) & (table.digest != but)
    connection.execute(sessions_table.update().where(mine).values(revoked_ms=now_ms))


def _listed(row: Row[Any]) -> Listed:
    secrets_kept = row.password is not None, row.totp is not None
    return Listed(account_from(row), row.login, row.made_ms, row.revoked_ms, *secrets_kept)


def _check(login: str, name: str, role: Role, unit: str | None, output: str | None, tree: Tree | None) -> None:
    if not LOGIN.fullmatch(login):
        raise AccountError("login_form", f"login {shown(login)}: expected {LOGIN_FORM}")
    if not 1 <= len(name.strip()) <= NAME_CHARS_MAX or not name.isprintable():
        raise AccountError("name_form", f"name {shown(name)}: expected 1 to {NAME_CHARS_MAX} characters")
    if (unit is not None) != (role is Role.POINT):
        raise AccountError("unit_of_point", "unit: expected for the role point, and for no other")
    if unit is not None and (tree is None or unit not in tree):
        raise AccountError("unknown_unit", f"unit {shown(unit)}: expected the code of a unit of the contest")
    if (output is not None) != (role is Role.DIRECTOR):
        raise AccountError("output_of_director", "output: expected for the role director, and for no other")
    if output is not None and not is_name(output):
        raise AccountError("unknown_output", f"output {shown(output)}: expected {NAMES_SAID}")


def _insert(
    connection: Connection,
    login: str,
    name: str,
    role: Role,
    of: tuple[str | None, str | None],
    password: str | None,
    now_ms: int,
) -> int:
    unit, output = of
    row = {
        "login": login, "name": name, "role": role.value, "unit": unit, "output": output, "password": password,
        "totp": None, "totp_step": 0, "made_ms": now_ms, "revoked_ms": None,
    }  # fmt: skip
    made = connection.execute(accounts_table.insert().values(row).returning(accounts_table.c.number))
    return int(made.scalar_one())


def _in_force(connection: Connection, login: str) -> Row[Any] | None:
    mine = (accounts_table.c.login == login) & accounts_table.c.revoked_ms.is_(None)
    return connection.execute(select(accounts_table).where(mine)).first()


def _credentials(row: Row[Any] | None) -> Credentials | None:
    return None if row is None else Credentials(account_from(row), row.login, row.password, row.totp, row.totp_step)


def _read_names(connection: Connection) -> dict[int, str]:
    return {row.number: row.name for row in connection.execute(select(accounts_table.c.number, accounts_table.c.name))}
