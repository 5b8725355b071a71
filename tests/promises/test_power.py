"""The power goes, or the disk fails: every row that was acknowledged is there afterwards, and the ledger opens."""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from server.ops.deadline import CLOSE_WITHIN_S
from streaming.ledger.sqlite import address
from tests.worlds.power_room import Room, starting
from tests.worlds.process import STOP_S, run

BATCHES_BEFORE = 6
"""Less than the log is carried over at."""


@pytest.fixture
def room(tmp_path: Path, library: Path) -> Iterator[Room]:
    with starting(tmp_path / "data", library) as room:
        yield room


def until(holds: Callable[[], bool]) -> None:
    """Wait for another process."""
    end_s = time.monotonic() + STOP_S
    while not holds():
        assert time.monotonic() < end_s
        time.sleep(0.05)


@pytest.mark.parametrize("seed", [None, 1])
def test_a_power_cut_loses_nothing_acknowledged(room: Room, seed: int | None) -> None:
    rng = None if seed is None else random.Random(seed)
    for _ in range(2):
        for _ in range(7):
            assert room.send(300) == 200
        room.cut(rng)
        room.serving.start()
    assert room.serving.stop() == 0
    room.is_all_there()


def test_after_a_failed_sync_of_the_file_nothing_more_is_acknowledged(room: Room) -> None:
    path = room.serving.data / "ledger.db"
    before = room.writes()
    for _ in range(BATCHES_BEFORE):
        assert room.send() == 200
    assert room.writes() == before
    with closing(sqlite3.connect(address(path, "ro"), uri=True, isolation_level=None)) as reader:
        # Up to what it sees the log is carried over, and that is not synced before the rest is.
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM rows").fetchone()
        room.send_until_file_is_written()
        room.disk.order("sync ledger.db EIO 1")
    code = room.ends()
    room.cut()
    assert code == 1
    assert "ledger.db: it cannot be written (disk I/O error, SQLITE_IOERR_FSYNC)" in room.last_line
    assert "look at the disk" in room.last_line
    room.disk.order()
    room.serving.start()
    assert room.send(1) == 200
    room.cut()


def test_what_follows_a_failed_sync_of_the_log_is_not_written_behind_a_gap(room: Room) -> None:
    room.disk.order("sync ledger.db-wal EIO 1")
    assert room.send(300) == 503
    assert room.process.wait(STOP_S) == 1
    assert "ledger.db: it cannot be written (disk I/O error, SQLITE_IOERR_FSYNC)" in room.last_line
    room.disk.order()
    # The rows that were not synced can be read, as the machine has not gone down; what comes now stands behind them.
    room.serving.kill()
    room.serving.start()
    assert room.send(300) == 200
    room.cut()


def test_a_sync_that_fails_while_the_server_ends_or_starts_is_told(room: Room) -> None:
    assert room.send(300) == 200
    room.disk.order("sync ledger.db EIO")
    assert room.serving.stop() == 1
    assert "ledger.db: it cannot be written (disk I/O error, SQLITE_IOERR_FSYNC); what was acknowledged is on disk" in (
        room.last_line
    )
    refused = run("serve", "--data", room.serving.data, "--port", "0", **room.disk.environment)
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1].startswith(
        f"run.py: {room.serving.data / 'ledger.db'}: disk I/O error; look"
    )
    room.cut()


def test_a_server_whose_disk_hangs_ends_when_it_is_told_to(room: Room) -> None:
    assert room.send(300) == 200
    room.serving.stop()
    room.serving.environment = {**room.serving.environment, "DIEMCAU_STOP_WITHIN_S": "1"}
    room.serving.start()
    room.disk.order("sync ledger.db-wal hang")
    sender = threading.Thread(target=room.send)
    sender.start()
    until(lambda: room.disk.has_seen("H", "ledger.db-wal"))
    room.process.terminate()
    assert room.process.wait(1 + CLOSE_WITHIN_S + STOP_S) == 1
    assert "the disk has not answered for" in room.last_line
    assert "what was acknowledged is on disk" in room.last_line
    sender.join()
    room.cut()
