"""A ledger's file: each row once, synced, all or nothing, and what its errors mean."""

import asyncio
import sqlite3
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from streaming.errors import LedgerUnavailable
from streaming.ledger import sqlite_storage
from streaming.ledger.head import Head
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import Draft
from streaming.ledger.sqlite_storage import SqliteStorage
from streaming.ledger.storage import StorageRefused
from tests.worlds.clocks import Clock
from tests.worlds.ledgers import draft, pragma, raise_full, unwritable


async def test_the_same_id_is_a_duplicate_or_a_conflict_also_within_one_batch(ledger: Ledger) -> None:
    await ledger.append([draft("a"), draft("b")])
    appended = await ledger.append([draft("a"), draft("c"), draft("b", b"other"), draft("c"), draft("c", b"other")])
    assert appended.outcomes == ["duplicate", "accepted", "conflict", "duplicate", "conflict"]
    assert appended.seqs == [None, 3, None, None, None]
    assert [(row.seq, row.id) for row in ledger.read()] == [(1, "a"), (2, "b"), (3, "c")]


async def test_an_id_is_unique_within_its_source_only(ledger: Ledger) -> None:
    appended = await ledger.append([draft("a", by="web"), draft("a", by="bao")])
    assert appended.outcomes == ["accepted", "accepted"]


async def test_rows_without_an_id_never_collide(ledger: Ledger) -> None:
    appended = await ledger.append([draft(None), draft(None), draft("a")])
    assert appended.seqs == [1, 2, 3]


async def test_a_ledger_opened_again_goes_on_where_it_was(tmp_path: Path, clock: Clock) -> None:
    first = Ledger(tmp_path / "ledger.db", now_ms=clock)
    first.open()
    await first.append([draft("a")])
    first.close()
    again = Ledger(tmp_path / "ledger.db", now_ms=clock)
    again.open()
    assert (again.id, again.head, again.last_received_ms) == (first.id, 1, 1_000)
    assert (await again.append([draft("a"), draft("b")])).outcomes == ["duplicate", "accepted"]
    again.close()


def test_every_commit_is_synced(ledger: Ledger) -> None:
    assert pragma(ledger, "synchronous") == 2
    assert pragma(ledger, "journal_mode") == "wal"


async def test_a_locked_file_stores_nothing_and_works_again_when_it_is_free(ledger: Ledger) -> None:
    with unwritable(ledger), pytest.raises(LedgerUnavailable, match="another program holds a lock on it"):
        await ledger.append([draft("a")])
    assert (await ledger.append([draft("a")])).outcomes == ["accepted"]
    assert not ledger.failed.is_set()


async def test_a_full_disk_stores_nothing_half_and_works_again_when_there_is_room(ledger: Ledger) -> None:
    await ledger.append([draft("a")])
    pages = pragma(ledger, "page_count")
    pragma(ledger, f"max_page_count={pages}")
    big = Draft("participation", "web", "big", b"", b"x" * 100_000)
    with pytest.raises(LedgerUnavailable, match="the disk is full"):
        await ledger.append([draft("b"), big])
    assert [row.id for row in ledger.read()] == ["a"]
    pragma(ledger, "max_page_count=1000000")
    assert (await ledger.append([draft("b"), big])).seqs == [2, 3]


async def test_a_failed_sync_ends_all_acknowledging(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise OperationalError("COMMIT", None, error)

    monkeypatch.setattr(sqlite_storage, "insert_rows", broken)
    with pytest.raises(LedgerUnavailable, match="cannot be written"):
        await ledger.append([draft("a")])
    monkeypatch.undo()
    await asyncio.wait_for(ledger.failed.wait(), 20)
    with pytest.raises(LedgerUnavailable, match="disk I/O error"):
        await ledger.append([draft("b")])


def test_a_restore_is_counted_together_with_the_rows_of_its_commit_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = SqliteStorage(tmp_path / "ledger.db")
    storage.open()
    rows_after = partial(Head().rows_after, now_ms=1, unset_ms=1)
    with monkeypatch.context() as patched:
        patched.setattr(sqlite_storage, "insert_rows", raise_full)
        with pytest.raises(StorageRefused, match="the disk is full"):
            storage.store([draft("a")], rows_after, 1)
    storage.close()
    assert storage.open().restores == 0
    assert storage.store([draft("a"), draft("a")], rows_after, 1).outcomes == ["accepted", "duplicate"]
    storage.close()
    opened = storage.open()
    assert (opened.restores, opened.head.seq) == (1, 1)
    storage.close()


def test_what_is_no_database_is_refused_by_name(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "ledger.db").write_bytes(b"this is not a database at all, but it is long enough to look at")
    with pytest.raises(LedgerUnavailable, match=r"ledger\.db: file is not a database"):
        Ledger(tmp_path / "ledger.db", now_ms=clock).open()
