"""The log of sign-ins and refused tries: who, when and from where."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Column, Integer, String, Table, select
from sqlalchemy.engine import Connection

from server.auth.roles import Account
from server.folder.admin_file import metadata

SIGN_INS_MAX = 10_000
"""Rows kept of accounts; the oldest are dropped."""
STRANGERS_MAX = 1_000
"""Rows kept of unknown logins; bounded apart, so that many guesses do not push out the rows of accounts."""
NOBODY = "?"
"""Stored instead of an unknown login, because people sometimes type their password there."""

sign_ins_table = Table(
    "sign_ins",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("login", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("address", String, nullable=False),
    Column("account", Integer),
    sqlite_autoincrement=True,
)


class Outcome(StrEnum):
    """How a sign-in ended."""

    SIGNED_IN = "signed_in"
    REFUSED = "refused"
    LINK_USED = "link_used"


@dataclass(frozen=True)
class SignIn:
    """One row: ``account`` is None for an unknown login."""

    at_ms: int
    login: str
    outcome: Outcome
    address: str
    account: int | None


def note(
    connection: Connection, at_ms: int, login: str, outcome: Outcome, address: str, account: Account | None
) -> None:
    """Write a row, and drop the oldest beyond the bound."""
    number = None if account is None else account.number
    row = {
        "at_ms": at_ms, "login": NOBODY if account is None else login, "outcome": outcome.value, "address": address,
        "account": number,
    }  # fmt: skip
    connection.execute(sign_ins_table.insert().values(row))
    table = sign_ins_table.c
    is_alike = table.account.is_(None) if account is None else table.account.is_not(None)
    most = STRANGERS_MAX if account is None else SIGN_INS_MAX
    last = select(table.number).where(is_alike).order_by(table.number.desc()).limit(1).offset(most)
    connection.execute(sign_ins_table.delete().where(is_alike & (table.number <= last.scalar_subquery())))


def latest(connection: Connection, most: int) -> list[SignIn]:
    """The latest rows, newest first."""
    rows = connection.execute(select(sign_ins_table).order_by(sign_ins_table.c.number.desc()).limit(most))
    return [SignIn(row.at_ms, row.login, Outcome(row.outcome), row.address, row.account) for row in rows]


def came_from(connection: Connection) -> set[str]:
    """The addresses from which anybody has signed in, SIGN_INS_MAX at most."""
    table = sign_ins_table.c
    asked = select(table.address).where(table.outcome != Outcome.REFUSED.value).distinct()
    return set(connection.execute(asked).scalars())
