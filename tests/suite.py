"""What ``run.py test`` runs: every test there is, JavaScript's among them."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXIT_CODES = {pytest.ExitCode.OK: 0, pytest.ExitCode.USAGE_ERROR: 2}


def run_suite(arguments: Sequence[str]) -> int:
    """Run pytest with these arguments, paths taken from the project's root; return the exit code.

    ``node --test`` runs inside, as ``tests/test_javascript.py``, so that pytest's closing line counts it.
    """
    os.chdir(ROOT)
    return EXIT_CODES.get(pytest.ExitCode(pytest.main(list(arguments))), 1)
