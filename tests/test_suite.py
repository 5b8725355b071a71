"""What the whole suite does with tests that failed beside others."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.suite import Failures, alone


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
