"""A run that goes on from a checkpoint shows what one from the first row shows; past 350 lines, on one stage."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streaming.checkpoint import (
    Checkpoint,
    Resumed,
    objection_to,
    read_checkpoint,
    write_checkpoint,
)
from streaming.contests.contest import Contest, encode_contest
from streaming.errors import LedgerBusy, LedgerUnavailable
from streaming.fold.fold import FOLD_VERSION
from streaming.ledger.ledger import Ledger
from streaming.ledger.rows import Draft
from streaming.participation import Participation, content_digest, encode_body
from streaming.pump import Pump
from streaming.topics.state import Near
from streaming.topics.topic import Topic, TopicState
from streaming.topics.topics import Topics
from tests.worlds.histories import START_MS, contest

WAIT_S = 20.0


def topic_of(topics: Topics, name: str) -> Topic:
    topic = topics.find(name)
    assert topic is not None
    return topic


class Stage:
    """A ledger on disk, and pumps on it one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "ledger.checkpoint"
        self.entries = 0
        self.ledger = self.open()
        self.ledger.append_now([contest_row(contest())])

    def open(self) -> Ledger:
        ledger = Ledger(self.folder / "ledger.db", now_ms=lambda: START_MS)
        ledger.open()
        return ledger

    def pump(self) -> Pump:
        return Pump(
            self.ledger, now_ms=lambda: START_MS, live_sources=list, rehearsal=False, tick_ms=20,
            checkpoint=self.path,
        )  # fmt: skip

    def enter(self, count: int, unit: str = "A1") -> None:
        """Append while no pump runs."""
        self.ledger.append_now(self.drafts(count, unit))

    async def arrive(self, count: int, unit: str = "A1") -> None:
        """Append while a pump runs."""
        await self.ledger.append(self.drafts(count, unit))

    def drafts(self, count: int, unit: str) -> list[Draft]:
        drafts = []
        for _ in range(count):
            self.entries += 1
            item = Participation(kind="completed", at=START_MS, unit=unit)
            drafts.append(Draft("participation", "web", f"e{self.entries}", content_digest(item), encode_body(item)))
        return drafts

    def saved(self) -> Checkpoint:
        found = read_checkpoint(self.path)
        assert found is not None
        return found

    def resumed(self) -> Pump:
        assert objection_to(self.saved(), self.ledger, contest()) is None
        pump = self.pump()
        pump.resume(self.saved(), contest())
        return pump


def contest_row(of: Contest) -> Draft:
    body = msgspec.json.encode({"kind": "contest", "contest": msgspec.json.decode(encode_contest(of))})
    return Draft("decision", "system", None, None, body)


@pytest.fixture
def stage(tmp_path: Path) -> Any:
    stage = Stage(tmp_path)
    yield stage
    stage.ledger.close()


@asynccontextmanager
async def running(pump: Pump) -> AsyncIterator[None]:
    task = asyncio.create_task(pump.run())
    yield
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not holds():  # noqa: ASYNC110 - nobody tells when it is so
            await asyncio.sleep(0.001)


async def test_a_pump_stands_at_its_checkpoint_at_once_and_at_the_head_after_the_replay(stage: Stage) -> None:
    stage.enter(3)
    first = stage.pump()
    first.replay()
    first.save()
    before = topic_of(first.topics, "board").snapshot()
    stage.enter(2, "B1")
    pump = stage.resumed()
    board = topic_of(pump.topics, "board")
    assert (pump.is_behind, pump.seq, board.snapshot()) == (True, 4, before)
    assert (pump.contest, pump.rounds) == (contest(), contest().rounds)
    frames: list[tuple[int, int, bytes]] = []
    board.listeners.add(lambda *frame: frames.append(frame))
    async with running(pump):
        await until(lambda: not pump.is_behind)
        await stage.arrive(1, "B1")
        await until(lambda: pump.seq == 7)
    assert [(base, seq) for base, seq, _ in frames] == [(4, 6), (6, 7)]
    assert board.rows["P"][2] == 6
    assert pump.counters.checkpoints_wrong == 0


async def test_topics_are_behind_what_the_earlier_run_told_until_the_replay_is_done(stage: Stage) -> None:
    stage.enter(3)
    first = stage.pump()
    first.replay()
    first.save()
    pump = stage.resumed()
    assert (topic_of(pump.topics, "board").is_behind, topic_of(pump.topics, "unit/B2").is_behind) == (True, True)
    async with running(pump):
        await until(lambda: not pump.is_behind)
    assert not [topic.name for topic in pump.topics.all if topic.is_behind]


async def test_a_checkpoint_that_the_ledger_refutes_alarms_and_begins_a_new_epoch(stage: Stage) -> None:
    stage.enter(3)
    first = stage.pump()
    first.replay()
    first.save()
    saved = stage.saved()
    rows = saved.topics["board"].rows
    rows["P"] = (rows["P"][0], (9, 9, 999, 9, None, None, 1, 0))
    write_checkpoint(stage.path, saved)
    pump = stage.resumed()
    board = topic_of(pump.topics, "board")
    epoch = board.epoch
    assert board.rows["P"][2] == 999
    async with running(pump):
        await until(lambda: not pump.is_behind)
    assert board.rows["P"][2] == 3
    assert board.epoch != epoch
    assert (pump.counters.checkpoints_wrong, stage.ledger.restores) == (1, 1)


def test_a_checkpoint_is_compared_topic_by_topic_those_of_units_too(stage: Stage) -> None:
    stage.enter(3)
    pump = stage.pump()
    pump.replay()
    for name in ("unit/A1", "unit/B"):
        topic_of(pump.topics, name)
    pump.save()
    saved = stage.saved()
    assert Resumed(saved, contest()).differences(pump.fold) == []
    rows = saved.topics["unit/A1"].rows
    rows["A1"] = (rows["A1"][0], (9, 9, 999, 9, None, None, 1, 0))
    saved.topics["unit/B"].state["near"] = (4, Near(ahead="X"))
    saved.topics["unit/gone"] = TopicState(1, {"gone": (1, (1, 1, 1, 1, None, None, 1, 0))}, {})
    differences = Resumed(saved, contest()).differences(pump.fold)
    assert [line.partition(":")[0] for line in differences] == ["unit/A1 A1", "unit/B near", "unit/gone gone"]


async def test_a_checkpoint_that_cannot_be_noted_as_wrong_is_tried_again_and_ends_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.enter(3)
    first = stage.pump()
    first.replay()
    first.save()
    saved = stage.saved()
    rows = saved.topics["board"].rows
    rows["P"] = (rows["P"][0], (9, 9, 999, 9, None, None, 1, 0))
    write_checkpoint(stage.path, saved)
    refusals = iter([LedgerUnavailable("ledger.db: the disk is full"), LedgerBusy("20000 rows wait to be written")])
    note_restore = stage.ledger.note_restore

    def note_late() -> None:
        for error in refusals:
            raise error
        note_restore()

    monkeypatch.setattr(stage.ledger, "note_restore", note_late)
    monkeypatch.setattr("streaming.pump.RESTORE_RETRY_S", 0.0)
    pump = stage.resumed()
    epoch = topic_of(pump.topics, "board").epoch
    async with running(pump):
        await until(lambda: not pump.is_behind)
    assert topic_of(pump.topics, "board").rows["P"][2] == 3
    assert topic_of(pump.topics, "board").epoch != epoch
    assert (pump.counters.checkpoints_wrong, stage.ledger.restores) == (1, 1)


async def test_while_topics_stand_still_no_checkpoint_names_rows_that_they_do_not_show(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("streaming.checkpoint.CHECKPOINT_S", 0.0)
    pump = stage.pump()
    pump.replay()
    async with running(pump):
        await stage.arrive(2)
        await until(lambda: stage.path.exists() and stage.saved().seq == 3)
        pump.stand_still()
        await stage.arrive(2)
        await pump.folded(5)
        await stage.arrive(1)
        await pump.folded(6)  # So the turn of rows 4 and 5 has ended.
        assert (pump.seq, stage.saved().seq) == (3, 3)
        pump.go_on()
        await until(lambda: stage.saved().seq == 6)
    assert Resumed(stage.saved(), contest()).differences(pump.fold) == []


async def test_while_it_runs_a_pump_saves_what_moved(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streaming.checkpoint.CHECKPOINT_S", 0.0)
    pump = stage.pump()
    pump.replay()
    async with running(pump):
        await stage.arrive(2)
        await until(lambda: pump.seq == 3)
        await until(stage.path.exists)
    assert stage.saved().seq == 3


def test_the_checkpoint_of_another_ledger_contest_version_or_history_is_not_used(stage: Stage) -> None:
    stage.enter(1)
    pump = stage.pump()
    pump.replay()
    pump.save()
    saved = stage.saved()
    assert objection_to(saved, stage.ledger, contest()) is None
    for change in (
        {"v": 0}, {"fold_version": FOLD_VERSION + 1}, {"ledger_id": "other"}, {"restores": 1}, {"chain": b"x" * 16},
        {"seq": 1}, {"seq": 99}, {"contest_digest": "other"},
    ):  # fmt: skip
        assert objection_to(msgspec.structs.replace(saved, **change), stage.ledger, contest()) is not None, change


@pytest.mark.parametrize("fault", ["torn", "empty", "noise", "folder", "none"])
def test_a_file_that_is_no_checkpoint_is_none(stage: Stage, fault: str) -> None:
    pump = stage.pump()
    pump.replay()
    pump.save()
    data = stage.path.read_bytes()
    match fault:
        case "torn":
            stage.path.write_bytes(data[:-1])
        case "empty":
            stage.path.write_bytes(b"")
        case "noise":
            stage.path.write_bytes(b"\x00" * len(data))
        case "folder":
            stage.path.unlink()
            stage.path.mkdir()
        case _:
            stage.path.unlink()
    assert read_checkpoint(stage.path) is None


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(stage: Stage) -> None:
    pump = stage.pump()
    pump.replay()
    pump.save()
    before = stage.path.read_bytes()
    stage.path.with_suffix(".new").mkdir()
    stage.enter(1)
    pump.save()
    assert stage.path.read_bytes() == before
