"""Rows that a disk has changed inside a page that SQLite takes for sound: told by `check`, and by a start."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from server.folder.soundness import faults
from tests.worlds.data_folder import fill
from tests.worlds.process import run

BODIES = (bytes(20), b"\xff\xfe", b'{"kind":"comp', b'{"kind":"completed"}')


def change(data: Path, body: bytes) -> int:
    """Give the first participation another body; returns its row."""
    with closing(sqlite3.connect(data / "ledger.db")) as db, db:
        (seq,) = db.execute("SELECT min(seq) FROM rows WHERE type = 'participation'").fetchone()
        db.execute("UPDATE rows SET body = ? WHERE seq = ?", (body, seq))
    return int(seq)


def without_checkpoint(data: Path) -> None:
    (data / "ledger.checkpoint").unlink(missing_ok=True)


def with_checkpoint(_data: Path) -> None:
    """As it was left."""


def test_a_sound_folder_has_no_fault(tmp_path: Path) -> None:
    assert faults(fill(tmp_path / "data")) == []


@pytest.mark.parametrize("body", BODIES, ids=repr)
def test_check_tells_of_a_row_that_is_not_as_it_was_written(tmp_path: Path, body: bytes) -> None:
    data = fill(tmp_path / "data")
    change(data, body)
    (fault,) = faults(data)
    assert fault.startswith(f"{data / 'ledger.db'}: a row up to ")
    assert "restore the newest backup" in fault


@pytest.mark.parametrize("make", [without_checkpoint, with_checkpoint])
def test_a_start_says_which_file_which_row_and_what_to_do(tmp_path: Path, make: Callable[[Path], None]) -> None:
    data = fill(tmp_path / "data")
    seq = change(data, bytes(20))
    make(data)
    said = run("serve", "--data", data, "--port", "0", "--contest", "tests/contests/bon-cap")
    assert said.returncode == 1
    last = said.stderr.splitlines()[-1]
    assert f"{data / 'ledger.db'}: row {seq}: a participation row that cannot be read" in last
    assert "restore the newest backup" in last
