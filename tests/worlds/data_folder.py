"""Data folders: filled and closed in order, of before there were marks, and what a start says to them."""

import atexit
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from click.testing import CliRunner, Result

from server.auth.roles import Role
from server.cli import cli
from streaming.errors import LedgerMismatch, LedgerUnavailable
from streaming.ledger.rows import Draft
from tests.suite import ROOT
from tests.worlds.apps import app_of, client_of, take
from tests.worlds.people import account, sign_in

OLD = ROOT / "tests" / "data_folders" / "3170cff"


def run_in(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--data", str(data)])


@cache
def filled(nth: int) -> Path:
    """A folder as ``fill`` copies it; ``nth`` folders are there."""
    data = Path(mkdtemp()) / f"data {nth}"
    atexit.register(shutil.rmtree, data.parent)
    app = app_of(data)
    with client_of(app) as client:
        account(app, "lan", Role.ADMINISTRATOR)
        binh = account(app, "binh", Role.OPERATOR)
        assert sign_in(client, "binh") == 303
        app.state.sources.add("web")
        take(app.state.live, [("P1D1X1", "completed", person) for person in ("a", "b", "c")])
        hold = b'{"kind":"hold","unit":"P2"}'
        app.state.live.ledger.append_now([Draft("decision", f"account:{binh.number}", None, None, hold)])
        take(app.state.rehearsal, [("P1D1X1", "completed", "a")])
    return data


def fill(data: Path) -> Path:
    """A data folder with three people, two accounts and a decision of the second, closed in order: one that is called
    "other" is another, all else are copies of one."""
    shutil.copytree(filled(1 if data.name == "other" else 0), data)
    return data


def old(data: Path) -> Path:
    """One of before there were marks."""
    shutil.copytree(OLD, data)
    (data / "expected.json").unlink()
    return data


def refused(data: Path, *parts: str) -> None:
    """The start is refused with all of these words, twice, and changes no file."""
    before = contents(data)
    for _ in range(2):
        with pytest.raises((LedgerMismatch, LedgerUnavailable)) as caught:
            app_of(data).open()
        assert "\n" not in str(caught.value)
        for part in parts:
            assert part in str(caught.value)
    assert contents(data) == before


def contents(data: Path) -> dict[str, bytes]:
    ours = {path.name: path for path in data.iterdir() if not path.name.endswith(("-wal", "-shm", ".lock"))}
    return {name: path.read_bytes() for name, path in ours.items() if path.is_file()}


def opens(data: Path) -> None:
    app = app_of(data)
    app.open()
    app.close()


def audit(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["audit", "--data", str(data), *arguments])
