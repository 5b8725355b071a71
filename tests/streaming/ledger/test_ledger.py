"""The ledger on a real SQLite file."""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from streaming.errors import LedgerBusy, LedgerUnavailable
from streaming.ledger.jumps import JUMP_MS_MIN
from streaming.ledger.ledger import FIRST_WAITING_MAX, Ledger, LedgerPending
from streaming.ledger.rows import Draft, Row
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


def draft(id_: str | None, digest: bytes = b"same", by: str = "web") -> Draft:
    return Draft("participation", by, id_, digest, b"{}")


async def test_rows_are_counted_from_one_without_a_gap_and_told_before_the_append_returns(ledger: Ledger) -> None:
    told: list[Row] = []
    ledger.on_rows = told.extend
    appended = await ledger.append([draft("a"), draft("b")])
    assert appended == (["accepted", "accepted"], [1, 2], 2)
    assert [row.seq for row in told] == [1, 2]
    assert list(ledger.read()) == told


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


async def test_fifty_clients_that_send_the_same_id_at_once_store_it_once(ledger: Ledger) -> None:
    answers = await asyncio.gather(*(ledger.append([draft("a")]) for _ in range(50)))
    assert sorted(answer.outcomes[0] for answer in answers) == ["accepted"] + ["duplicate"] * 49
    assert len(list(ledger.read())) == 1


async def test_a_clock_that_is_slewed_back_is_waited_out(ledger: Ledger, clock: Clock) -> None:
    for ms in (5_000, 5_000 - JUMP_MS_MIN, 6_000):
        clock.ms = ms
        await ledger.append([draft(str(ms))])
    assert [row.received_ms for row in ledger.read()] == [5_000, 5_000, 6_000]


async def test_a_clock_that_is_set_back_is_followed_from_a_row_on_that_says_so(ledger: Ledger, clock: Clock) -> None:
    answers = []
    for ms in (5_000, 3_000, 3_500):
        clock.ms = ms
        answers.append(await ledger.append([draft(str(ms)), draft("5000")]))
    assert [(row.seq, row.received_ms, row.type, row.id) for row in ledger.read()] == [
        (1, 5_000, "participation", "5000"),
        (2, 3_000, "clock", None),
        (3, 3_000, "participation", "3000"),
        (4, 3_500, "participation", "3500"),
    ]
    assert next(iter(ledger.read(after=1))).body == b'{"jump":{"from":5000,"to":3000}}'
    assert [answer.seqs for answer in answers] == [[1, None], [3, None], [4, None]]
    assert [answer.outcomes for answer in answers] == [["accepted", "duplicate"]] * 3
    assert (ledger.head, ledger.last_received_ms) == (4, 3_500)


async def test_a_commit_of_nothing_new_follows_the_clock_too(ledger: Ledger, clock: Clock) -> None:
    for drafts in ([draft("a")], [draft("a")], []):
        answer = await ledger.append(drafts)
        assert (answer.seqs, answer.seq) == ([1] if clock.ms == 1_000 else [None] * len(drafts), ledger.head)
        clock.ms -= 2 * JUMP_MS_MIN
    assert [(row.type, row.received_ms) for row in ledger.read()] == [
        ("participation", 1_000), ("clock", -1_000), ("clock", -3_000)
    ]  # fmt: skip


async def test_a_jump_is_from_what_the_clock_would_tell_if_nobody_had_set_it(tmp_path: Path, clock: Clock) -> None:
    ledger = Ledger(tmp_path / "ledger.db", now_ms=clock, moved_ms=lambda: clock.set_by_ms)
    ledger.open()
    await ledger.append([draft("a")])
    clock.ms += 40_000  # without a row
    clock.set(-90_000)
    await ledger.append([draft("b")])
    clock.ms += 5_000
    await ledger.append([draft("c")])
    assert [row.body for row in ledger.read() if row.type == "clock"] == [b'{"jump":{"from":41000,"to":-49000}}']
    ledger.close()


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


async def test_read_stops_at_the_row_asked_for(ledger: Ledger) -> None:
    await ledger.append([draft(str(index)) for index in range(10)])
    assert [row.seq for row in ledger.read(after=2, upto=5)] == [3, 4, 5]


def test_every_commit_is_synced(ledger: Ledger) -> None:
    assert ledger._connection is not None
    assert ledger._connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    assert ledger._connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    ledger._connection.commit()


async def test_a_full_queue_stores_nothing_and_says_so(ledger: Ledger) -> None:
    with pytest.raises(LedgerBusy, match="0 rows wait to be written"):
        await ledger.append([draft(str(index)) for index in range(101)])
    assert ledger.head == 0
    assert (await ledger.append([draft("a")])).seq == 1


async def test_a_locked_file_stores_nothing_and_works_again_when_it_is_free(ledger: Ledger, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LedgerUnavailable, match="another program holds a lock on it"):
        await ledger.append([draft("a")])
    other.execute("ROLLBACK")
    other.close()
    assert (await ledger.append([draft("a")])).outcomes == ["accepted"]
    assert not ledger.failed.is_set()


async def test_what_must_be_written_first_waits_in_memory_and_comes_before_all_others(
    ledger: Ledger, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    first = [ledger.append_first([draft(id_)]) for id_ in ("f1", "f2")]
    with pytest.raises(LedgerUnavailable, match="another program holds a lock on it"):
        await ledger.append([draft("a")])
    assert not any(task.done() for task in first)
    other.execute("ROLLBACK")
    other.close()
    await ledger.append([draft("a")])
    assert [(await task).seqs for task in first] == [[1], [2]]
    assert [row.id for row in ledger.read()] == ["f1", "f2", "a"]
    assert ledger.rows_queued == 0


async def test_what_must_be_written_first_is_tried_again_also_when_nothing_else_comes(
    ledger: Ledger, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    first = ledger.append_first([draft("f1")])
    await asyncio.sleep(0)
    other.execute("ROLLBACK")
    other.close()
    assert (await asyncio.wait_for(first, 10)).seqs == [1]


async def test_only_so_much_waits_to_be_written_first_and_a_closed_ledger_lets_nobody_wait(
    ledger: Ledger, tmp_path: Path
) -> None:
    other = sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    first = [ledger.append_first([draft(f"f{n}")]) for n in range(FIRST_WAITING_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(LedgerBusy, match="50 decisions wait"):
        ledger.append_first([draft("g")])
    await asyncio.to_thread(ledger.close)
    for task in first:
        with pytest.raises(LedgerUnavailable, match="the ledger is closed"):
            await task
    with pytest.raises(LedgerUnavailable, match="the ledger is closed"):
        ledger.append_first([draft("g")])
    other.close()


async def test_what_was_given_up_while_the_disk_hung_is_not_written_later(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, goes_on = threading.Event(), threading.Event()
    insert = ledger._insert

    def slow(*given: Any) -> Any:
        hangs.set()
        assert goes_on.wait(10)
        return insert(*given)

    monkeypatch.setattr(ledger, "_insert", slow)
    with monkeypatch.context() as patience:
        patience.setattr("streaming.ledger.ledger.APPEND_TIMEOUT_S", 0.05)
        begun = asyncio.create_task(ledger.append([draft("begun")]))
        await asyncio.to_thread(hangs.wait, 10)
        with pytest.raises(LedgerUnavailable, match="no commit within"):
            await ledger.append([draft("queued")])
        with pytest.raises(LedgerUnavailable, match="no commit within"):
            await begun
    refusals = [ledger.refusal]
    goes_on.set()
    await ledger.append([draft("next")])
    assert [row.id for row in ledger.read()] == ["begun", "next"]
    assert [*refusals, ledger.refusal] == ["no commit within 0.05 s", None]
    assert ledger.rows_queued == 0


async def test_a_barrier_passes_once_all_that_was_appended_before_it_is_stored(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await ledger.barrier() == 0
    with hanging(ledger, monkeypatch) as hangs:
        begun = asyncio.create_task(ledger.append([draft("begun")]))
        await asyncio.to_thread(hangs.wait, 10)
        queued = asyncio.create_task(ledger.append([draft("queued")]))
        with pytest.raises(LedgerUnavailable, match=r"no commit within 0\.05 s"):
            await ledger.barrier(0.05)
        passed = asyncio.create_task(ledger.barrier())
        await asyncio.sleep(0)
    assert await passed == 2
    assert begun.done()
    assert queued.done()


@contextmanager
def hanging(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The disk hangs in the middle of a commit, which the event tells, until the end."""
    hangs, goes_on = threading.Event(), threading.Event()
    insert = ledger._insert

    def slow(*given: Any) -> Any:
        if given[1]:
            hangs.set()
            assert goes_on.wait(10)
        return insert(*given)

    with monkeypatch.context() as patched:
        patched.setattr(ledger, "_insert", slow)
        try:
            yield hangs
        finally:
            goes_on.set()


async def test_of_rows_that_were_not_begun_with_in_time_it_is_certain_that_they_are_never_written(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hanging(ledger, monkeypatch) as hangs:
        begun = asyncio.create_task(ledger.append([draft("begun")]))
        await asyncio.to_thread(hangs.wait, 10)
        with pytest.raises(LedgerUnavailable, match=r"no commit within 0\.05 s"):
            await ledger.append_within(0.05, [draft("queued")])
        gone = asyncio.create_task(ledger.append_within(10, [draft("cancelled")]))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
    await begun
    assert (await ledger.append_within(10, [draft("next")])).seqs == [2]
    assert [row.id for row in ledger.read()] == ["begun", "next"]
    assert (ledger.refusal, ledger.rows_queued) == (None, 0)


async def test_of_rows_that_were_begun_with_it_is_told_later_what_became_of_them(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hanging(ledger, monkeypatch), pytest.raises(LedgerPending, match=r"no commit within 0\.05 s") as pending:
        await ledger.append_within(0.05, [draft("a")])
    assert (await pending.value.written).seqs == [1]
    ledger.close()
    with pytest.raises(LedgerUnavailable, match="closed"):
        await ledger.append_within(10, [draft("b")])


async def test_what_is_given_up_and_what_is_begun_with_are_two_things_at_whatever_moment(ledger: Ledger) -> None:
    told: dict[str, str] = {}
    late: list[asyncio.Future[Any]] = []
    for number in range(300):
        name = f"e{number}"
        try:
            await ledger.append_within(number % 30 / 100_000, [draft(name)])
            told[name] = "written"
        except LedgerUnavailable:
            told[name] = "never"
        except LedgerPending as pending:
            told[name] = "pending"
            late.append(pending.written)
    await asyncio.gather(*late)
    written = {row.id for row in ledger.read()}
    assert {name for name, outcome in told.items() if outcome != "never"} == written
    assert len(written) == ledger.head


async def test_a_full_disk_stores_nothing_half_and_works_again_when_there_is_room(ledger: Ledger) -> None:
    await ledger.append([draft("a")])
    assert ledger._connection is not None
    pages = ledger._connection.exec_driver_sql("PRAGMA page_count").scalar()
    ledger._connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    ledger._connection.commit()
    big = Draft("participation", "web", "big", b"", b"x" * 100_000)
    with pytest.raises(LedgerUnavailable, match="the disk is full"):
        await ledger.append([draft("b"), big])
    assert [row.id for row in ledger.read()] == ["a"]
    ledger._connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    ledger._connection.commit()
    assert (await ledger.append([draft("b"), big])).seqs == [2, 3]


async def test_a_failed_sync_ends_all_acknowledging(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
        raise __import__("sqlalchemy").exc.OperationalError("COMMIT", None, error)

    monkeypatch.setattr(ledger, "_insert", broken)
    with pytest.raises(LedgerUnavailable, match="cannot be written"):
        await ledger.append([draft("a")])
    monkeypatch.undo()
    await asyncio.wait_for(ledger.failed.wait(), 5)
    with pytest.raises(LedgerUnavailable, match="disk I/O error"):
        await ledger.append([draft("b")])


async def test_a_dead_writer_is_noticed(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    thread = ledger._thread
    assert thread is not None
    monkeypatch.setattr(ledger, "_insert", broken)
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    with pytest.raises(LedgerUnavailable, match=r"its writer died \(ZeroDivisionError\)"):
        await ledger.append([draft("a")])
    await asyncio.wait_for(ledger.failed.wait(), 5)
    await asyncio.to_thread(thread.join, 5)  # before the hook that keeps quiet about its error is taken away


async def test_a_closed_ledger_refuses(tmp_path: Path, clock: Clock) -> None:
    ledger = Ledger(tmp_path / "ledger.db", now_ms=clock)
    ledger.open()
    ledger.close()
    with pytest.raises(LedgerUnavailable, match="the ledger is closed"):
        await ledger.append([draft("a")])


def test_what_is_no_database_is_refused_by_name(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "ledger.db").write_bytes(b"this is not a database at all, but it is long enough to look at")
    with pytest.raises(LedgerUnavailable, match=r"ledger\.db: file is not a database"):
        Ledger(tmp_path / "ledger.db", now_ms=clock).open()


def test_start_up_and_the_command_line_append_without_a_loop(ledger: Ledger) -> None:
    assert ledger.append_now([draft("a")]).seqs == [1]
    assert ledger.append_now([draft("a", b"other")]).outcomes == ["conflict"]


class Watched(Ledger):
    """A ledger that notes which threads change the count of what waits."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.changed_by: set[str] = set()
        super().__init__(path, now_ms=clock)

    @property
    def rows_queued(self) -> int:
        return self._rows_queued

    @rows_queued.setter
    def rows_queued(self, count: int) -> None:
        self.changed_by.add(threading.current_thread().name)
        self._rows_queued = count


async def test_the_count_of_what_waits_is_changed_by_the_loop_alone_so_no_change_is_lost(
    tmp_path: Path, clock: Clock
) -> None:
    ledger = Watched(tmp_path / "ledger.db", clock)
    ledger.open()
    waits = asyncio.to_thread(ledger.append_now, [draft("now")])
    await asyncio.gather(ledger.append([draft("a")]), ledger.append_first([draft("b")]), waits)
    await asyncio.to_thread(ledger.note_restore)
    await ledger.append([draft("c")])
    assert ledger.changed_by == {threading.current_thread().name}
    assert ledger.rows_queued == 0
    ledger.close()
