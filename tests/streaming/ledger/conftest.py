"""A ledger on a real SQLite file, and its clock."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from streaming.ledger.ledger import Ledger
from tests.worlds.clocks import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(1_000)


@pytest.fixture
def ledger(tmp_path: Path, clock: Clock) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db", now_ms=clock, rows_queued_max=100)
    ledger.open()
    yield ledger
    ledger.close()
