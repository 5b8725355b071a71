"""A ledger whose file is removed or replaced under it acknowledges nothing more, and says which file it was."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from streaming.errors import LedgerUnavailable
from streaming.ledger import place
from streaming.ledger.ledger import Ledger
from streaming.ledger.reader import Reader
from streaming.ledger.rows import Draft

WAIT_S = 20.0


def draft(id_: str) -> Draft:
    return Draft("participation", "web", id_, b"digest", b"{}")


def remove(path: Path) -> None:
    path.unlink()


def replace(path: Path) -> None:
    copy = path.with_name("copy")
    shutil.copy(path, copy)
    copy.replace(path)


def move_folder(path: Path) -> None:
    path.parent.rename(path.parent.with_name("elsewhere"))


@pytest.fixture
async def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ledger]:
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setattr(place, "LOOK_S", 0)
    ledger = Ledger(folder / "ledger.db", now_ms=lambda: 1)
    ledger.open()
    await ledger.append([draft("first")])
    yield ledger
    ledger.close()


TAKEN = pytest.mark.parametrize(
    ("name", "take", "happened"),
    [
        ("ledger.db", remove, "ledger.db was removed"),
        ("ledger.db", replace, "ledger.db was replaced by another file"),
        ("ledger.db-wal", remove, "ledger.db-wal was removed"),
        ("ledger.db-wal", replace, "ledger.db-wal was replaced by another file"),
        ("ledger.db-shm", remove, "ledger.db-shm was removed"),
        ("ledger.db", move_folder, "ledger.db was removed"),
    ],
)


@TAKEN
async def test_what_would_be_in_a_file_that_is_gone_is_not_acknowledged(
    ledger: Ledger, name: str, take: Callable[[Path], None], happened: str
) -> None:
    take(ledger.path.with_name(name))
    with capture_logs() as logs:
        with pytest.raises(LedgerUnavailable, match=f"ledger.db: {happened} while the server ran"):
            await ledger.append([draft("second")])
        await asyncio.wait_for(ledger.until_failed(), WAIT_S)
    assert [(each["log_level"], each["event"]) for each in logs] == [("critical", "ledger failed")]
    for append in (ledger.append([draft("third")]), ledger.append_within(1, [draft("third")])):
        with pytest.raises(LedgerUnavailable, match=happened):
            await append


@TAKEN
async def test_a_ledger_that_has_nothing_to_write_sees_it_too(
    ledger: Ledger, name: str, take: Callable[[Path], None], happened: str
) -> None:
    take(ledger.path.with_name(name))
    await asyncio.wait_for(ledger.until_failed(), WAIT_S)
    assert ledger.failure == f"{happened} while the server ran"


async def test_rows_of_a_wal_that_was_removed_are_in_the_file_once_it_is_closed(ledger: Ledger) -> None:
    ledger.path.with_name("ledger.db-wal").unlink()
    with pytest.raises(LedgerUnavailable):
        await ledger.append([draft("second")])
    ledger.close()
    assert next(row.id for row in Reader(ledger.path).read()) == "first"


async def test_a_file_that_stays_where_it_is_takes_rows(ledger: Ledger) -> None:
    shutil.copy(ledger.path, ledger.path.with_name("copy.db"))
    assert (await ledger.append([draft("second")])).outcomes == ["accepted"]
    assert ledger.failure is None


def test_the_files_beside_are_looked_at_every_second_and_the_file_each_time(tmp_path: Path) -> None:
    for name in ("ledger.db", "ledger.db-wal"):
        (tmp_path / name).touch()
    seconds = [0.0]
    stands = place.Place(tmp_path / "ledger.db", lambda: seconds[0])
    assert stands.left() is None
    (tmp_path / "ledger.db-wal").unlink()
    assert stands.left() is None
    seconds[0] = place.LOOK_S
    assert stands.left() == "ledger.db-wal was removed while the server ran"
    (tmp_path / "ledger.db").unlink()
    assert stands.left() == "ledger.db was removed while the server ran"
