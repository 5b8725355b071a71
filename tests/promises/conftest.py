"""What several promises stand on."""

from pathlib import Path

import pytest

from tests.worlds.power import build


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The disk that may fail, see tests/worlds/power.py."""
    return build(tmp_path_factory.mktemp("power"))
