"""Where the whole suite has tests make their files, and what it does with tests that failed beside others."""

import os
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.suite import ROOM_BYTES, Failures, alone, work_in_memory


def test_what_fails_alone_too_has_failed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "test_two.py"
    path.write_text("def test_good() -> None: pass\n\n\ndef test_bad() -> None: raise AssertionError\n", "utf-8")
    assert alone([f"{path}::test_good"]) == 0
    assert alone([f"{path}::test_good", f"{path}::test_bad"]) == 1
    assert "run again alone" in capfd.readouterr().err


def test_each_test_that_failed_or_could_not_begin_is_noted_once() -> None:
    report = SimpleNamespace
    stats = {
        "failed": [report(nodeid="a"), report(nodeid="b")],
        "error": [report(nodeid="b")],
        "passed": [report(nodeid="c")],
    }
    failures = Failures()
    failures.pytest_terminal_summary(cast("pytest.TerminalReporter", SimpleNamespace(stats=stats)))
    assert failures.names == ["a", "b"]


def test_files_stand_in_memory_where_there_is_room_and_nobody_has_said_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", None)

    def placed(*, room: int = 0, flags: int = 0, said: str | None = None, memory: Path = tmp_path) -> str | None:
        monkeypatch.delenv("TMPDIR", raising=False)
        if said is not None:
            monkeypatch.setenv("TMPDIR", said)
        found = SimpleNamespace(f_bavail=room // 4_096, f_frsize=4_096, f_flag=flags)
        monkeypatch.setattr(os, "statvfs", lambda _path: found)
        work_in_memory(memory)
        return os.environ.get("TMPDIR")

    assert placed(room=ROOM_BYTES) == str(tmp_path) == tempfile.gettempdir()
    assert placed(room=ROOM_BYTES, said="/elsewhere") == "/elsewhere"
    assert placed(room=ROOM_BYTES - 4_096) is None
    assert placed(room=ROOM_BYTES, flags=os.ST_NOEXEC) is None
    assert placed(room=ROOM_BYTES, memory=tmp_path / "none") is None
