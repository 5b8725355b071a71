"""What a process has that reads something from outside."""

import json
import subprocess
import sys

import pytest

from dashboard.apart import OPTIONS, environment
from tests.suite import ROOT
from tests.worlds.probe import LIMITS


def test_nothing_that_the_server_was_started_with_is_passed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIEMCAU_METRICS_TOKEN", "secret")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/opt/lib")
    assert environment() == {"LC_ALL": "C.UTF-8", "LD_LIBRARY_PATH": "/opt/lib"}


def test_a_bound_process_writes_into_no_file_and_has_so_much_and_no_more() -> None:
    command = [sys.executable, *OPTIONS, "-m", "tests.worlds.probe", "bounds"]
    said = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)
    assert said == LIMITS | {"file": "File too large", "memory": "none"}
