"""Clock rows: written while anything moves by time alone, and never for nothing."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from streaming.clock_rows import CLOCK_ROW_MS
from streaming.decisions.standing import CORRECTED_TOLD_MS
from tests.worlds.histories import ROUND_MS, START_MS
from tests.worlds.pump_stage import Stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path)
    task = asyncio.create_task(stage.pump.run())
    yield stage
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    stage.ledger.close()


async def test_while_there_is_pace_a_clock_row_is_written_every_ten_seconds_and_none_after(stage: Stage) -> None:
    await stage.enter()
    await stage.until_seq(2)
    assert stage.clock_rows() == []
    stage.clock.ms += CLOCK_ROW_MS
    await stage.until_clock_rows(1)
    stage.clock.ms += 300_000
    await stage.until_clock_rows(2)
    await stage.until_seq(4)
    assert stage.board.rows["P"][-1] == 0
    stage.clock.ms += 600_000
    assert stage.pump.clock_rows.due_ms() == START_MS + ROUND_MS


async def test_a_heartbeat_takes_the_as_of_time_forward(stage: Stage) -> None:
    await stage.enter(by="web")
    await stage.enter(by="bao")
    await stage.until_seq(3)
    stage.clock.ms += CLOCK_ROW_MS
    stage.pump.heard("web")
    await stage.until_clock_rows(1)
    assert stage.clock_rows()[0] == {"heard": {"bao": START_MS, "web": START_MS + CLOCK_ROW_MS}}
    await stage.until_seq(4)
    assert stage.board.heard_ms == START_MS


async def test_a_revoked_source_no_longer_holds_the_as_of_time_back(stage: Stage) -> None:
    await stage.enter(by="bao")
    await stage.until_seq(2)
    stage.live = ["web"]
    stage.clock.ms += CLOCK_ROW_MS
    stage.pump.heard("web")
    await stage.until_clock_rows(1)
    await stage.until_seq(3)
    assert stage.board.heard_ms == START_MS + CLOCK_ROW_MS


async def test_the_edge_of_a_round_is_a_clock_row(stage: Stage) -> None:
    stage.clock.ms = START_MS + ROUND_MS
    stage.pump.heard("web")
    await stage.until_clock_rows(1)
    await stage.until_seq(2)
    assert stage.board.state.get("round") is None


async def test_a_correction_is_told_no_longer_by_time_alone(stage: Stage) -> None:
    await stage.decide(kind="correction", unit="A1", round=1, column="completed", delta=1, labelled=True)
    await stage.until_seq(2)
    assert stage.board.state["corrected"] == ("A1",)
    stage.clock.ms += CORRECTED_TOLD_MS
    await stage.until_seq(3)
    assert "corrected" not in stage.board.state


async def test_a_delay_lets_rows_through_by_time_alone(stage: Stage) -> None:
    await stage.decide(kind="delay", delay_ms=60_000)
    await stage.enter()
    await stage.until_seq(2)
    stage.clock.ms += 60_000
    await stage.until_seq(3)
    assert stage.board.rows["P"][2] == 1


async def test_a_clock_row_that_cannot_be_written_is_tried_again(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await stage.enter()
    await stage.until_seq(2)
    monkeypatch.setattr(stage.ledger, "rows_queued_max", 0)
    stage.clock.ms += CLOCK_ROW_MS
    stage.pump.heard("web")
    await asyncio.sleep(0)
    monkeypatch.undo()
    stage.clock.ms += 1_000
    await stage.until_clock_rows(1)
