"""What is shown late goes on over a start: as much later as before, of the rows and nothing else."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from streaming.checkpoint import read_checkpoint
from streaming.pump import Pump
from streaming.topics.late import DELAY_MS_MAX, LateTopics
from tests.worlds.histories import contest
from tests.worlds.pump_stage import WAIT_S, Stage

SECONDS = 40


class Timed:
    """A ledger to which an entry came in each second, and pumps on it with all clocks in the test's hand."""

    def __init__(self, folder: Path) -> None:
        self.stage = Stage(folder)
        self.path = folder / "ledger.checkpoint"
        self.now_s = 5.0
        self.enter(SECONDS)

    def enter(self, seconds: int) -> None:
        for _ in range(seconds):
            self.stage.clock.ms += 1_000
            self.stage.ledger.append_now(self.stage.drafts(1))

    def pass_s(self, seconds: int) -> None:
        self.now_s += seconds
        self.stage.clock.ms += seconds * 1_000

    def pump(self, late_ms: int = DELAY_MS_MAX) -> Pump:
        return Pump(
            self.stage.ledger, now_ms=self.stage.clock, live_sources=list, rehearsal=False, tick_ms=200,
            monotonic_s=lambda: self.now_s, checkpoint=self.path, late_ms=late_ms,
        )  # fmt: skip


@pytest.fixture
def timed(tmp_path: Path) -> Iterator[Timed]:
    timed = Timed(tmp_path)
    yield timed
    timed.stage.ledger.close()


def late_of(pump: Pump, delay_ms: int) -> LateTopics:
    late = LateTopics(pump.topics, pump.history, delay_ms=delay_ms, now_ms=pump.passed_ms)
    pump.history.keeps_all = False
    return late


def total(late: LateTopics) -> object:
    board = late.find("board")
    assert board is not None
    return board.rows["P"][2]


@pytest.mark.parametrize("delay_ms", [0, 200, 8_000, DELAY_MS_MAX])
@pytest.mark.parametrize("down_s", [0, 5, 60])
def test_after_a_replay_it_shows_what_was_shown_so_much_earlier(timed: Timed, delay_ms: int, down_s: int) -> None:
    timed.pass_s(down_s)
    pump = timed.pump()
    pump.replay()
    late = late_of(pump, delay_ms)
    assert total(late) == min(SECONDS, (SECONDS * 1_000 + down_s * 1_000 - delay_ms) // 1_000)
    timed.pass_s(3)
    late.advance(pump.passed_ms)
    assert total(late) == min(SECONDS, (SECONDS * 1_000 + (down_s + 3) * 1_000 - delay_ms) // 1_000)


def test_where_nothing_is_shown_late_nothing_is_made_again(timed: Timed) -> None:
    pump = timed.pump(late_ms=0)
    pump.replay()
    assert not len(pump.history)
    assert total(late_of(pump, 0)) == SECONDS


async def test_behind_a_checkpoint_it_stands_there_and_goes_on_when_the_ledger_is_replayed(timed: Timed) -> None:
    first = timed.pump(late_ms=0)
    first.replay()
    first.save()
    timed.enter(SECONDS)
    checkpoint = read_checkpoint(timed.path)
    assert checkpoint is not None
    pump = timed.pump()
    pump.resume(checkpoint, contest())
    late = late_of(pump, 8_000)
    assert total(late) == SECONDS
    task = asyncio.create_task(pump.run())
    async with asyncio.timeout(WAIT_S):
        while pump.is_behind:  # noqa: ASYNC110 - a replay has no event
            await asyncio.sleep(0.001)
    task.cancel()
    late.advance(pump.passed_ms)
    assert total(late) == 2 * SECONDS - 8
    board = late.find("board")
    assert board is not None
    assert board.seq > checkpoint.cut.seq


def test_rows_of_a_clock_that_was_set_back_are_not_shown_again(timed: Timed) -> None:
    timed.stage.clock.ms -= 3_600_000
    timed.enter(3)
    pump = timed.pump()
    pump.replay()
    assert len(pump.history) <= 5
    cut = late_of(pump, 1_000).cut
    assert cut is not None
    assert cut.seq == timed.stage.ledger.head - 1


def test_with_a_clock_that_was_set_back_meanwhile_nothing_comes_early(timed: Timed) -> None:
    timed.stage.clock.ms -= 3_600_000
    pump = timed.pump()
    pump.replay()
    late = late_of(pump, 8_000)
    assert total(late) == SECONDS - 8
    timed.now_s += 3
    late.advance(pump.passed_ms)
    assert total(late) == SECONDS - 5
