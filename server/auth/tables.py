"""The tables of people in ``admin.db``: accounts, their sessions, and the links by which they take a password."""

from typing import Any

from sqlalchemy import Column, Integer, Row, String, Table, select
from sqlalchemy.engine import Connection

from server.auth.roles import Account, Role
from server.folder.admin_file import metadata

accounts_table = Table(
    "accounts",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("login", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("unit", String),
    Column("password", String),
    Column("totp", String),
    Column("totp_step", Integer, nullable=False),
    Column("made_ms", Integer, nullable=False),
    Column("revoked_ms", Integer),
    Column("output", String),
    sqlite_autoincrement=True,
)
sessions_table = Table(
    "sessions",
    metadata,
    Column("digest", String, primary_key=True),
    Column("account", Integer, nullable=False),
    Column("made_ms", Integer, nullable=False),
    Column("seen_ms", Integer, nullable=False),
    Column("expires_ms", Integer, nullable=False),
    Column("address", String, nullable=False),
    Column("agent", String, nullable=False),
    Column("revoked_ms", Integer),
)
links_table = Table(
    "links",
    metadata,
    Column("digest", String, primary_key=True),
    Column("account", Integer),
    Column("made_ms", Integer, nullable=False),
    Column("expires_ms", Integer, nullable=False),
)


def account_from(row: Row[Any]) -> Account:
    """The account of a row of the table."""
    return Account(row.number, row.name, Role(row.role), row.unit, row.output)


def has_administrator(connection: Connection) -> bool:
    """Whether an administrator is in force who has taken a password."""
    table = accounts_table.c
    able = (table.role == Role.ADMINISTRATOR.value) & table.revoked_ms.is_(None) & table.password.is_not(None)
    return connection.execute(select(table.number).where(able)).first() is not None
