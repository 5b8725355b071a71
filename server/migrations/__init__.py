"""The data files' schemas, step by step: ``ledger`` (ledger.db, rehearsal.db) and ``admin`` (admin.db)."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal, cast

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from streaming.errors import LedgerUnavailable
from streaming.ledger.sqlite import error_code, make_engine, told
from streaming.ledger.wal import abandon, carry_all_over

LOCK_TIMEOUT_S = 5.0

Schema = Literal["ledger", "admin"]


def migrate(path: Path, schema: Schema) -> None:
    """Bring a data file, made if need be, to the newest schema. Nobody else may have it open for writing.

    Raises:
        LedgerUnavailable: If the file cannot be opened or is no database of ours.
    """
    config = _config(schema)
    engine = make_engine(path, "rwc", lock_timeout_s=LOCK_TIMEOUT_S)
    # The driver by itself begins nothing before a CREATE TABLE: a kill would leave half a schema that no start mends.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    event.listen(engine, "connect", _set_up)
    try:
        with _connected(engine) as connection:
            with connection.begin():
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
            carry_all_over(cast("sqlite3.Connection", connection.connection.driver_connection))
    except (DBAPIError, sqlite3.Error) as error:
        raise LedgerUnavailable(told(path, error)) from error
    finally:
        engine.dispose()


@cache
def known_revisions(schema: Schema) -> frozenset[str]:
    """The revisions of a schema that this version can open; any other was made by a later one."""
    return frozenset(each.revision for each in ScriptDirectory.from_config(_config(schema)).walk_revisions())


def _config(schema: Schema) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / schema).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


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
