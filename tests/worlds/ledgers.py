"""Drafts for a ledger, and disks under it that hang or take nothing."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import pytest
from sqlalchemy.exc import OperationalError

from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import Draft

WAIT_S = 20.0


def draft(id_: str | None, digest: bytes = b"same", by: str = "web") -> Draft:
    return Draft("participation", by, id_, digest, b"{}")


def pragma(ledger: Ledger, name: str) -> Any:
    """Ask or set a pragma of the connection that writes."""
    connection = ledger._storage._connection
    assert connection is not None
    try:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()
    finally:
        connection.commit()


@contextmanager
def unwritable(ledger: Ledger) -> Iterator[None]:
    """The ledger's file is locked by another program, for which it does not wait long."""
    pragma(ledger, "busy_timeout = 20")
    other = sqlite3.connect(ledger.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


def raise_full(*_: object) -> NoReturn:
    """Refuse a statement as a full disk does."""
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise OperationalError("INSERT", None, error)


class Disk:
    """A disk that hangs in the middle of a commit until it is let go on."""

    def __init__(self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
        self._hangs, self._goes_on = threading.Event(), threading.Event()
        self._store: Any = ledger._storage.store
        monkeypatch.setattr(ledger._storage, "store", self._slow)

    def _slow(self, *given: Any) -> Any:
        if given[0]:
            self._hangs.set()
            assert self._goes_on.wait(WAIT_S)
        return self._store(*given)

    async def hangs(self) -> None:
        """Return when a commit hangs."""
        assert await asyncio.to_thread(self._hangs.wait, WAIT_S)

    def go_on(self) -> None:
        self._goes_on.set()


@contextmanager
def hanging(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """The disk hangs in the middle of a commit until the end."""
    with monkeypatch.context() as patched:
        disk = Disk(ledger, patched)
        try:
            yield disk
        finally:
            disk.go_on()
