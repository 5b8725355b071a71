"""The ledger's face: who appends is told what became of it, once and for certain."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from streaming.errors import LedgerBusy, LedgerUnavailable
from streaming.ledger.ledger import FIRST_WAITING_MAX, Ledger, LedgerPending
from streaming.ledger.rows import Row
from tests.worlds.clocks import Clock
from tests.worlds.ledgers import Disk, draft, hanging, unwritable


async def test_rows_are_counted_from_one_without_a_gap_and_told_before_the_append_returns(ledger: Ledger) -> None:
    told: list[Row] = []
    ledger.on_rows = told.extend
    appended = await ledger.append([draft("a"), draft("b")])
    assert appended == (["accepted", "accepted"], [1, 2], 2)
    assert [row.seq for row in told] == [1, 2]
    assert list(ledger.read()) == told


async def test_fifty_clients_that_send_the_same_id_at_once_store_it_once(ledger: Ledger) -> None:
    answers = await asyncio.gather(*(ledger.append([draft("a")]) for _ in range(50)))
    assert sorted(answer.outcomes[0] for answer in answers) == ["accepted"] + ["duplicate"] * 49
    assert len(list(ledger.read())) == 1


async def test_read_stops_at_the_row_asked_for(ledger: Ledger) -> None:
    await ledger.append([draft(str(index)) for index in range(10)])
    assert [row.seq for row in ledger.read(after=2, upto=5)] == [3, 4, 5]


async def test_a_full_queue_stores_nothing_and_says_so(ledger: Ledger) -> None:
    with pytest.raises(LedgerBusy, match="0 rows wait to be written"):
        await ledger.append([draft(str(index)) for index in range(101)])
    assert ledger.head == 0
    assert (await ledger.append([draft("a")])).seq == 1


async def test_what_must_be_written_first_waits_in_memory_and_comes_before_all_others(ledger: Ledger) -> None:
    with unwritable(ledger):
        first = [ledger.append_first([draft(id_)]) for id_ in ("f1", "f2")]
        with pytest.raises(LedgerUnavailable, match="another program holds a lock on it"):
            await ledger.append([draft("a")])
        assert not any(task.done() for task in first)
    await ledger.append([draft("a")])
    assert [(await task).seqs for task in first] == [[1], [2]]
    assert [row.id for row in ledger.read()] == ["f1", "f2", "a"]
    assert ledger.rows_queued == 0


async def test_what_must_be_written_first_is_tried_again_also_when_nothing_else_comes(ledger: Ledger) -> None:
    with unwritable(ledger):
        first = ledger.append_first([draft("f1")])
        await asyncio.sleep(0)
    assert (await asyncio.wait_for(first, 20)).seqs == [1]


async def test_only_so_much_waits_to_be_written_first_and_a_closed_ledger_lets_nobody_wait(ledger: Ledger) -> None:
    with unwritable(ledger):
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


async def test_what_was_given_up_while_the_disk_hung_is_not_written_later(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk(ledger, monkeypatch)
    with monkeypatch.context() as patience:
        patience.setattr("streaming.ledger.ledger.APPEND_TIMEOUT_S", 0.05)
        begun = asyncio.create_task(ledger.append([draft("begun")]))
        await disk.hangs()
        with pytest.raises(LedgerUnavailable, match="no commit within"):
            await ledger.append([draft("queued")])
        with pytest.raises(LedgerUnavailable, match="no commit within"):
            await begun
    refusals = [ledger.refusal]
    disk.go_on()
    await ledger.append([draft("next")])
    assert [row.id for row in ledger.read()] == ["begun", "next"]
    assert [*refusals, ledger.refusal] == ["no commit within 0.05 s", None]
    assert ledger.rows_queued == 0


async def test_a_barrier_passes_once_all_that_was_appended_before_it_is_stored(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await ledger.barrier() == 0
    with hanging(ledger, monkeypatch) as disk:
        begun = asyncio.create_task(ledger.append([draft("begun")]))
        await disk.hangs()
        queued = asyncio.create_task(ledger.append([draft("queued")]))
        with pytest.raises(LedgerUnavailable, match=r"no commit within 0\.05 s"):
            await ledger.barrier(0.05)
        passed = asyncio.create_task(ledger.barrier())
        await asyncio.sleep(0)
    assert await passed == 2
    assert begun.done()
    assert queued.done()


async def test_of_rows_that_were_not_begun_with_in_time_it_is_certain_that_they_are_never_written(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with hanging(ledger, monkeypatch) as disk:
        begun = asyncio.create_task(ledger.append([draft("begun")]))
        await disk.hangs()
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


async def test_a_closed_ledger_refuses(tmp_path: Path, clock: Clock) -> None:
    ledger = Ledger(tmp_path / "ledger.db", now_ms=clock)
    ledger.open()
    ledger.close()
    with pytest.raises(LedgerUnavailable, match="the ledger is closed"):
        await ledger.append([draft("a")])


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
