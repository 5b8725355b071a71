"""A new data file in tests is what the migrations make of it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import get_args

import pytest

from server.migrations import Schema, migrate
from tests.worlds.schemas import real_migrations


@pytest.mark.parametrize("schema", get_args(Schema))
def test_a_new_file_is_as_the_migrations_make_it(tmp_path: Path, schema: Schema) -> None:
    quick, real = tmp_path / "quick.db", tmp_path / "real.db"
    migrate(quick, schema)
    with real_migrations():
        migrate(real, schema)
    assert contents(quick) == contents(real)
    assert ("alembic_version",) in contents(quick)[0]


def contents(path: Path) -> list[list[tuple[object, ...]]]:
    """The names of tables, what made them and all that stands in the file, and its PRAGMAs."""
    with closing(sqlite3.connect(path)) as db:
        tables = db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        made = db.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        rows = [db.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall() for (name,) in tables]  # noqa: S608
        kept = [
            db.execute(f"PRAGMA {name}").fetchall()
            for name in ("journal_mode", "page_size", "auto_vacuum", "encoding", "user_version", "application_id")
        ]
    return [tables, made, *rows, *kept]
