"""The writer over rows in memory: the life of a job, and what it makes of a storage that refuses, fails or hangs."""

import threading
from collections.abc import Callable, Iterator, Sequence

import pytest
from structlog.testing import capture_logs

from streaming.errors import LedgerUnavailable
from streaming.ledger import writer as writer_module
from streaming.ledger.head import Head
from streaming.ledger.rows import Appended, Draft, Row
from streaming.ledger.storage import Opened, RowsAfter, StorageFailed, StorageRefused, Stored
from streaming.ledger.writer import LIFE, Job, State, Writer
from tests.worlds.ledgers import draft

WAIT_S = 20.0


class Memory:
    """Rows in memory, on a disk that does what the test asks for."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.restores = 0
        self.commits: list[list[str | None]] = []
        self.calls: list[str] = []
        self.before_store: Callable[[], None] = lambda: None
        self.before_tidy: Callable[[], None] = lambda: None
        self.before_look: Callable[[], None] = lambda: None
        self.before_close: Callable[[], None] = lambda: None

    def open(self) -> Opened:
        return Opened("memory", self.restores, Head())

    def store(self, drafts: Sequence[Draft], rows_after: RowsAfter, restores: int | None = None) -> Stored:
        if drafts or restores is not None:
            self.before_store()
        rows, link = rows_after(drafts)
        self.rows += rows
        self.restores = self.restores if restores is None else restores
        if rows:
            self.commits.append([row.id for row in rows])
            self.calls.append("store")
        return Stored(["accepted"] * len(drafts), rows, link)

    def tidy(self) -> None:
        self.calls.append("tidy")
        self.before_tidy()

    def look(self) -> None:
        self.before_look()

    def abandon(self) -> None:
        self.calls.append("abandon")

    def close(self) -> None:
        self.calls.append("close")
        self.before_close()


class Stage:
    """A writer over a memory, and whom it told of what."""

    def __init__(self) -> None:
        self.memory = Memory()
        self.failed = threading.Event()
        self.told: list[Job] = []
        self._has_told = threading.Condition()
        self.writer = Writer(
            self.memory, name="memory", now_ms=lambda: 1, moved_ms=lambda: 0, tell=self._tell,
            on_failure=self.failed.set,
        )  # fmt: skip
        self.writer.open()

    def put(self, *ids: str, comes_first: bool = False) -> Job:
        job = Job([draft(id_) for id_ in ids], comes_first=comes_first)
        self.writer.put(job)
        return job

    def _tell(self, jobs: list[Job], _rows: list[Row]) -> None:
        if any(job.drafts for job in jobs):
            self.memory.calls.append("tell")
        with self._has_told:
            self.told += jobs
            self._has_told.notify_all()

    def until_told(self, *jobs: Job) -> None:
        with self._has_told:
            assert self._has_told.wait_for(lambda: all(job in self.told for job in jobs), WAIT_S)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.writer.close()


class Gate:
    """Where the writer's thread waits until it is let through."""

    def __init__(self) -> None:
        self._is_there, self._opens = threading.Event(), threading.Event()

    def __call__(self) -> None:
        self._is_there.set()
        assert self._opens.wait(WAIT_S)

    def reached(self) -> None:
        assert self._is_there.wait(WAIT_S)

    def open(self) -> None:
        self._opens.set()


def refuse() -> None:
    raise StorageRefused("the disk is full")


def fail() -> None:
    raise StorageFailed("a sync failed", "look at the disk")


@pytest.mark.parametrize("state", LIFE)
@pytest.mark.parametrize("next_", LIFE)
def test_a_job_lives_as_the_table_says_and_not_otherwise(state: State, next_: State) -> None:
    job = Job(())
    job.state = state
    if next_ in LIFE[state]:
        job.become(next_)
        assert job.state == next_
    else:
        with pytest.raises(AssertionError, match=f"a job that is {state} cannot be {next_}"):
            job.become(next_)


def test_what_waits_while_a_commit_is_on_its_way_is_written_in_the_next_one(stage: Stage) -> None:
    stage.memory.before_store = gate = Gate()
    first = stage.put("a")
    gate.reached()
    others = [stage.put("b"), stage.put("c", "d")]
    assert [first.state, *(job.state for job in others)] == ["begun", "queued", "queued"]
    gate.open()
    stage.until_told(first, *others)
    assert stage.memory.commits == [["a"], ["b", "c", "d"]]
    assert [job.outcome for job in others] == [
        Appended(["accepted"], [2], 4), Appended(["accepted"] * 2, [3, 4], 4)
    ]  # fmt: skip


def test_a_job_is_given_up_before_it_has_begun_or_not_at_all(stage: Stage) -> None:
    stage.memory.before_store = gate = Gate()
    begun = stage.put("begun")
    gate.reached()
    queued = stage.put("queued")
    assert [stage.writer.give_up(job) for job in (begun, queued)] == [False, True]
    gate.open()
    stage.until_told(begun, queued)
    assert [begun.state, queued.state] == ["stored", "given up"]
    assert stage.memory.commits == [["begun"]]
    assert not stage.writer.give_up(begun)


def test_a_storage_that_takes_nothing_refuses_all_but_what_comes_first(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "FIRST_RETRY_S", 0.01)
    stage.memory.before_store = refuse
    first, refused = stage.put("first", comes_first=True), stage.put("refused")
    stage.until_told(refused)
    assert (refused.state, str(refused.outcome)) == ("refused", "memory: the disk is full")
    assert (stage.writer.refusal, stage.writer.first_waiting) == ("the disk is full", 1)
    stage.memory.before_store = lambda: None
    stage.until_told(first)
    assert (first.state, first.outcome) == ("stored", Appended(["accepted"], [1], 1))
    assert (stage.writer.refusal, stage.writer.failure, stage.writer.first_waiting) == (None, None, 0)


def test_what_comes_first_is_written_before_what_was_asked_for_earlier(stage: Stage) -> None:
    stage.memory.before_store = gate = Gate()
    stage.put("a")
    gate.reached()
    stage.put("b")
    last = stage.put("first", comes_first=True)
    gate.open()
    stage.until_told(last)
    assert stage.memory.commits == [["a"], ["first", "b"]]


def test_a_storage_that_fails_ends_every_job_and_takes_no_other(stage: Stage) -> None:
    gate = Gate()

    def fail_late() -> None:
        gate()
        fail()

    stage.memory.before_store = fail_late
    jobs = [stage.put("begun")]
    gate.reached()
    jobs += [stage.put("queued"), stage.put("first", comes_first=True)]
    gate.open()
    with capture_logs() as logs:
        stage.until_told(*jobs)
        assert stage.failed.wait(WAIT_S)
    assert [(job.state, str(job.outcome)) for job in jobs] == [("refused", "memory: a sync failed")] * 3
    assert (stage.writer.failure, stage.writer.remedy) == ("a sync failed", "look at the disk")
    assert [(each["log_level"], each["event"]) for each in logs] == [("critical", "ledger failed")]
    with pytest.raises(LedgerUnavailable, match="memory: a sync failed"):
        stage.put("late")
    assert stage.memory.rows == []


def test_those_who_wait_are_told_before_the_storage_is_tidied_which_cannot_undo_it(stage: Stage) -> None:
    stage.memory.before_tidy = fail
    job = stage.put("a")
    assert stage.failed.wait(WAIT_S)
    assert stage.memory.calls == ["store", "tell", "tidy"]
    assert (job.state, stage.told) == ("stored", [job])


def test_a_storage_with_nothing_to_store_is_looked_at(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer_module, "LOOK_S", 0.01)
    stage.memory.before_look = fail
    assert stage.failed.wait(WAIT_S)
    assert stage.writer.failure == "a sync failed"


def test_a_writer_that_dies_says_so_and_leaves_nobody_waiting(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def die() -> None:
        raise ZeroDivisionError

    thread = stage.writer._thread
    assert thread is not None
    monkeypatch.setattr("threading.excepthook", lambda _: None)
    stage.memory.before_store = die
    job = stage.put("a")
    stage.until_told(job)
    assert str(job.outcome) == "memory: its writer died (ZeroDivisionError)"
    assert stage.failed.wait(WAIT_S)
    thread.join(WAIT_S)  # before the hook that keeps quiet about its error is taken away
    with pytest.raises(LedgerUnavailable, match="its writer died"):
        stage.put("b")


def test_a_restore_is_counted_once_it_is_stored(stage: Stage) -> None:
    stage.memory.before_store = refuse
    for restores in (0, 1):
        job = Job((), is_restore=True)
        stage.writer.put(job)
        stage.until_told(job)
        assert stage.writer.restores == stage.memory.restores == restores
        stage.memory.before_store = lambda: None


def test_what_waits_is_written_before_the_writer_closes_and_nothing_after(stage: Stage) -> None:
    stage.memory.before_store = gate = Gate()
    jobs = [stage.put("a")]
    gate.reached()
    jobs.append(stage.put("b"))
    gate.open()
    stage.writer.close()
    assert [job.state for job in jobs] == ["stored", "stored"]
    assert stage.memory.calls[-1] == "close"
    with pytest.raises(LedgerUnavailable, match="memory: the ledger is closed"):
        stage.put("c")


def test_a_storage_that_hangs_is_abandoned_when_the_writer_closes(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "CLOSE_TIMEOUT_S", 0.05)
    stage.memory.before_store = gate = Gate()
    job = stage.put("a")
    gate.reached()
    stage.writer.close()
    assert stage.memory.calls[-2:] == ["abandon", "close"]
    assert stage.writer.failure == "the disk has not answered for 0.05 s"
    gate.open()
    stage.until_told(job)


def test_a_storage_that_fails_while_it_is_closed_is_told_of(stage: Stage) -> None:
    stage.memory.before_close = fail
    stage.writer.close()
    stage.memory.before_close = lambda: None
    assert (stage.writer.failure, stage.writer.remedy) == ("a sync failed", "look at the disk")
