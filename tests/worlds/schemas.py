"""What the migrations make of an empty file, asked of them once in a process: tests make thousands of such files."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
from sqlalchemy.engine import Connection

from server import migrations
from server.migrations import Schema
from streaming.ledger.sqlite import make_engine

_upgrade = migrations._upgrade


@contextmanager
def quick_schemas() -> Iterator[None]:
    """Let this process make new data files by what the migrations made of the first one."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(migrations, "_upgrade", upgrade)
        yield


@contextmanager
def real_migrations() -> Iterator[None]:
    """Within ``quick_schemas``, run every migration for every file."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(migrations, "_upgrade", _upgrade)
        yield


def upgrade(connection: Connection, schema: Schema) -> None:
    """Bring a file to the newest schema."""
    if connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar():
        _upgrade(connection, schema)
        return
    for statement in _made(schema):
        connection.exec_driver_sql(statement)


@cache
def _made(schema: Schema) -> tuple[str, ...]:
    """The statements that make the newest schema, with what the migrations write into it."""
    with TemporaryDirectory() as folder:
        engine = make_engine(Path(folder) / f"{schema}.db", "rwc", lock_timeout_s=1)
        with engine.begin() as connection:
            _upgrade(connection, schema)
        with engine.connect() as connection:
            dump = [*cast("sqlite3.Connection", connection.connection.driver_connection).iterdump()]
        engine.dispose()
    assert (dump[0], dump[-1]) == ("BEGIN TRANSACTION;", "COMMIT;")
    return tuple(dump[1:-1])
