"""Runs the JavaScript tests, ``tests/**/*.test.js``, each file with ``node --test``."""

import subprocess

import pytest

from tests.suite import ROOT
from tests.worlds.node import find_node

FILES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.test.js"))
NODE_WAIT_S = 60


@pytest.mark.parametrize("file", FILES)
def test_javascript(file: str) -> None:
    node = find_node()
    if node is None:
        pytest.skip("no Node.js on this machine (Debian: apt install nodejs)")
    done = subprocess.run(
        [node, "--test", file], cwd=ROOT, capture_output=True, text=True, check=False, timeout=NODE_WAIT_S
    )
    assert done.returncode == 0, done.stdout + done.stderr
