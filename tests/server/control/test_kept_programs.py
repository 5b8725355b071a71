"""What is on air is kept after it acts: of many takes the last, over faults of the file, and never an older one."""

import asyncio
import sqlite3
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from server.control.kept_programs import SLOW_S, KeptPrograms
from server.folder.files import ADMIN_FILE
from streaming.ledger.rows import SYSTEM
from streaming.program.program import next_take
from streaming.topics.state import Take
from tests.worlds.apps import app_of
from tests.worlds.clocks import Stopwatch

FIRST = next_take(SYSTEM, "standby", {}, 1_000, after=None)
SECOND = next_take("account:1", "live", {"lead": "started", "steps": (1, 5)}, 2_000, after=FIRST)
THIRD = next_take("account:2", "trend", {}, 3_000, after=SECOND)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    app = app_of(tmp_path)
    app.open()
    app.close()
    with sqlite3.connect(tmp_path / ADMIN_FILE) as db:
        db.execute("DELETE FROM programs")
    return tmp_path / ADMIN_FILE


def kept_in(path: Path, store: str = "live", contest: str = "thu") -> KeptPrograms:
    return KeptPrograms(path, store, contest, monotonic_s=Stopwatch())


def break_(path: Path) -> None:
    path.rename(path.with_suffix(".away"))


def mend(path: Path) -> None:
    path.with_suffix(".away").rename(path)


async def test_the_last_of_many_takes_is_written_and_read_back_as_it_was(path: Path) -> None:
    kept = kept_in(path)
    assert kept.read("hall") is None
    for take in (FIRST, SECOND, THIRD, SECOND):
        kept.keep("hall", take)
    assert await kept.write()
    assert kept_in(path).read("hall") == SECOND
    assert kept.fault is None


async def test_a_take_that_comes_while_another_is_written_is_written_after_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, put = kept_in(path), KeptPrograms._put
    goes_on, written = threading.Event(), []

    def slow(self: KeptPrograms, taken: Mapping[str, Take]) -> str | None:
        goes_on.wait()
        written.append(dict(taken))
        return put(self, taken)

    monkeypatch.setattr(KeptPrograms, "_put", slow)
    kept.keep("hall", FIRST)
    first = asyncio.create_task(kept.write())
    await asyncio.sleep(0)
    kept.keep("hall", SECOND)
    kept.keep("hall", THIRD)
    goes_on.set()
    assert await first
    assert await kept.write()
    assert written == [{"hall": FIRST}, {"hall": THIRD}]
    assert kept_in(path).read("hall") == THIRD


async def test_a_write_that_fails_is_a_fault_without_the_folder_until_it_is_made_good(path: Path) -> None:
    kept = kept_in(path)
    break_(path)
    kept.keep("hall", SECOND)
    assert kept.fault is None
    assert not await kept.write()
    assert kept.fault is not None
    assert kept.fault.startswith("admin.db: ")
    assert str(path.parent) not in kept.fault
    mend(path)
    assert await kept.write()
    assert kept.fault is None
    assert kept_in(path).read("hall") == SECOND


async def test_a_disk_that_does_not_answer_is_a_fault_too(path: Path) -> None:
    watch = Stopwatch()
    kept = KeptPrograms(path, "live", "thu", monotonic_s=watch)
    kept.keep("hall", SECOND)
    watch.s = SLOW_S
    assert kept.fault is None
    watch.s += 0.1
    assert kept.fault == "admin.db: no commit within 5 s"


async def test_an_older_take_never_comes_over_a_later_one(path: Path) -> None:
    late, early = kept_in(path), kept_in(path)
    late.keep("hall", THIRD)
    early.keep("hall", SECOND)
    assert await late.write()
    assert await early.write()
    assert kept_in(path).read("hall") == THIRD


def test_what_waits_is_written_at_the_end(path: Path) -> None:
    kept = kept_in(path)
    kept.keep("hall", THIRD)
    kept.close()
    assert kept_in(path).read("hall") == THIRD


async def test_each_store_has_its_own_and_another_contest_none(path: Path) -> None:
    for store, take in (("live", SECOND), ("rehearsal", THIRD)):
        kept = kept_in(path, store)
        kept.keep("hall", take)
        assert await kept.write()
    assert kept_in(path).read("hall") == SECOND
    assert kept_in(path, "rehearsal").read("hall") == THIRD
    assert kept_in(path, contest="khac").read("hall") is None


@pytest.mark.parametrize("text", ["", "{}", '{"version": 1}', "[1"])
async def test_what_cannot_be_read_is_none(path: Path, text: str) -> None:
    kept = kept_in(path)
    kept.keep("hall", SECOND)
    assert await kept.write()
    with sqlite3.connect(path) as db:
        db.execute("UPDATE programs SET take = ?", (text,))
    assert kept_in(path).read("hall") is None


async def test_what_cannot_be_gone_on_from_keeps_nothing_out(path: Path) -> None:
    kept = kept_in(path)
    kept.keep("hall", THIRD)
    assert await kept.write()
    after = kept_in(path, contest="khac")
    assert after.read("hall") is None
    after.keep("hall", FIRST)
    assert await after.write()
    assert kept_in(path, contest="khac").read("hall") == FIRST
