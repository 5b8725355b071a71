"""The ledger: rows on disk, each once, in one order.

SQLite in WAL mode with ``synchronous=FULL``: a commit returns after its sync. One thread owns the one read-write
connection, for SQLite before 3.51.3 can lose commits when two connections write or checkpoint; readers are read-only.
What waits is written in one transaction (group commit), so that one sync acknowledges many. Once they are told, the
same thread carries the log over into the file where it is due.
"""

import asyncio
import queue
import secrets
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import structlog
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from streaming.errors import LedgerBusy, LedgerError, LedgerUnavailable
from streaming.ledger.chain import link_after
from streaming.ledger.jumps import JUMP_MS_MIN, jump_draft
from streaming.ledger.place import LOOK_S, Place
from streaming.ledger.reader import BUSY_TIMEOUT_S, ROWS_READ_AT_ONCE, SELECT_ROWS, Reader
from streaming.ledger.rows import Appended, Draft, Outcome, Row
from streaming.ledger.sqlite import NO_ROOM, error_code, make_engine, remedy_of, told
from streaming.ledger.tables import insert_rows, metadata, set_up_writer, sort_out
from streaming.ledger.wal import Wal, abandon, carry_all_over

log = structlog.get_logger(__name__)

ROWS_PER_COMMIT_MAX = 5_000
"""A group larger than this waits for the next commit; about 25 ms of writing."""
CLOSE_TIMEOUT_S = 10.0
APPEND_TIMEOUT_S = 30.0
"""A commit that takes longer than this has met a dead disk; the source is told to come back."""

FIRST_WAITING_MAX = 50
"""Appends that may wait to be written before all others while the file cannot be written."""
FIRST_RETRY_S = 0.5
"""While one of them waits, the writer tries this often."""

_RETRYABLE = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_IOERR_WRITE: "the disk takes no more of it (a quota, a limit of a file's size, or a fault)",
    sqlite3.SQLITE_BUSY: "another program holds a lock on it",
    sqlite3.SQLITE_LOCKED: "another program holds a lock on it",
    sqlite3.SQLITE_READONLY: "it is read-only",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
}


class LedgerPending(LedgerError):  # noqa: N818 - a state of the ledger that passes, not a fault of ours
    """Rows are being written, and nobody can say yet whether they will be stored; ``written`` will."""

    def __init__(self, message: str, written: asyncio.Future[Appended]) -> None:
        self.written = written
        super().__init__(message)


class _Job:
    """Drafts to append together, and whom to tell. ``has_begun`` is set once it may be on disk."""

    __slots__ = ("done", "drafts", "error", "future", "has_begun", "is_restore", "result")

    def __init__(
        self, drafts: Sequence[Draft], future: asyncio.Future[Appended] | None, *, is_restore: bool = False
    ) -> None:
        self.drafts = drafts
        self.is_restore = is_restore
        self.future = future
        self.done = threading.Event() if future is None else None
        self.has_begun = False
        self.result: Appended | None = None
        self.error: LedgerError | None = None

    @property
    def is_given_up(self) -> bool:
        """Whether nobody waits any more. Whoever was told that nothing was stored must be right: a release that an
        operator was refused must not take place a minute later."""
        return self.future is not None and self.future.done()


class Ledger(Reader):
    """One store's rows. ``now_ms`` is the contest clock, asked in the writer's thread; ``received_ms`` follows it, and
    where it has been set back the next commit begins with a jump. ``moved_ms`` is by how much the clock has been set
    since the start, all steps together, asked there too.

    ``on_rows`` is called in the event loop with each commit's new rows, in order, before the appends that brought
    them return. ``refusal`` is why nothing could be written last, None once a commit is taken. ``failed`` is set when a
    sync failed, or the file was removed or replaced: nothing may be acknowledged after that, the process must end;
    ``failure`` says why, and ``remedy`` what to do.
    """

    def __init__(
        self,
        path: Path,
        *,
        now_ms: Callable[[], int],
        rows_queued_max: int = 20_000,
        moved_ms: Callable[[], int] = lambda: 0,
    ) -> None:
        super().__init__(path)
        self.rows_queued_max = rows_queued_max
        self.on_rows: Callable[[list[Row]], None] | None = None
        self.failed = asyncio.Event()
        self.failure: str | None = None
        self.remedy = ""
        self.refusal: str | None = None
        self.id = ""
        self.restores = 0
        self.head = 0
        self.chain = b""
        self.last_received_ms = 0
        self.rows_queued = 0
        self._now_ms = now_ms
        self._moved_ms = moved_ms
        self._had_moved_ms = 0
        self._first: deque[_Job] = deque()
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        # Held while it is decided that a job is begun with, or given up by someone who must know which of the two.
        self._begins = threading.Lock()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watched_in: asyncio.AbstractEventLoop | None = None
        self._connection: Connection | None = None
        self._engine: Engine | None = None
        self._place: Place | None = None
        self._wal = Wal(path)
        # Set once the disk is not to be trusted, so that the file must be left as it stands.
        self._is_left = False

    def open(self) -> None:
        """Open or make the file and start its writer.

        Raises:
            LedgerUnavailable: If it cannot be opened.
            LedgerError: If it does not sync as it must.
        """
        self._engine = make_engine(self.path, "rwc", lock_timeout_s=BUSY_TIMEOUT_S, pool=StaticPool)
        event.listen(self._engine, "connect", set_up_writer)
        event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        try:
            self._connection = self._engine.connect()
            if not carry_all_over(self._driver):
                log.warning("another program reads the ledger while it is opened", ledger=self.path.name)
            with self._connection.begin():
                metadata.create_all(self._connection)
                self._read_meta(self._connection)
            modes = [
                self._connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")
            ]
            self._connection.commit()
        except (DBAPIError, sqlite3.Error) as error:
            self.failure, self._is_left = told(self.path, error), True
            raise LedgerUnavailable(self.failure) from error
        if modes != ["wal", 2]:
            raise LedgerError(f"{self.path}: journal mode and synchronous are {modes}, expected wal and 2 (FULL)")
        self._place = Place(self.path)
        self._thread = threading.Thread(target=self._write, name=f"ledger {self.path.name}", daemon=True)
        self._thread.start()

    def _read_meta(self, connection: Connection) -> None:
        found = {row.key: row.value for row in connection.exec_driver_sql("SELECT key, value FROM meta")}
        if "id" not in found:
            found = {"id": secrets.token_hex(8), "restores": "0"}
            connection.exec_driver_sql("INSERT INTO meta (key, value) VALUES (?, ?)", list(found.items()))
        self.id, self.restores = found["id"], int(found["restores"])
        last = connection.exec_driver_sql("SELECT seq, received_ms FROM rows ORDER BY seq DESC LIMIT 1").first()
        self.head, self.last_received_ms = (last[0], last[1]) if last else (0, 0)
        linked = connection.exec_driver_sql(
            "SELECT seq, chain FROM rows WHERE chain IS NOT NULL ORDER BY seq DESC LIMIT 1"
        ).first()
        seq, self.chain = (linked[0], linked[1]) if linked else (0, b"")
        # A ledger of before there was a chain gets its links now.
        while rows := connection.exec_driver_sql(SELECT_ROWS, (seq, self.head, ROWS_READ_AT_ONCE)).all():
            seq, self.chain = rows[-1][0], link_after(self.chain, [Row._make(row) for row in rows])
            connection.exec_driver_sql("UPDATE rows SET chain = ? WHERE seq = ?", (self.chain, seq))

    def close(self) -> None:
        """Write what waits, stop the writer, carry the log over and close the file; later appends are refused.

        ``failure`` says afterwards whether all of that was done. Where the disk is not to be trusted the file is left
        as it stands: what was acknowledged is in the log, and the next start reads it from there.
        """
        thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            thread.join(CLOSE_TIMEOUT_S)
            if thread.is_alive():
                self._distrust(f"the disk has not answered for {CLOSE_TIMEOUT_S:.3g} s", "look at the disk")
        if self._connection is not None and not self._is_left:
            try:
                carry_all_over(self._driver)
            except sqlite3.Error as error:
                if error_code(error) not in NO_ROOM:
                    self._distrust(_cannot_be_written(error), remedy_of(error))
        if self._connection is not None and self._is_left:
            abandon(self._connection)
            return
        if self._connection is not None:
            with suppress(DBAPIError):
                self._connection.close()
            self._connection = None
        if self._engine is not None:
            self._engine.dispose()

    @property
    def _driver(self) -> sqlite3.Connection:
        assert self._connection is not None  # noqa: S101 - asked for while the file is open
        return cast("sqlite3.Connection", self._connection.connection.driver_connection)

    async def until_failed(self) -> None:
        """Return once nothing may be acknowledged any more; a failure of before is told too."""
        self._watched_in = asyncio.get_running_loop()
        if self.failure is None:
            await self.failed.wait()

    async def append(self, drafts: Sequence[Draft]) -> Appended:
        """Write the drafts in one transaction; returns when they are on disk.

        A draft whose ``(by, id)`` is there already is a duplicate if the digest is the same, else a conflict.

        Raises:
            LedgerBusy: If more than ``rows_queued_max`` rows would wait; nothing was stored.
            LedgerUnavailable: If the file cannot be written now; nothing was stored.
        """
        _, written = self._ask(drafts)
        # A bare timer, for asyncio.timeout costs as much as the row itself.
        timer = written.get_loop().call_later(APPEND_TIMEOUT_S, self._give_up, written, APPEND_TIMEOUT_S)
        try:
            return await written
        finally:
            timer.cancel()

    async def append_within(self, wait_s: float, drafts: Sequence[Draft]) -> Appended:
        """``append`` for who must be certain of what they are told, after ``wait_s`` at most. Rows without an id could
        not be found again, and a release that was refused must not take place a minute later.

        Raises:
            LedgerBusy: As ``append``.
            LedgerUnavailable: If the file cannot be written now, or the wait is over; nothing was stored or will be.
            LedgerPending: If the wait is over and the writer is just at these rows, so that they cannot be taken back.
        """
        job, written = self._ask(drafts)
        try:
            await asyncio.wait({written}, timeout=wait_s)
        except asyncio.CancelledError:
            written.cancel()
            raise
        if not self._has_ended(job, written, wait_s):
            raise LedgerPending(f"{self.path.name}: {self.refusal}", written)
        return written.result()

    async def barrier(self, within_s: float = APPEND_TIMEOUT_S) -> int:
        """Return once everything appended before is stored or refused: the seq of the last row then.

        Raises:
            LedgerUnavailable: If that takes longer than ``within_s``, or a row that must be written first cannot be.
        """
        return (await self.append_within(within_s, ())).seq

    def _ask(self, drafts: Sequence[Draft]) -> tuple[_Job, asyncio.Future[Appended]]:
        self._loop = asyncio.get_running_loop()
        written = self._loop.create_future()
        job = _Job(drafts, written)
        self._queue(job)
        return job, written

    def _has_ended(self, job: _Job, written: asyncio.Future[Appended], waited_s: float) -> bool:
        """Whether it is known what becomes of a job; one that was not begun with is given up, and so it is."""
        with self._begins:
            if written.done() or not (job.has_begun and job.drafts):
                self._give_up(written, waited_s)
                return True
        self.refusal = _no_commit_within(waited_s)
        return False

    def _give_up(self, written: asyncio.Future[Appended], waited_s: float) -> None:
        if not written.done():
            self.refusal = _no_commit_within(waited_s)
            written.set_exception(LedgerUnavailable(f"{self.path.name}: {self.refusal}"))

    def append_first(self, drafts: Sequence[Draft]) -> asyncio.Future[Appended]:
        """Write the drafts before everything that is not on disk yet; while the file cannot be written they wait in
        memory. For decisions that hold from the moment at which somebody took them.

        The future fails with LedgerUnavailable if the file failed for good, or was closed before they were written.

        Raises:
            LedgerBusy: If FIRST_WAITING_MAX of these wait already.
            LedgerUnavailable: If the file has failed for good, or is closed.
        """
        if self._thread is None or not self._thread.is_alive() or self.failure is not None:
            raise LedgerUnavailable(f"{self.path.name}: {self.failure or 'the ledger is closed'}")
        if len(self._first) >= FIRST_WAITING_MAX:
            raise LedgerBusy(f"{self.path.name}: {FIRST_WAITING_MAX} decisions wait to be written")
        self._loop = asyncio.get_running_loop()
        job = _Job(drafts, self._loop.create_future())
        assert job.future is not None  # noqa: S101 - made one line above
        self.rows_queued += len(drafts)
        self._first.append(job)
        self._jobs.put(_Job((), None))
        return job.future

    def append_now(self, drafts: Sequence[Draft]) -> Appended:
        """``append`` for a caller outside the event loop: start-up and the command line."""
        return self._do_now(_Job(drafts, None))

    def note_restore(self) -> None:
        """Count that this file does not continue what screens have seen: it begins a new epoch. Blocks like
        ``append_now``, and raises what that raises."""
        self._do_now(_Job((), None, is_restore=True))

    def _do_now(self, job: _Job) -> Appended:
        self._queue(job)
        assert job.done is not None  # noqa: S101 - made for a job without a future
        if not job.done.wait(APPEND_TIMEOUT_S):
            raise LedgerUnavailable(f"{self.path.name}: {_no_commit_within(APPEND_TIMEOUT_S)}")
        if job.error is not None:
            raise job.error
        assert job.result is not None  # noqa: S101 - set where no error is
        return job.result

    def _queue(self, job: _Job) -> None:
        if self._thread is None or not self._thread.is_alive():
            raise LedgerUnavailable(f"{self.path.name}: the ledger is closed")
        if self.failure is not None:
            raise LedgerUnavailable(f"{self.path.name}: {self.failure}")
        if self.rows_queued + len(job.drafts) > self.rows_queued_max:
            raise LedgerBusy(f"{self.path.name}: {self.rows_queued} rows wait to be written")
        if job.future is not None:
            # Counted in the event loop alone, here and when it is told: two threads would lose each other's changes.
            # Of those that block, each waits for its own rows.
            self.rows_queued += len(job.drafts)
        self._jobs.put(job)

    # The writer's thread.

    def _write(self) -> None:
        jobs: list[_Job] = []
        try:
            ends = False
            while not ends:
                jobs, ends = self._next_jobs()
                if self.failure is not None:
                    # Asked for in the moment in which it failed.
                    self._fail(jobs)
                elif jobs or self._first:
                    self._commit(jobs)
                    self._carry_over()
                elif not ends:
                    self._has_left([])
            if self._first:
                self._tell_error(list(self._first), LedgerUnavailable(f"{self.path.name}: the ledger is closed"))
        except BaseException as error:
            # Whatever it was, the writer is gone: say so, so that the process ends and is started again.
            log.exception("ledger writer died", ledger=self.path.name)
            self._note_failure(f"its writer died ({type(error).__name__})", "the log says why")
            self._fail(jobs)
            raise

    def _next_jobs(self) -> tuple[list[_Job], bool]:
        """What to write in one commit, and whether it is the last one."""
        try:
            job = self._jobs.get(timeout=FIRST_RETRY_S if self._first else LOOK_S)
        except queue.Empty:
            return [], False
        if job is None:
            return [], True
        jobs, count = [job], len(job.drafts)
        while count < ROWS_PER_COMMIT_MAX:
            try:
                more = self._jobs.get_nowait()
            except queue.Empty:
                break
            if more is None:
                return jobs, True
            jobs.append(more)
            count += len(more.drafts)
        return jobs, False

    def _commit(self, queued: list[_Job]) -> None:
        others = self._begin(queued)
        first = [self._first[number] for number in range(len(self._first))]
        jobs = first + others
        drafts = [draft for job in jobs for draft in job.drafts]
        assert self._connection is not None  # noqa: S101 - opened before the thread starts
        try:
            now_ms, moved_ms = self._now_ms(), self._moved_ms()
            # What the clock would tell if nobody had set it since the last rows.
            unset_ms = now_ms - moved_ms + self._had_moved_ms
            outcomes, rows, link = self._insert(self._connection, drafts, now_ms, max(unset_ms, self.last_received_ms))
            if any(job.is_restore for job in jobs):
                self._count_restore(self._connection)
        except DBAPIError as error:
            self._refuse(others, error)
            return
        if self._has_left(others):
            return
        for _ in first:
            self._first.popleft()
        if rows:
            self.refusal = None
            self._had_moved_ms = moved_ms
            self.head, self.last_received_ms, self.chain = rows[-1].seq, rows[-1].received_ms, link
        # A jump stands before them all, and is nobody's.
        seqs = iter(rows[len(rows) - outcomes.count("accepted") :])
        start = 0
        for job in jobs:
            theirs = outcomes[start : start + len(job.drafts)]
            start += len(job.drafts)
            taken = [next(seqs).seq if outcome == "accepted" else None for outcome in theirs]
            job.result = Appended(theirs, taken, self.head)
        self._tell(jobs, rows)

    def _has_left(self, jobs: list[_Job]) -> bool:
        """Whether what was written last is in a file that nobody will find again; then it is not acknowledged."""
        assert self._place is not None  # noqa: S101 - made before the thread starts
        if (left := self._place.left()) is None:
            return False
        self._note_failure(left, "put back what is missing, or restore the last backup, then start again")
        self._fail(jobs)
        return True

    def _begin(self, queued: list[_Job]) -> list[_Job]:
        """The jobs that somebody waits for still, from now on begun with."""
        with self._begins:
            begun = [job for job in queued if not job.is_given_up]
            for job in begun:
                job.has_begun = True
        if gone := [job for job in queued if not job.has_begun]:
            self._tell(gone, [])
        return begun

    def _insert(
        self, connection: Connection, drafts: list[Draft], now_ms: int, unset_ms: int
    ) -> tuple[list[Outcome], list[Row], bytes]:
        rows = self._rows(drafts, now_ms, unset_ms)
        if not rows:
            return [], [], b""
        link = link_after(self.chain, rows)
        with connection.begin() as transaction:
            # Repeats are rare, so all are tried at once; where one was there already, sort out which.
            if insert_rows(connection, rows, link) == len(rows):
                return ["accepted"] * len(drafts), rows, link
            transaction.rollback()
        with connection.begin():
            outcomes = sort_out(connection, drafts)
            fresh = [draft for draft, outcome in zip(drafts, outcomes, strict=True) if outcome == "accepted"]
            rows = self._rows(fresh, now_ms, unset_ms)
            if rows:
                link = link_after(self.chain, rows)
                insert_rows(connection, rows, link)
        return outcomes, rows, link

    def _rows(self, drafts: list[Draft], now_ms: int, unset_ms: int) -> list[Row]:
        """The rows that drafts become now, a jump before them if the clock has been set back."""
        received_ms = max(now_ms, self.last_received_ms)
        if self.head and self.last_received_ms - now_ms > JUMP_MS_MIN:
            received_ms = now_ms
            drafts = [jump_draft(unset_ms, now_ms), *drafts]
        return [
            Row(seq, d.type, received_ms, d.by, d.id, d.digest, d.body) for seq, d in enumerate(drafts, self.head + 1)
        ]

    def _count_restore(self, connection: Connection) -> None:
        with connection.begin():
            connection.exec_driver_sql("UPDATE meta SET value = ? WHERE key = 'restores'", (str(self.restores + 1),))
        self.restores += 1

    def _carry_over(self) -> None:
        if self.failure is not None:
            return
        try:
            self._wal.carry_over(self._driver)
        except sqlite3.Error as error:
            # What has been told is in the log, which is synced; of the file nobody knows what is on disk.
            self._distrust(_cannot_be_written(error), remedy_of(error))
            self._fail([])

    def _refuse(self, jobs: list[_Job], error: DBAPIError) -> None:
        code = error_code(error.orig)
        reason = _RETRYABLE.get(code) or _RETRYABLE.get(code & 0xFF)
        if reason is not None:
            self.refusal = reason
            self._tell_error(jobs, LedgerUnavailable(f"{self.path.name}: {self.refusal}"))
        else:
            # After a failed sync nobody knows what is on disk, and trying again may report success for lost pages.
            self._distrust(_cannot_be_written(error.orig), remedy_of(error.orig))
            self._fail(jobs)

    def _note_failure(self, reason: str, remedy: str) -> None:
        self.failure, self.remedy = reason, remedy
        log.critical("ledger failed", ledger=self.path.name, reason=reason, do=remedy)

    def _distrust(self, reason: str, remedy: str) -> None:
        self._is_left = True
        self._note_failure(reason, remedy)

    def _fail(self, jobs: list[_Job]) -> None:
        waiting = list(jobs)
        while self._first:
            waiting.append(self._first.popleft())
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)  # The writer still has to read that it may end.
                break
            waiting.append(job)
        self._tell_error(waiting, LedgerUnavailable(f"{self.path.name}: {self.failure}"))
        self._call_loop(self._watched_in or self._loop, self.failed.set)

    def _tell_error(self, jobs: list[_Job], error: LedgerError) -> None:
        for job in jobs:
            job.error = error
        self._tell(jobs, [])

    def _tell(self, jobs: list[_Job], rows: list[Row]) -> None:
        for job in jobs:
            if job.done is not None:
                job.done.set()
        self._call_loop(self._loop, self._deliver, jobs, rows)

    def _call_loop(self, loop: asyncio.AbstractEventLoop | None, call: Callable[..., Any], *args: Any) -> None:
        if loop is not None:
            with suppress(RuntimeError):  # The loop has closed: nobody is left to be told.
                loop.call_soon_threadsafe(call, *args)

    def _deliver(self, jobs: list[_Job], rows: list[Row]) -> None:
        if rows and self.on_rows is not None:
            self.on_rows(rows)
        for job in jobs:
            if job.future is None:
                continue
            self.rows_queued -= len(job.drafts)
            if job.future.done():
                continue
            if job.error is not None:
                job.future.set_exception(job.error)
            elif job.result is not None:
                job.future.set_result(job.result)


def _cannot_be_written(error: BaseException | None) -> str:
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return f"it cannot be written ({error}, {name})"


def _no_commit_within(wait_s: float) -> str:
    return f"no commit within {wait_s:.3g} s"
