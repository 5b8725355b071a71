"""A store that is opened again: it stands at its checkpoint if that fits, and else counts every row again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.app import App
from server.ops.doctor import check_files
from server.store import Store
from streaming.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from streaming.errors import LedgerMismatch
from streaming.fold.fold import FOLD_VERSION
from streaming.topics.topic import TopicState
from tests.worlds.apps import app_of, take
from tests.worlds.serving import until

LEAF, TOP = "P1D1X1", "P1"
WRONG = 999


@contextmanager
def opened(data: Path) -> Iterator[Store]:
    """The live store of an app that has been opened and is closed again, which writes a checkpoint."""
    app: App = app_of(data)
    app.open()
    try:
        yield app.state.live
    finally:
        app.close()


def board_total(store: Store) -> Any:
    return store.topic("board").rows[TOP][2]


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """The checkpoint of a store with three entries, which says that there are 999."""
    with opened(tmp_path) as store:
        take(store, [(LEAF, "completed", None)] * 3)
        assert board_total(store) == 3
    path = tmp_path / "ledger.checkpoint"
    saved = saved_in(path)
    rows = saved.topics["board"].rows
    seq, cells = rows[TOP]
    assert cells is not None
    wrong = TopicState(saved.topics["board"].since, rows | {TOP: (seq, (*cells[:2], WRONG, *cells[3:]))}, {})
    write_checkpoint(path, msgspec.structs.replace(saved, topics=saved.topics | {"board": wrong}))
    return path


def saved_in(path: Path) -> Checkpoint:
    saved = read_checkpoint(path)
    assert saved is not None
    return saved


def test_a_checkpoint_that_fits_is_what_a_store_stands_at(checkpoint: Path) -> None:
    with opened(checkpoint.parent) as store:
        assert store.pump.is_behind
        assert board_total(store) == WRONG


@pytest.mark.parametrize(
    ("change", "restores"),
    [
        ({"v": 0}, 0),
        ({"fold_version": FOLD_VERSION + 1}, 0),
        ({"fold_version": FOLD_VERSION - 1}, 0),
        ({"restores": 1}, 0),
        ({"contest_digest": "of other targets"}, 0),
        ({"chain": b"of other rows...", "seq": 2}, 1),
    ],
    ids=str,
)
def test_one_that_does_not_fit_is_gone_and_every_row_is_counted_again(
    checkpoint: Path, change: dict[str, Any], restores: int
) -> None:
    write_checkpoint(checkpoint, msgspec.structs.replace(saved_in(checkpoint), **change))
    with opened(checkpoint.parent) as store:
        assert not store.pump.is_behind
        assert not checkpoint.exists()
        assert board_total(store) == 3
        assert store.pump.fold.seq == store.ledger.head == 4
        # Only where rows are others than those that screens have seen do their positions mean nothing any more.
        assert store.ledger.restores == restores
    assert saved_in(checkpoint).fold_version == FOLD_VERSION


def test_one_of_another_ledger_stops_the_start(checkpoint: Path) -> None:
    write_checkpoint(checkpoint, msgspec.structs.replace(saved_in(checkpoint), ledger_id="of another ledger"))
    with pytest.raises(LedgerMismatch, match=r"ledger\.checkpoint: it was written beside another ledger .* remove"):
        app_of(checkpoint.parent).open()
    checkpoint.unlink()
    with opened(checkpoint.parent) as store:
        assert board_total(store) == 3


async def test_a_ledger_that_lacks_rows_that_were_shown_is_told_of(checkpoint: Path) -> None:
    write_checkpoint(checkpoint, msgspec.structs.replace(saved_in(checkpoint), seq=9))
    told = "ledger.db: rows are gone that were shown up to row 9"
    found = check_files(checkpoint.parent)
    assert (found.verdict, found.found.partition(": an older")[0]) == ("warn", told)
    with opened(checkpoint.parent) as store:
        for _ in range(2):
            store.watch.look()
            alarms = [each for each in store.watch.topic.state["alarms"] if each.rule == "put_back"]
            assert [(each.subject, each.past, each.detail) for each in alarms] == [("ledger.db", False, {"count": 9})]


async def test_a_checkpoint_that_the_rows_refute_alarms(checkpoint: Path) -> None:
    with opened(checkpoint.parent) as store:
        task = asyncio.create_task(store.pump.run())
        await until(lambda: not store.pump.is_behind)
        assert board_total(store) == 3
        store.watch.look()
        alarms = [each for each in store.watch.topic.state["alarms"] if each.rule == "checkpoint"]
        assert [(each.subject, each.level, each.detail) for each in alarms] == [("ledger.db", "alert", {"count": 1})]
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
