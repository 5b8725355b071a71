"""The pump on a real ledger: when it ticks, and when it writes clock rows."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from streaming.audit.recount import differences
from streaming.errors import LedgerUnavailable
from streaming.fold.pace import MINUTE_MS, PACE_WINDOW_MS
from streaming.fold.tally import COMPLETED, PACE
from streaming.ledger.rows import Appended, Draft, Row
from streaming.pump import REST_SHARE, Pump
from tests.worlds.histories import ROUND_MS, START_MS
from tests.worlds.pump_stage import WAIT_S, Stage
from tests.worlds.screen import Screen


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path)
    task = asyncio.create_task(stage.pump.run())
    yield stage
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    stage.ledger.close()


async def test_a_durable_row_reaches_the_topics(stage: Stage) -> None:
    await stage.enter(3)
    await stage.until_seq(4)
    assert stage.board.rows["P"][2] == 3


async def test_a_burst_leaves_fewer_frames_than_rows_and_ends_at_the_last(stage: Stage) -> None:
    frames: list[tuple[int, int]] = []
    screen = Screen()
    screen.take(stage.board.snapshot())

    def hear(base: int, seq: int, payload: bytes) -> None:
        frames.append((base, seq))
        screen.hear(base, seq, payload)

    stage.board.listeners.add(hear)
    for _ in range(50):
        await stage.enter()
    await stage.until_seq(51)
    assert len(frames) < 25
    assert all(later[0] == earlier[1] for earlier, later in pairwise(frames))
    assert screen.rows["P"][2] == 50


async def test_a_pump_started_again_shows_the_same_board(stage: Stage) -> None:
    await stage.enter(5)
    await stage.until_seq(6)
    again = stage.make().topics.find("board")
    assert again is not None
    assert again.snapshot() == stage.board.snapshot()


async def test_a_tick_that_takes_long_leaves_others_their_share_and_the_next_frame_has_the_latest(
    tmp_path: Path,
) -> None:
    now_s = [100.0]
    stage = Stage(tmp_path)
    pump = Pump(
        stage.ledger, now_ms=stage.clock, live_sources=list, rehearsal=False, tick_ms=200,
        monotonic_s=lambda: now_s[0],
    )  # fmt: skip
    pump.replay()
    board = pump.topics.find("board")
    assert board is not None
    seqs: list[int] = []

    def hear(_base: int, seq: int, _payload: bytes) -> None:
        seqs.append(seq)
        now_s[0] += 3.0

    board.listeners.add(hear)
    await stage.enter(5)
    await stage.enter(5)
    await pump._tick()
    assert seqs == [11]
    assert pump._tick_due_s == 103.0 + 3.0 * REST_SHARE
    now_s[0] = 200.0
    board.listeners.clear()
    await stage.enter()
    await pump._tick()
    assert pump._tick_due_s == 200.0 + 0.2
    stage.ledger.close()


async def test_topics_that_stand_still_move_with_the_decision_for_which_they_stood(stage: Stage) -> None:
    await stage.enter(3)
    await stage.until_seq(4)
    stage.pump.stand_still()
    await stage.enter(2)
    async with asyncio.timeout(WAIT_S):
        while stage.pump.fold.seq < 6:  # noqa: ASYNC110 - nor has a fold
            await asyncio.sleep(0.001)
    assert (stage.board.seq, stage.board.rows["P"][2]) == (4, 3)
    await stage.decide(kind="hold", unit="A")
    stage.pump.go_on()
    await stage.until_seq(7)
    assert stage.board.rows["P"][2] == 5


async def test_topics_that_stood_still_for_nothing_go_on(stage: Stage) -> None:
    stage.pump.stand_still()
    await stage.enter(2)
    async with asyncio.timeout(WAIT_S):
        while stage.pump.fold.seq < 3:  # noqa: ASYNC110 - nor has a fold
            await asyncio.sleep(0.001)
    assert stage.board.seq == 1
    stage.pump.go_on()
    await stage.until_seq(3)


async def test_what_is_decided_when_rows_are_folded_is_decided_before_their_frame(stage: Stage) -> None:
    held: list[asyncio.Future[Appended]] = []

    def hold() -> None:
        if not held:
            body = msgspec.json.encode({"kind": "hold", "unit": "A"})
            held.append(stage.ledger.append_first([Draft("decision", "system", None, None, body)]))
            stage.pump.stand_still()
            held[0].add_done_callback(lambda _: stage.pump.go_on())

    frames: list[int] = []
    stage.board.listeners.add(lambda _base, seq, _payload: frames.append(seq))
    stage.pump.on_folded = hold
    await stage.enter(3)
    await stage.until_seq(5)
    assert frames == [5], "the entries left with the hold, none before it"
    await stage.enter(2)
    await stage.pump.folded(7)
    assert (stage.board.seq, stage.board.rows["P"][2]) == (5, 3)


async def test_topics_that_stand_still_for_a_decision_are_not_moved_or_saved_by_the_end(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    path = tmp_path / "ledger.checkpoint"
    pump = Pump(stage.ledger, now_ms=stage.clock, live_sources=list, rehearsal=False, tick_ms=20, checkpoint=path)
    pump.replay()
    await stage.enter(3)
    pump.stand_still()
    pump.save()
    assert (pump.seq, path.exists()) == (1, False)
    pump.go_on()
    pump.save()
    assert (pump.seq, path.exists()) == (4, True)
    stage.ledger.close()


# A clock that is set while it runs, and one found set at a start.


@pytest.mark.parametrize("ahead_ms", [7 * 3_600_000, 3_600_000, 90_000])
async def test_a_clock_that_is_set_back_is_followed_at_once_though_nothing_arrives(stage: Stage, ahead_ms: int) -> None:
    stage.clock.ms += 10 * MINUTE_MS + 10 * ahead_ms
    await stage.decide(kind="round", n=2, opens_ms=START_MS + 99 * ROUND_MS, closes_ms=START_MS + 100 * ROUND_MS)
    await stage.decide(kind="round", n=1, opens_ms=START_MS, closes_ms=START_MS + 99 * ROUND_MS)
    await stage.enter(3)
    stage.pump.heard("bao")
    stage.clock.ms -= ahead_ms
    async with asyncio.timeout(WAIT_S):
        while stage.board.at_ms > stage.clock.ms:  # noqa: ASYNC110 - a board has no event
            await asyncio.sleep(0.001)
    assert stage.ledger.last_received_ms == stage.clock.ms
    assert {*stage.pump.heard_ms.values()} == {stage.clock.ms}
    assert stage.pump.fold.public.counts[0]["P"][PACE] == 3
    stage.clock.ms += PACE_WINDOW_MS
    async with asyncio.timeout(WAIT_S):
        while stage.pump.fold.public.counts[0]["P"][PACE]:  # noqa: ASYNC110 - nor has a fold
            await asyncio.sleep(0.001)
    received = [row.received_ms for row in stage.ledger.read()]
    assert sum(later < earlier for earlier, later in pairwise(received)) == 1
    assert differences(stage.pump.fold, stage.ledger.read()) == []


async def test_a_start_with_a_last_row_in_the_future_goes_on_from_now(stage: Stage) -> None:
    await stage.enter(3)
    await stage.until_seq(4)
    stage.clock.ms -= 3_600_000
    again = stage.make()
    task = asyncio.create_task(again.run())
    try:
        async with asyncio.timeout(WAIT_S):
            while again.fold.now_ms > stage.clock.ms:  # noqa: ASYNC110 - a fold has no event
                await asyncio.sleep(0.001)
    finally:
        task.cancel()
    assert (again.seq, again.fold.public.counts[0]["P"][COMPLETED]) == (stage.ledger.head, 3)
    assert again.fold.heard_ms == {"web": stage.clock.ms}


async def test_a_quiet_topic_tells_its_time_after_the_clock_was_set_back(stage: Stage) -> None:
    await stage.enter()
    await stage.until_seq(2)
    unit = stage.pump.topics.find("round/2")
    assert unit is not None
    unit.listeners.add(lambda *_args: None)
    stage.clock.ms -= 3_600_000
    async with asyncio.timeout(WAIT_S):
        while unit.published_at_ms != stage.clock.ms:  # noqa: ASYNC110 - a topic has no event
            await asyncio.sleep(0.001)


async def test_an_earlier_moment_that_cannot_be_read_now_is_tried_again_and_nothing_moves_meanwhile(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.enter(5)
    await stage.until_seq(6)
    read, tries = stage.ledger.read, []

    def fail_once(after: int = 0, upto: int | None = None) -> Iterator[Row]:
        tries.append(upto)
        if len(tries) == 1:
            raise LedgerUnavailable("ledger.db: it is locked")
        return read(after, upto)

    monkeypatch.setattr(stage.ledger, "read", fail_once)
    await stage.decide(kind="withdraw", output="hall", taken_ms=stage.clock.ms)
    await stage.decide(kind="step_back", output="hall", to=3, to_ms=stage.clock.ms)
    async with asyncio.timeout(WAIT_S):
        while not tries:  # noqa: ASYNC110 - a read has no event
            await asyncio.sleep(0.001)
        while stage.board.rows["P"][2] == 5:  # noqa: ASYNC110 - nor has a board
            await asyncio.sleep(0.001)
    assert (stage.board.rows["P"][2], tries, stage.pump.back_to_ms) == (2, [3, 3], stage.clock.ms)
