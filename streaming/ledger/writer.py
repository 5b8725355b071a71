"""The ledger's writer: one thread that writes what waits in one transaction (group commit), so that one sync
acknowledges many. It knows no SQL and no event loop.

The life of a job (``LIFE`` holds it to this)::

    queued ─┬─▶ begun ─┬─▶ stored
            │          ├─▶ refused     the storage takes nothing now, or has failed for good
            │          └─▶ queued      only what comes first: it is tried again until the storage takes it
            ├─▶ given up               nobody waits any more, so it is never written
            └─▶ refused                the storage has failed for good, or is closed
"""

import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Literal

import structlog

from streaming.errors import LedgerError, LedgerUnavailable
from streaming.ledger.head import Head
from streaming.ledger.rows import Appended, Draft, Row
from streaming.ledger.storage import Storage, StorageFailed, StorageRefused, Stored

log = structlog.get_logger(__name__)

ROWS_PER_COMMIT_MAX = 5_000
"""A group larger than this waits for the next commit; about 25 ms of writing."""
CLOSE_TIMEOUT_S = 10.0
FIRST_RETRY_S = 0.5
"""While a job that comes first waits for the storage, it is tried this often."""
LOOK_S = 1.0
"""While nothing is written, the storage is looked at this often."""


State = Literal["queued", "begun", "stored", "refused", "given up"]

LIFE: dict[State, tuple[State, ...]] = {
    # In memory alone: it can still be taken back.
    "queued": ("begun", "given up", "refused"),
    # It may be on disk any moment: nobody can take it back or say what becomes of it.
    "begun": ("stored", "refused", "queued"),
    # Synced: its new rows are on disk, its repeats were there.
    "stored": (),
    # Nothing of it is acknowledged. Where the storage takes nothing now, nothing of it is on disk either.
    "refused": (),
    # Nobody waits for it any more, and it is never written: a release that an operator was refused must not take place
    # a minute later.
    "given up": (),
}
"""What each state may become. All but "given up" is decided by the writer's thread. Words, not an enum: each job looks
at its state some six times, and a look at an enum's member costs 130 ns (Python 3.11)."""


class Job:
    """Drafts to append together. ``outcome`` is what became of them, None before the end and once given up."""

    __slots__ = ("comes_first", "drafts", "is_restore", "outcome", "state")

    def __init__(self, drafts: Sequence[Draft], *, comes_first: bool = False, is_restore: bool = False) -> None:
        self.drafts = drafts
        self.comes_first = comes_first
        self.is_restore = is_restore
        self.state: State = "queued"
        self.outcome: Appended | LedgerError | None = None

    def become(self, state: State, outcome: Appended | LedgerError | None = None) -> None:
        """Go on to the next state of its life."""
        if state not in LIFE[self.state]:
            raise AssertionError(f"a job that is {self.state} cannot be {state}")
        self.state, self.outcome = state, outcome


Tell = Callable[[list[Job], list[Row]], None]
"""Called in the writer's thread with jobs that have ended, and the new rows of their commit."""


class Writer:
    """Writes jobs to a storage in the order in which they come. ``now_ms`` and ``moved_ms`` are as in ``Ledger``, both
    asked in the writer's thread.

    ``refusal`` is why nothing could be written last, None once a commit is taken. ``failure`` says why nothing may be
    acknowledged any more, ``remedy`` what to do; ``on_failure`` is called then.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        name: str,
        now_ms: Callable[[], int],
        moved_ms: Callable[[], int],
        tell: Tell,
        on_failure: Callable[[], None],
    ) -> None:
        self.storage = storage
        self.head = Head()
        self.restores = 0
        self.refusal: str | None = None
        self.failure: str | None = None
        self.remedy = ""
        self._name = name
        self._now_ms = now_ms
        self._moved_ms = moved_ms
        self._had_moved_ms = 0
        self._tell = tell
        self._on_failure = on_failure
        self._first: deque[Job] = deque()
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        # Held while it is decided that a job has begun, or is given up by someone who must know which of the two.
        self._begins = threading.Lock()
        self._thread: threading.Thread | None = None

    def open(self) -> str:
        """Open the storage and start the thread; returns the ledger's id.

        Raises:
            LedgerUnavailable: If it cannot be opened.
            LedgerError: If it does not sync as it must.
        """
        try:
            id_, self.restores, self.head = self.storage.open()
        except StorageFailed as error:
            self.failure = str(error)
            raise LedgerUnavailable(self.failure) from error
        self._thread = threading.Thread(target=self._run, name=f"ledger {self._name}", daemon=True)
        self._thread.start()
        return id_

    def close(self) -> None:
        """Write what waits, end the thread and close the storage; ``failure`` says whether all of it was done."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            thread.join(CLOSE_TIMEOUT_S)
            if thread.is_alive():
                self.storage.abandon()
                self._note_failure(f"the disk has not answered for {CLOSE_TIMEOUT_S:.3g} s", "look at the disk")
        try:
            self.storage.close()
        except StorageFailed as error:
            self._note_failure(str(error), error.remedy)

    def put(self, job: Job) -> None:
        """Queue a job.

        Raises:
            LedgerUnavailable: If the storage has failed for good, or is closed.
        """
        if self.failure is not None:
            raise self._unavailable(self.failure)
        if self._thread is None or not self._thread.is_alive():
            raise self._unavailable("the ledger is closed")
        if job.comes_first:
            self._first.append(job)
        self._jobs.put(Job(()) if job.comes_first else job)  # One of nothing wakes the thread.

    @property
    def first_waiting(self) -> int:
        """How many jobs wait that come first."""
        return len(self._first)

    def give_up(self, job: Job) -> bool:
        """Take back a job that has not begun; False if it has, so that it may be on disk."""
        with self._begins:
            if job.state == "queued":
                job.become("given up")
        return job.state == "given up"

    # The thread.

    def _run(self) -> None:
        jobs: list[Job] = []
        try:
            ends = False
            while not ends:
                jobs, ends = self._next()
                if self.failure is not None:
                    # Asked for in the moment in which it failed.
                    self._end(jobs)
                else:
                    self._turn(jobs, ends=ends)
            self._refuse(self._take_first(), "the ledger is closed")
        except BaseException as error:
            # Whatever it was, the writer is gone: say so, so that the process ends and is started again.
            log.exception("ledger writer died", ledger=self._name)
            self._note_failure(f"its writer died ({type(error).__name__})", "the log says why")
            self._end(jobs)
            raise

    def _next(self) -> tuple[list[Job], bool]:
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

    def _turn(self, jobs: list[Job], *, ends: bool) -> None:
        try:
            if jobs or self._first:
                self._commit(jobs)
                self.storage.tidy()
            elif not ends:
                self.storage.look()
        except StorageFailed as error:
            self._note_failure(str(error), error.remedy)
            self._end(jobs)

    def _commit(self, queued: list[Job]) -> None:
        jobs = self._begin(queued)
        drafts = [draft for job in jobs for draft in job.drafts]
        now_ms, moved_ms = self._now_ms(), self._moved_ms()
        # What the clock would tell if nobody had set it since the last rows.
        unset_ms = max(now_ms - moved_ms + self._had_moved_ms, self.head.received_ms)
        rows_after = partial(self.head.rows_after, now_ms=now_ms, unset_ms=unset_ms)
        restores = self.restores + 1 if any(job.is_restore for job in jobs) else None
        try:
            stored = self.storage.store(drafts, rows_after, restores)
        except StorageRefused as error:
            self.refusal = str(error)
            for job in jobs:
                if job.comes_first:
                    job.become("queued")
            self._refuse([job for job in jobs if not job.comes_first], self.refusal)
            return
        if stored.rows:
            self.refusal, self._had_moved_ms = None, moved_ms
            self.head = self.head.moved(stored.rows, stored.link)
        self.restores = self.restores if restores is None else restores
        self._settle(jobs, stored)
        self._tell(jobs, stored.rows)

    def _begin(self, queued: list[Job]) -> list[Job]:
        """The jobs of one commit, from now on begun: what comes first, then all that were not given up."""
        with self._begins:
            # More may be added to these meanwhile, and is not of this commit.
            jobs = [self._first[number] for number in range(len(self._first))]
            jobs += [job for job in queued if job.state == "queued"]
            for job in jobs:
                job.become("begun")
        if gone := [job for job in queued if job.state == "given up"]:
            self._tell(gone, [])
        return jobs

    def _settle(self, jobs: list[Job], stored: Stored) -> None:
        # A jump stands before them all, and is nobody's.
        seqs = iter(stored.rows[len(stored.rows) - stored.outcomes.count("accepted") :])
        start = 0
        for job in jobs:
            outcomes = stored.outcomes[start : start + len(job.drafts)]
            start += len(job.drafts)
            taken = [next(seqs).seq if outcome == "accepted" else None for outcome in outcomes]
            job.become("stored", Appended(outcomes, taken, self.head.seq))
            if job.comes_first:
                self._first.popleft()

    def _take_first(self) -> list[Job]:
        return [self._first.popleft() for _ in range(len(self._first))]

    def _refuse(self, jobs: list[Job], reason: str) -> None:
        for job in jobs:
            job.become("refused", self._unavailable(reason))
        if jobs:
            self._tell(jobs, [])

    def _end(self, jobs: list[Job]) -> None:
        """Refuse all that is not told yet, for ``failure``."""
        waiting = [job for job in jobs if job.state in ("queued", "begun")] + self._take_first()
        while True:
            try:
                job = self._jobs.get_nowait()
            except queue.Empty:
                break
            if job is None:
                self._jobs.put(None)  # The thread still has to read that it may end.
                break
            waiting.append(job)
        self._refuse(waiting, str(self.failure))
        self._on_failure()

    def _note_failure(self, reason: str, remedy: str) -> None:
        self.failure, self.remedy = reason, remedy
        log.critical("ledger failed", ledger=self._name, reason=reason, do=remedy)

    def _unavailable(self, reason: str) -> LedgerUnavailable:
        return LedgerUnavailable(f"{self._name}: {reason}")
