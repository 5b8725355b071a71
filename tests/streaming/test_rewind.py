"""An earlier moment is counted again between whatever else the loop does, one at a time, and kept for a while."""

import asyncio

import pytest

from streaming.errors import LedgerBusy
from streaming.fold.earlier import RowsInHand
from streaming.fold.tally import ALL, COMPLETED
from streaming.rewind import KEPT_S, Rewind
from tests.worlds.clocks import Stopwatch
from tests.worlds.folds import opened

ROWS = 400


@pytest.fixture
def rows() -> RowsInHand:
    writer = opened()
    for number in range(ROWS):
        writer.take(f"e{number}", unit="A1")
    return RowsInHand(writer.rows)


async def test_others_have_their_turn_while_it_is_made(rows: RowsInHand) -> None:
    watch, turns = Stopwatch(), []

    def late_s() -> float:
        watch.s += 1.0
        return watch.s

    rewind = Rewind(rows, monotonic_s=late_s, on_turn=lambda: turns.append(watch.s))
    fold = await rewind.fold(301, ROWS)
    assert fold.public.counts[ALL]["P"][COMPLETED] == 300
    assert len(turns) == 6


async def test_who_asks_while_another_is_made_is_told_and_who_must_have_one_waits(rows: RowsInHand) -> None:
    watch = Stopwatch()

    def late_s() -> float:
        watch.s += 1.0
        return watch.s

    rewind = Rewind(rows, monotonic_s=late_s)
    first = asyncio.create_task(rewind.fold(300, ROWS))
    await asyncio.sleep(0)
    with pytest.raises(LedgerBusy, match="another earlier moment"):
        await rewind.try_fold(200, ROWS)
    second = await rewind.fold(200, ROWS)
    assert ((await first).seq, second.seq) == (300, 200)


async def test_the_last_one_is_kept_for_whoever_decides_about_it_and_no_longer(rows: RowsInHand) -> None:
    watch = Stopwatch()
    rewind = Rewind(rows, monotonic_s=watch)
    fold = await rewind.try_fold(300, ROWS)
    assert await rewind.fold(300, ROWS) is fold
    assert rewind.fold_at_once(300, ROWS) is fold
    watch.s += KEPT_S
    rewind.turn()
    assert rewind.fold_at_once(300, ROWS) is not fold
