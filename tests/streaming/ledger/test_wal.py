"""The ledger's writer carries its log over into the file, as soon and as far as readers let it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from streaming.ledger import wal
from streaming.ledger.sqlite import address
from streaming.ledger.tables import set_up_writer
from streaming.ledger.wal import LOOK_S, Wal, carry_all_over
from tests.worlds.clocks import Stopwatch

PAGES = 20


class File:
    """A file with one table, and its log."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = Stopwatch()
        self.wal = Wal(path, monotonic_s=self.clock)
        self.writer = sqlite3.connect(address(path, "rwc"), uri=True, isolation_level=None)
        set_up_writer(self.writer, None)
        self.writer.execute("CREATE TABLE t (x)")

    def write(self, pages: int) -> None:
        """Commit so many pages, and a few more, and carry over what is due."""
        self.writer.execute("INSERT INTO t VALUES (?)", (b"x" * 4096 * pages,))
        self.clock.s += LOOK_S
        self.wal.carry_over(self.writer)

    @property
    def log_bytes(self) -> int:
        return self.wal.path.stat().st_size

    @property
    def file_bytes(self) -> int:
        return self.path.stat().st_size

    def reader(self) -> sqlite3.Connection:
        """A connection that holds on to the file as it is now."""
        reader = sqlite3.connect(address(self.path, "ro"), uri=True, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM t").fetchone()
        return reader


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[File]:
    monkeypatch.setattr(wal, "WAL_PAGES_MAX", PAGES)
    monkeypatch.setattr(wal, "WAL_PAGES_WAIT", 4 * PAGES)
    monkeypatch.setattr(wal, "READERS_WAIT_MS", 1)
    file = File(tmp_path / "t.db")
    yield file
    file.writer.close()


def test_the_log_is_carried_over_when_it_is_long_enough_and_begins_anew(file: File) -> None:
    assert not file.wal.is_due
    file.write(PAGES // 2)
    small = file.file_bytes
    file.write(PAGES // 2)
    assert file.file_bytes > small
    assert not file.wal.is_due, "what has been carried over is not counted again"
    lengths = set()
    for _ in range(20):
        file.write(PAGES // 2)
        lengths.add(file.log_bytes)
    assert max(lengths) < 3 * PAGES * 4120, "it is written over from its beginning"
    assert file.file_bytes > 15 * (PAGES // 2) * 4096


def test_a_commit_carries_nothing_over_by_itself(file: File) -> None:
    file.writer.execute("INSERT INTO t VALUES (?)", (b"x" * 4096 * 1_100,))
    assert file.file_bytes < 4096 * 10
    assert file.wal.is_due


def test_a_reader_that_holds_on_is_waited_for_ever_more_seldom_and_told_of(file: File) -> None:
    asked: list[str] = []
    file.writer.set_trace_callback(asked.append)
    with closing(file.reader()), capture_logs() as told:
        for _ in range(40):
            file.write(PAGES)
    file.writer.set_trace_callback(None)
    warnings = [each["pages"] for each in told]
    assert len(warnings) in {3, 4}, "at 80 pages, and at twice of it, and so on"
    assert warnings == sorted(warnings)
    assert sum("RESTART" in sql for sql in asked) == len(warnings), "each time readers are waited for"
    file.write(PAGES)
    file.write(1)
    assert file.file_bytes > 40 * PAGES * 4096
    length = file.log_bytes
    for _ in range(10):
        file.write(PAGES)
    assert file.log_bytes == length, "it has begun anew"


def test_a_log_that_has_grown_is_cut_when_it_begins_anew(file: File, monkeypatch: pytest.MonkeyPatch) -> None:
    file.writer.execute(f"PRAGMA journal_size_limit={8 * PAGES * 4096}")
    with closing(file.reader()):
        for _ in range(40):
            file.write(PAGES)
    assert file.log_bytes > 40 * PAGES * 4096
    for _ in range(3):
        file.write(PAGES)
    assert file.log_bytes <= 8 * PAGES * 4096
    assert wal.WAL_BYTES_KEPT == 64 * 2**20
    assert f"journal_size_limit={wal.WAL_BYTES_KEPT}" in wal.PRAGMAS


def test_a_disk_without_room_is_tried_again_after_a_while_and_loses_nothing(file: File) -> None:
    class Full:
        def __init__(self) -> None:
            self.tries = 0

        def execute(self, _sql: str) -> None:
            self.tries += 1
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error

    file.writer.execute("INSERT INTO t VALUES (?)", (b"x" * 4096 * PAGES,))
    full = Full()
    for _ in range(3):
        file.wal.carry_over(full)  # type: ignore[arg-type] # of a connection only this is asked
        file.clock.s += LOOK_S
    assert full.tries == 1
    file.clock.s = wal.NO_ROOM_RETRY_S
    file.wal.carry_over(full)  # type: ignore[arg-type] # the same
    assert full.tries == 2
    file.clock.s = 2 * wal.NO_ROOM_RETRY_S
    before = file.file_bytes
    file.wal.carry_over(file.writer)
    assert file.file_bytes > before


def test_all_is_carried_over_unless_somebody_reads(file: File) -> None:
    file.writer.execute("INSERT INTO t VALUES (1)")
    file.writer.execute("PRAGMA busy_timeout=1")
    with closing(file.reader()):
        assert not carry_all_over(file.writer)
    assert carry_all_over(file.writer)
    assert file.log_bytes == 0
