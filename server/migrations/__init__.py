"""The data files' schemas, step by step: ``ledger`` (ledger.db, rehearsal.db) and ``admin`` (admin.db)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal, cast

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from streaming.errors import LedgerUnavailable
from streaming.ledger.sqlite import error_code, make_engine, told
from streaming.ledger.wal import abandon, carry_all_over

LOCK_TIMEOUT_S = 5.0
PLACE = Path(__file__).parent

Schema = Literal["ledger", "admin"]


def migrate(path: Path, schema: Schema) -> None:
    """Bring a data file, made if need be, to the newest schema. Nobody else may have it open for writing.

    Raises:
        LedgerUnavailable: If the file cannot be opened or is no database of ours.
    """
    engine = make_engine(path, "rwc", lock_timeout_s=LOCK_TIMEOUT_S)
    # The driver by itself begins nothing before a CREATE TABLE: a kill would leave half a schema that no start mends.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(engine, "connect", _set_up)
    try:
        with _connected(engine) as connection:
            with connection.begin():
                if _revision(connection) != max(known_revisions(schema)):
                    _upgrade(connection, schema)
            carry_all_over(cast("sqlite3.Connection", connection.connection.driver_connection))
    except (DBAPIError, sqlite3.Error) as error:
        raise LedgerUnavailable(told(path, error)) from error
    finally:
        engine.dispose()


@cache
def known_revisions(schema: Schema) -> frozenset[str]:
    """The revisions of a schema that this version can open; any other was made by a later one."""
    return frozenset(step.name.partition("_")[0] for step in (PLACE / schema / "versions").glob("[0-9]*.py"))


def _revision(connection: Connection) -> str | None:
    """The revision that a file is at; None of one that is empty."""
    tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
    if "alembic_version" not in {*tables}:
        return None
    found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return found


def _upgrade(connection: Connection, schema: Schema) -> None:
    # A third of the time in which a command starts, for which a file at the newest schema need not wait.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(PLACE / schema).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    """A connection that is closed afterwards, but not where the disk has failed: see ``abandon``."""
    connection = engine.connect()
    has_disk_failed = False
    try:
        yield connection
    except (DBAPIError, sqlite3.Error) as error:
        has_disk_failed = error_code(getattr(error, "orig", error)) & 0xFF == sqlite3.SQLITE_IOERR
        raise
    finally:
        if has_disk_failed:
            abandon(connection)
        else:
            connection.close()


def _set_up(connection: sqlite3.Connection, _record: object) -> None:
    for pragma in ("synchronous=EXTRA", "wal_autocheckpoint=0"):
        connection.execute(f"PRAGMA {pragma}")
