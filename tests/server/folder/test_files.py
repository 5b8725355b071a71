"""The files of a data folder are for their owner alone, however they were made."""

import os
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from server.folder import files
from server.ops.doctor import check_files
from tests.worlds.apps import app_of, client_of, take
from tests.worlds.data_folder import fill, old
from tests.worlds.process import ROOT


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def modes(data: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in [data, *data.iterdir()]}


def test_every_file_of_a_new_folder_is_its_owners_alone_whatever_the_umask(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with umask(0o000):
        app = app_of(data)
        with client_of(app):
            take(app.state.live, [("P1D1X1", "completed", "a")])
            running = modes(data)
            app.state.live.pump.save()
        assert {"ledger.db-wal", "ledger.db-shm", "rehearsal.db-wal", "serve.lock", "admin.db"} <= running.keys()
        closed = modes(data)
        assert {"ledger.checkpoint", "rehearsal.checkpoint", "person.key"} <= closed.keys()
    for found in (running, closed):
        assert found.pop("data") == 0o700
        assert set(found.values()) == {0o600}, found


@pytest.mark.parametrize("make", [fill, old])
def test_a_folder_that_was_open_is_closed_at_the_start_with_one_line(
    tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    data = make(tmp_path / "data")
    for path in data.iterdir():
        path.chmod(0o644)
    data.chmod(0o755)
    looked = check_files(data)
    assert looked.verdict == "warn"
    assert "data, admin.db, ledger.checkpoint, ledger.db, person.key" in looked.found
    app = app_of(data)
    with capture_logs() as logs:
        app.open()
    assert [each["event"] for each in logs].count("data was open to others") == 1
    found = modes(data)
    assert found.pop("data") == 0o700
    assert set(found.values()) == {0o600}
    app.close()
    assert check_files(data).verdict == "ok"
    with capture_logs() as logs:
        app_of(data).open().close()
    assert "data was open to others" not in [each["event"] for each in logs]


def test_a_folder_that_holds_more_than_ours_is_not_locked_for_others(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "somebody's").mkdir()
    data = tmp_path
    (data / "letter.txt").touch(mode=0o644)
    (data / "ledger.db").touch(mode=0o644)
    files.close_to_others(data)
    found = modes(data) | {"somebody's": 0}
    assert found == {tmp_path.name: 0o755, "ledger.db": 0o600, "letter.txt": 0o644, "somebody's": 0}


def test_check_tells_what_a_start_would_refuse(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    (data / "ledger.db").unlink()
    looked = check_files(data)
    assert (looked.verdict, "ledger.db: it is missing" in looked.found) == ("fail", True)
    assert check_files(tmp_path / "none").verdict == "ok"


AS_MODES_SAY = """
import ctypes, os, sys
if os.geteuid() == 0:
    for capability in (1, 2):  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH: by them root writes where no mode lets it
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP, from the next program on
os.execv(sys.executable, [sys.executable, "-m", "server.cli", *sys.argv[1:]])
"""


def audited_by_somebody_who_may_not_write(data: Path) -> "subprocess.CompletedProcess[str]":
    """`audit` of a folder of which this process may write nothing, as on a medium that can only be read."""
    for path in data.iterdir():
        path.chmod(0o444)
    data.chmod(0o555)
    command = [sys.executable, "-c", AS_MODES_SAY, "audit", "--data", str(data)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_a_medium_that_can_only_be_read_is_audited(tmp_path: Path) -> None:
    data = fill(tmp_path / "data")
    assert not (data / "ledger.db-wal").exists()
    said = audited_by_somebody_who_may_not_write(data)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "OK  live" in said.stdout
    assert not (data / "ledger.db-shm").exists()


def test_rows_that_stand_in_a_wal_on_such_a_medium_are_never_left_out(tmp_path: Path) -> None:
    data = tmp_path / "data"
    app = app_of(data)
    with client_of(app):
        take(app.state.live, [("P1D1X1", "completed", "a")])
        copy = tmp_path / "copy"
        copy.mkdir()
        for name in ("ledger.db", "ledger.db-wal", "admin.db"):
            (copy / name).write_bytes((data / name).read_bytes())
    said = audited_by_somebody_who_may_not_write(copy)
    assert said.returncode == 1
    assert said.stderr.strip().endswith("copy the whole folder to a disk that may be, and name the copy")
    assert "ledger.db: rows stand in ledger.db-wal beside it" in said.stderr
