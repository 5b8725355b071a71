"""The rule that CI skips nothing, seen on a small suite of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.suite import ROOT

SKIPS = """
import pytest

def test_wants_a_tool():
    pytest.skip("no zither on this machine")

@pytest.mark.xfail(strict=True)
def test_is_expected_to_fail():
    assert False
"""
SKIPS_WHOLE = """
import pytest

pytest.skip("no lute on this machine", allow_module_level=True)
"""


def run(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    clean = {name: value for name, value in os.environ.items() if name not in {"CI", "DIEMCAU_CI"}}
    command = [sys.executable, "-m", "pytest", "-p", "tests.no_skips", "-p", "no:cacheprovider", "-ra", "-c"]
    (folder / "pytest.ini").write_text("[pytest]\n")
    return subprocess.run(
        [*command, str(folder / "pytest.ini"), str(folder)],
        cwd=ROOT,
        env={**clean, "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_person_s_machine_may_skip(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(SKIPS)
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "1 skipped, 1 xfailed" in done.stdout.splitlines()[-1]


@pytest.mark.parametrize("environ", [{"CI": "true"}, {"DIEMCAU_CI": "1"}])
def test_ci_fails_what_was_skipped_and_says_why(tmp_path: Path, environ: dict[str, str]) -> None:
    (tmp_path / "test_one.py").write_text(SKIPS)
    done = run(tmp_path, **environ)
    assert done.returncode == 1, done.stdout
    assert "no zither on this machine" in done.stdout
    assert "1 failed, 1 xfailed" in done.stdout.splitlines()[-1]


def test_ci_fails_a_module_that_was_skipped_whole(tmp_path: Path) -> None:
    (tmp_path / "test_whole.py").write_text(SKIPS_WHOLE)
    done = run(tmp_path, CI="true")
    assert done.returncode != 0, done.stdout
    assert "no lute on this machine" in done.stdout
