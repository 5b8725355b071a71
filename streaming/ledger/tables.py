"""The ledger's tables, and the statements that fill them."""

import sqlite3
from collections.abc import Sequence
from itertools import chain

from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint
from sqlalchemy.engine import Connection

from streaming.ledger.rows import Draft, Outcome, Row
from streaming.ledger.wal import PRAGMAS

KEYS_LOOKED_UP_AT_ONCE = 400

metadata = MetaData()
rows_table = Table(
    "rows",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("type", String, nullable=False),
    Column("received_ms", Integer, nullable=False),
    Column("by", String, nullable=False),
    Column("id", String),
    Column("digest", LargeBinary),
    Column("body", LargeBinary, nullable=False),
    Column("chain", LargeBinary),
    UniqueConstraint("by", "id"),
)
meta_table = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))

ROWS_PER_STATEMENT = (512, 256, 128, 64, 32, 16, 8, 4, 2, 1)
"""Rows are inserted many to a statement: the writer needs the interpreter's lock once for each statement, and
while the event loop is busy it waits for it every time. A few sizes, so that SQLite keeps the statements compiled."""


def _insert_statement(rows: int) -> str:
    values = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?)"] * rows)
    columns = 'seq, type, received_ms, "by", id, digest, body, chain'
    return f'INSERT INTO rows ({columns}) VALUES {values} ON CONFLICT ("by", id) DO NOTHING'  # noqa: S608 - only marks


_INSERTS = {rows: _insert_statement(rows) for rows in ROWS_PER_STATEMENT}


def set_up_writer(connection: sqlite3.Connection, _record: object) -> None:
    """Make a connection the writing one; see ``PRAGMAS``."""
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def insert_rows(connection: Connection, rows: list[Row], link: bytes) -> int:
    """Insert the rows, the last with the chained hash ``link``; returns how many were new, which is short of all at the
    first statement that met an old one."""
    # The hash rides along with a row, for a statement of its own would wait for the interpreter's lock once more.
    values_of = [(*row, None) for row in rows[:-1]] + [(*rows[-1], link)]
    start = new = 0
    for size in ROWS_PER_STATEMENT:
        while len(rows) - start >= size:
            values = tuple(chain.from_iterable(values_of[start : start + size]))
            start += size
            new += connection.exec_driver_sql(_INSERTS[size], values).rowcount
            if new < start:
                return new
    return new


def sort_out(connection: Connection, drafts: Sequence[Draft]) -> list[Outcome]:
    """What each draft is, beside the rows that are there and the drafts before it: new, a repeat, or in conflict."""
    keys = list({(draft.by, draft.id) for draft in drafts if draft.id is not None})
    known: dict[tuple[str, str | None], bytes | None] = {}
    for start in range(0, len(keys), KEYS_LOOKED_UP_AT_ONCE):
        part = keys[start : start + KEYS_LOOKED_UP_AT_ONCE]
        marks = ", ".join(["(?, ?)"] * len(part))
        sql = f'SELECT "by", id, digest FROM rows WHERE ("by", id) IN (VALUES {marks})'  # noqa: S608 - only marks
        found = connection.exec_driver_sql(sql, tuple(value for key in part for value in key))
        known |= {(by, id_): digest for by, id_, digest in found}
    outcomes: list[Outcome] = []
    for draft in drafts:
        key = (draft.by, draft.id)
        if draft.id is None or key not in known:
            outcomes.append("accepted")
            known[key] = draft.digest
        else:
            outcomes.append("duplicate" if known[key] == draft.digest else "conflict")
    return outcomes
