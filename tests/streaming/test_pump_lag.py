"""How late a pump's frames are, and what it forgets in time, by a clock in the test's hand."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from streaming.ledger.rows import Row
from streaming.pump import FOLD_STEP_ROWS, TOPIC_KEPT_S, Pump
from tests.worlds.apps import WAIT_S
from tests.worlds.pump_stage import Stage


class Timed:
    """A pump that is ticked by hand, with its monotonic clock in the test's hand too."""

    def __init__(self, stage: Stage) -> None:
        self.now_s = 100.0
        self.stage = stage
        self.pump = Pump(
            stage.ledger, now_ms=stage.clock, live_sources=list, rehearsal=False, tick_ms=200,
            monotonic_s=lambda: self.now_s,
        )  # fmt: skip
        self.pump.replay()
        board = self.pump.topics.find("board")
        assert board is not None
        board.listeners.add(lambda *_: None)

    async def tick(self, after_s: float) -> float:
        """Tick so long after the rows came; returns the lag that is told then."""
        self.now_s += after_s
        await self.pump._tick()
        return self.pump.counters.lag_ms


@pytest.fixture
def timed(tmp_path: Path) -> Iterator[Timed]:
    stage = Stage(tmp_path)
    yield Timed(stage)
    stage.ledger.close()


async def test_the_lag_of_a_tick_is_told_from_its_first_row_also_when_more_come_meanwhile(
    timed: Timed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streaming.pump.FOLD_STEP_ROWS", 1)
    more = iter([True])

    apply = timed.pump._apply

    def fold_slowly(row: Row) -> None:
        apply(row)
        timed.now_s += 1.0
        if next(more, False):
            timed.stage.ledger.append_now(timed.stage.drafts(1))

    monkeypatch.setattr(timed.pump, "_apply", fold_slowly)
    await timed.stage.enter()
    assert await timed.tick(after_s=0.25) == 2_250
    assert timed.pump.fold.seq == 3
    monkeypatch.setattr(timed.pump, "_apply", apply)
    await timed.stage.enter()
    assert await timed.tick(after_s=0.5) == 500, "the next tick begins with its own first row"


async def test_however_dear_rows_are_others_have_a_turn_between_them(
    timed: Timed, monkeypatch: pytest.MonkeyPatch
) -> None:
    folded = [0]
    apply = timed.pump._apply

    def fold_slowly(row: Row) -> None:
        apply(row)
        timed.now_s += 0.001
        folded[-1] += 1

    async def others() -> None:
        while True:
            folded.append(0)
            await asyncio.sleep(0)

    monkeypatch.setattr(timed.pump, "_apply", fold_slowly)
    await timed.stage.enter(count=4 * FOLD_STEP_ROWS)
    watch = asyncio.create_task(others())
    await timed.tick(after_s=0.25)
    watch.cancel()
    assert sum(folded) == 4 * FOLD_STEP_ROWS
    assert max(folded) == FOLD_STEP_ROWS


async def test_what_the_gate_keeps_back_moves_no_lag(timed: Timed) -> None:
    await timed.stage.enter()
    await timed.stage.decide(kind="hold", unit=None)
    assert await timed.tick(after_s=0.5) == 500
    await timed.stage.enter()
    assert await timed.tick(after_s=3.0) == 500
    await timed.stage.decide(kind="release", unit=None)
    assert await timed.tick(after_s=0.25) == 250, "told from the release, not from what was held"


async def test_what_waits_for_a_decision_lags_until_its_frames_leave(timed: Timed) -> None:
    timed.pump.stand_still()
    await timed.stage.enter()
    assert await timed.tick(after_s=2.0) == 0
    timed.pump.go_on()
    assert await timed.tick(after_s=1.0) == 3_000


def test_the_age_of_a_loop_that_lives_is_0_whatever_wakes_it(timed: Timed) -> None:
    ages = []
    for seconds in (0.0, 0.3, 0.7, 0.9, 1.0, 2.5):
        timed.now_s += seconds
        ages.append(timed.pump.turn_age_s)
    assert ages == [0, 0, 0, 0, 2, 4]


async def test_a_unit_that_nobody_follows_or_asks_for_is_forgotten_in_time(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    timed = Timed(stage)
    task = asyncio.create_task(timed.pump.run())

    async def turn(after_s: float) -> set[str]:
        timed.now_s += after_s
        await stage.enter()
        async with asyncio.timeout(WAIT_S):
            while timed.pump._turned_at_s < timed.now_s or timed.pump.moved_seq < stage.ledger.head:  # noqa: ASYNC110
                await asyncio.sleep(0.001)
        await asyncio.sleep(0)
        return {topic.name for topic in timed.pump.topics.all if topic.name.startswith("unit/")}

    assert timed.pump.topics.find("unit/A1")
    assert await turn(TOPIC_KEPT_S) == {"unit/A1"}, "it was asked for since the start"
    assert await turn(TOPIC_KEPT_S - 1) == {"unit/A1"}
    assert await turn(1) == set()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    stage.ledger.close()
