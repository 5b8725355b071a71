"""The ledger: rows on disk, each once, in one order. Its face to the event loop, and to callers outside of one.

``writer`` decides what is written when, ``sqlite_storage`` how, ``reader`` reads.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from streaming.errors import LedgerBusy, LedgerError, LedgerUnavailable
from streaming.ledger.reader import Reader
from streaming.ledger.rows import Appended, Draft, Row
from streaming.ledger.sqlite_storage import SqliteStorage
from streaming.ledger.writer import Job, Writer

APPEND_TIMEOUT_S = 30.0
"""A commit that takes longer than this has met a dead disk; the source is told to come back."""
FIRST_WAITING_MAX = 50
"""Appends that may wait to be written before all others while the file cannot be written."""


class LedgerPending(LedgerError):  # noqa: N818 - a state of the ledger that passes, not a fault of ours
    """Rows are being written, and nobody can say yet whether they will be stored; ``written`` will."""

    def __init__(self, message: str, written: asyncio.Future[Appended]) -> None:
        self.written = written
        super().__init__(message)


class _Awaited(Job):
    """A job that somebody awaits in the event loop."""

    __slots__ = ("written",)

    def __init__(self, drafts: Sequence[Draft], loop: asyncio.AbstractEventLoop, *, comes_first: bool = False) -> None:
        super().__init__(drafts, comes_first=comes_first)
        self.written: asyncio.Future[Appended] = loop.create_future()

    def tell(self) -> None:
        """Tell who waits, unless they were told already that they need not."""
        if self.written.done():
            return
        if isinstance(self.outcome, LedgerError):
            self.written.set_exception(self.outcome)
        elif self.outcome is not None:
            self.written.set_result(self.outcome)


class _Blocking(Job):
    """A job for which a thread waits."""

    __slots__ = ("has_ended",)

    def __init__(self, drafts: Sequence[Draft], *, is_restore: bool = False) -> None:
        super().__init__(drafts, is_restore=is_restore)
        self.has_ended = threading.Event()


class Ledger(Reader):
    """One store's rows. ``now_ms`` is the contest clock, asked in the writer's thread; ``received_ms`` follows it, and
    where it has been set back the next commit begins with a jump. ``moved_ms`` is by how much the clock has been set
    since the start, all steps together, asked there too.

    ``on_rows`` is called in the event loop with each commit's new rows, in order, before the appends that brought
    them return. ``failed`` is set when a sync failed, or the file was removed or replaced: nothing may be acknowledged
    after that, the process must end.
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
        self.id = ""
        self.rows_queued = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._watched_in: asyncio.AbstractEventLoop | None = None
        self._storage = SqliteStorage(path)
        self._writer = Writer(
            self._storage,
            name=path.name,
            now_ms=now_ms,
            moved_ms=moved_ms,
            tell=self._tell,
            on_failure=lambda: self._call_loop(self._watched_in or self._loop, self.failed.set),
        )

    @property
    def head(self) -> int:
        """The last row's seq, 0 before the first."""
        return self._writer.head.seq

    @property
    def last_received_ms(self) -> int:
        """The last row's time, 0 before the first."""
        return self._writer.head.received_ms

    @property
    def restores(self) -> int:
        """How often it did not continue what screens had seen."""
        return self._writer.restores

    @property
    def refusal(self) -> str | None:
        """Why nothing could be written last, None once a commit is taken."""
        return self._writer.refusal

    @property
    def failure(self) -> str | None:
        """Why nothing may be acknowledged any more, None while all is well."""
        return self._writer.failure

    @property
    def remedy(self) -> str:
        """What to do about ``failure``; empty where nobody knows."""
        return self._writer.remedy

    def open(self) -> None:
        """Open or make the file and start its writer.

        Raises:
            LedgerUnavailable: If it cannot be opened.
            LedgerError: If it does not sync as it must.
        """
        self.id = self._writer.open()

    def close(self) -> None:
        """Write what waits, stop the writer, carry the log over and close the file; later appends are refused.

        ``failure`` says afterwards whether all of that was done. Where the disk is not to be trusted the file is left
        as it stands: what was acknowledged is in the log, and the next start reads it from there.
        """
        self._writer.close()

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
            LedgerUnavailable: If the file cannot be written now; nothing was stored. Or if it has not answered for
                APPEND_TIMEOUT_S: what has begun by then may still be stored.
        """
        job = self._ask(drafts)
        # A bare timer, for asyncio.timeout costs as much as the row itself.
        timer = job.written.get_loop().call_later(APPEND_TIMEOUT_S, self._give_up, job, APPEND_TIMEOUT_S)
        try:
            return await job.written
        except asyncio.CancelledError:
            self._writer.give_up(job)
            raise
        finally:
            timer.cancel()

    async def append_within(self, wait_s: float, drafts: Sequence[Draft]) -> Appended:
        """``append`` for callers that need a definite answer, after ``wait_s`` at most: a row without an id could not
        be found again, and a release that was refused must not take place a minute later.

        Raises:
            LedgerBusy: As ``append``.
            LedgerUnavailable: If the file cannot be written now, or the wait is over; nothing was stored or will be.
            LedgerPending: If the wait is over and the writer is just at these rows, so that they cannot be taken back.
        """
        job = self._ask(drafts)
        try:
            await asyncio.wait({job.written}, timeout=wait_s)
        except asyncio.CancelledError:
            self._writer.give_up(job)
            job.written.cancel()
            raise
        if not job.written.done() and not self._writer.give_up(job) and drafts:
            raise LedgerPending(str(self._too_late(wait_s)), job.written)
        self._give_up(job, wait_s)
        return job.written.result()

    async def barrier(self, within_s: float = APPEND_TIMEOUT_S) -> int:
        """Return once everything appended before is stored or refused: the seq of the last row then.

        Raises:
            LedgerUnavailable: If that takes longer than ``within_s``, or a row that must be written first cannot be.
        """
        return (await self.append_within(within_s, ())).seq

    def append_first(self, drafts: Sequence[Draft]) -> asyncio.Future[Appended]:
        """Write the drafts before everything that is not on disk yet; while the file cannot be written they wait in
        memory. For decisions that hold from the moment at which somebody took them.

        The future fails with LedgerUnavailable if the file failed for good, or was closed before they were written.

        Raises:
            LedgerBusy: If FIRST_WAITING_MAX of these wait already.
            LedgerUnavailable: If the file has failed for good, or is closed.
        """
        if self._writer.first_waiting >= FIRST_WAITING_MAX:
            raise LedgerBusy(f"{self.path.name}: {FIRST_WAITING_MAX} decisions wait to be written")
        return self._await(drafts, comes_first=True).written

    def append_now(self, drafts: Sequence[Draft]) -> Appended:
        """``append`` for a caller outside the event loop: start-up and the command line."""
        return self._block(_Blocking(drafts))

    def note_restore(self) -> None:
        """Count that this file does not continue what screens have seen: it begins a new epoch. Blocks like
        ``append_now``, and raises what that raises."""
        self._block(_Blocking((), is_restore=True))

    def _ask(self, drafts: Sequence[Draft]) -> _Awaited:
        self._check_room(drafts)
        return self._await(drafts)

    def _check_room(self, drafts: Sequence[Draft]) -> None:
        if self.rows_queued + len(drafts) > self.rows_queued_max:
            raise LedgerBusy(f"{self.path.name}: {self.rows_queued} rows wait to be written")

    def _await(self, drafts: Sequence[Draft], *, comes_first: bool = False) -> _Awaited:
        self._loop = asyncio.get_running_loop()
        job = _Awaited(drafts, self._loop, comes_first=comes_first)
        self._writer.put(job)
        # Counted in the event loop alone, here and when it is told: two threads would lose each other's changes. Of
        # those that block, each waits for its own rows.
        self.rows_queued += len(drafts)
        return job

    def _block(self, job: _Blocking) -> Appended:
        self._check_room(job.drafts)
        self._writer.put(job)
        if not job.has_ended.wait(APPEND_TIMEOUT_S):
            self._writer.give_up(job)
            raise self._too_late(APPEND_TIMEOUT_S)
        if isinstance(job.outcome, LedgerError):
            raise job.outcome
        assert job.outcome is not None  # noqa: S101 - set at the end of what nobody has given up
        return job.outcome

    def _give_up(self, job: _Awaited, waited_s: float) -> None:
        """Tell who waits, if nobody has, that it was not written; so it is, unless it has begun."""
        if not job.written.done():
            self._writer.give_up(job)
            job.written.set_exception(self._too_late(waited_s))

    def _too_late(self, waited_s: float) -> LedgerUnavailable:
        self._writer.refusal = f"no commit within {waited_s:.3g} s"
        return LedgerUnavailable(f"{self.path.name}: {self._writer.refusal}")

    # Called in the writer's thread.

    def _tell(self, jobs: list[Job], rows: list[Row]) -> None:
        for job in jobs:
            if isinstance(job, _Blocking):
                job.has_ended.set()
        self._call_loop(self._loop, self._deliver, jobs, rows)

    def _call_loop(self, loop: asyncio.AbstractEventLoop | None, call: Callable[..., Any], *args: Any) -> None:
        if loop is not None:
            with suppress(RuntimeError):  # The loop has closed: nobody is left to be told.
                loop.call_soon_threadsafe(call, *args)

    # And from there in the event loop.

    def _deliver(self, jobs: list[Job], rows: list[Row]) -> None:
        if rows and self.on_rows is not None:
            self.on_rows(rows)
        for job in jobs:
            if isinstance(job, _Awaited):
                self.rows_queued -= len(job.drafts)
                job.tell()
