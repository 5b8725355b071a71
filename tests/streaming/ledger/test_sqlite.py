"""The address of an SQLite file is that very file, whatever is in its name."""

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from streaming.ledger.sqlite import address, lacks_what_is_asked, make_engine, reading
from tests.suite import ROOT

NAMES = [
    "a#b.db",
    "a?b.db",
    "a%20b.db",
    "a%23b.db",
    "?mode=memory&x=.db",
    "a b.db",
    "số liệu.db",
    "file:x.db",
    "'\"\\.db",
    os.fsdecode(b"\xff.db"),
]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_made_and_read_under_its_own_name_and_no_other(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    for mode, sql in (("rwc", "CREATE TABLE t (x)"), ("rw", "INSERT INTO t VALUES (7)")):
        engine = make_engine(folder / name, mode, lock_timeout_s=1)  # type: ignore[arg-type] # one of its modes
        with engine.begin() as connection:
            connection.exec_driver_sql(sql)
        engine.dispose()
    engine = make_engine(folder / name, "ro", lock_timeout_s=1)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT x FROM t").scalar() == 7
    engine.dispose()
    assert [each.name for each in tmp_path.iterdir()] == [name]
    assert [each.name for each in folder.iterdir()] == [name]


def test_a_name_from_the_folder_in_which_one_stands_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sqlite3.connect(address(Path("a#b.db"), "rwc"), uri=True).close()
    assert [each.name for each in tmp_path.iterdir()] == ["a#b.db"]


@pytest.mark.parametrize("mode", ["ro", "rw"])
def test_what_is_not_there_is_not_made(tmp_path: Path, mode: str) -> None:
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        sqlite3.connect(address(tmp_path / "gone.db", mode), uri=True)  # type: ignore[arg-type] # one of its modes
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("sql", "lacks"),
    [
        ("SELECT x FROM gone", True),
        ("SELECT gone FROM t", True),
        ("INSERT INTO gone VALUES (1)", True),
        ("SELECT gone(x) FROM t", False),
        ("SELEC no such table", False),
        ("INSERT INTO t VALUES ('no such table')", False),
    ],
)
def test_a_table_or_column_that_is_not_there_is_told_from_other_errors(
    tmp_path: Path, sql: str, *, lacks: bool
) -> None:
    engine = make_engine(tmp_path / "a.db", "rwc", lock_timeout_s=1)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (x CHECK (x <> 'no such table'))")
    with pytest.raises(DBAPIError) as caught, engine.begin() as connection:
        connection.exec_driver_sql(sql)
    engine.dispose()
    assert [lacks_what_is_asked(each) for each in (caught.value, caught.value.orig)] == [lacks] * 2
    assert not lacks_what_is_asked(None)
    assert not lacks_what_is_asked(OSError("no such table"))


def test_who_reads_a_file_beside_its_writer_gives_up_none_of_the_writers_locks(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    writer = sqlite3.connect(address(path, "rwc"), uri=True, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("CREATE TABLE t (x)")
    sqlite3.connect(address(path, reading(path)), uri=True).close()
    # Another program that lets go of the file deletes the log only if nobody else has the file open.
    other = f"import sqlite3; it = sqlite3.connect({str(path)!r}); it.execute('BEGIN IMMEDIATE'); it.close()"
    subprocess.run([sys.executable, "-c", other], check=True, timeout=30)
    assert Path(f"{path}-wal").exists()
    writer.close()


def test_no_other_place_makes_an_address() -> None:
    pattern = re.compile(r"sqlite:///|[\"']file:(?!//)|\bcreate_engine\(")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for folder in ("streaming", "server", "dashboard", "docs", "tests")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md"} and path not in {ROOT / "streaming" / "ledger" / "sqlite.py", Path(__file__)}
        for line in path.read_text(encoding="utf-8").splitlines()
        if pattern.search(line)
    ]
    assert found == []
