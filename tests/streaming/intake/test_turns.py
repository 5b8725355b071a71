"""Slices: however much there is to do, everything else in the event loop has its turn between two of them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streaming.contests.units import Tree
from streaming.intake import bodies, checking
from streaming.intake.bodies import ITEMS_MAX, JSON, NDJSON, TooManyItems
from streaming.intake.intake import Intake
from streaming.intake.turns import CHEAP_ITEMS, SLICE_MS_MAX, STEP_ITEMS, Turns
from streaming.ledger.ledger import Ledger
from tests.worlds.histories import START_MS, UNITS, contest

ITEMS = 1_000


class Work:
    """A clock that goes on by ``item_ms`` with each item, and what was done of them between two turns of others."""

    def __init__(self, item_ms: float) -> None:
        self.item_ms = item_ms
        self.now_s = 0.0
        self.done: list[int] = []
        self.at_turns: list[int] = []

    def step(self, begin: int, end: int) -> None:
        self.done += range(begin, end)
        self.now_s += (end - begin) * self.item_ms / 1000

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        async def others() -> None:
            while True:
                self.at_turns.append(len(self.done))
                await asyncio.sleep(0)

        watch = asyncio.create_task(others())
        try:
            yield
        finally:
            watch.cancel()
        self.at_turns.append(len(self.done))

    @property
    def items_at_once(self) -> int:
        """The most that was done without a turn of others."""
        return max(after - before for before, after in zip(self.at_turns, self.at_turns[1:], strict=False))


@pytest.mark.parametrize("at_once", [1, 2, 4])
async def test_others_have_a_turn_after_each_slice_however_many_work(at_once: int) -> None:
    work = Work(item_ms=1.0)
    turns = Turns(lambda: work.now_s)
    async with work.watched():
        await asyncio.gather(*(turns.work(ITEMS, work.step) for _ in range(at_once)))
    assert work.items_at_once <= SLICE_MS_MAX + STEP_ITEMS
    assert sorted(work.done) == sorted([*range(ITEMS)] * at_once)


async def test_one_that_works_alone_goes_in_order_and_leaves_nothing_out() -> None:
    work = Work(item_ms=1.0)
    await Turns(lambda: work.now_s).work(ITEMS + 1, work.step)
    assert work.done == [*range(ITEMS + 1)]


async def test_who_is_cancelled_between_two_slices_keeps_nobody_waiting() -> None:
    work = Work(item_ms=1.0)
    turns = Turns(lambda: work.now_s)
    first = asyncio.create_task(turns.work(ITEMS, work.step))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert 0 < len(work.done) < ITEMS
    async with asyncio.timeout(20):
        await turns.work(1, work.step)


class Dear:
    """A clock on which each look takes as long as a slice, so that no two steps are in one."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        self.now_s += SLICE_MS_MAX / 1000
        return self.now_s


class Moved:
    """A clock that is set by ``by_ms`` once it was looked at ``looks`` times."""

    def __init__(self, by_ms: int, looks: int) -> None:
        self.by_ms, self.looks = by_ms, looks

    def moved_ms(self) -> int:
        self.looks -= 1
        return self.by_ms if self.looks < 0 else 0

    def now_ms(self) -> int:
        return START_MS + (self.by_ms if self.looks < 0 else 0)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger(tmp_path / "ledger.db", now_ms=lambda: START_MS)
    ledger.open()
    yield ledger
    ledger.close()


def intake(ledger: Ledger, clock: Moved | None = None) -> Intake:
    clock = clock or Moved(0, 0)
    return Intake(
        ledger, tree=lambda: Tree(UNITS), rounds=lambda: contest().rounds, person_key=b"k" * 32,
        now_ms=clock.now_ms, heard=lambda _source: None, monotonic_s=Dear(), moved_ms=clock.moved_ms,
    )  # fmt: skip


def items(count: int, **changes: Any) -> list[dict[str, Any]]:
    at = "2022-09-08T02:30:00Z"
    return [{"id": f"a{number}", "kind": "completed", "unit": "A1", "at": at} | changes for number in range(count)]


class Looks:
    """How often an item was read, checked or written out, and the most of that without a turn of others."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = self.at_once = 0
        for module, name in ((bodies, "read_item"), (checking, "check_quick"), (checking, "encode_body")):
            monkeypatch.setattr(module, name, self._counted(getattr(module, name)))

    def _counted(self, look: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*given: Any) -> Any:
            self.count += 1
            return look(*given)

        return counted

    async def during(self, taking: asyncio.Task[Any]) -> None:
        while not taking.done():
            before = self.count
            await asyncio.sleep(0)
            self.at_once = max(self.at_once, self.count - before)


@pytest.mark.parametrize("media", [JSON, NDJSON])
@pytest.mark.parametrize(
    "changes",
    [{}, {"unit": "Z"}, {"person": "\u0301" * 99 + "\u0334" * 101}, {"x": "x" * 200}],
    ids=["good", "bad", "marks", "large"],
)
async def test_a_batch_lets_others_have_their_turn(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, media: str, changes: dict[str, Any]
) -> None:
    looks = Looks(monkeypatch)
    encoded = [msgspec.json.encode(one) for one in items(ITEMS, **changes)]
    body = b"[" + b",".join(encoded) + b"]" if media == JSON else b"\n".join(encoded)
    taking = asyncio.create_task(intake(ledger).take("web", body, media))
    await looks.during(taking)
    taken = taking.result()
    # Two kinds of work may meet in one turn, where the last slice of one is followed by the first of the next.
    assert looks.count >= 2 * ITEMS
    assert looks.at_once <= CHEAP_ITEMS + STEP_ITEMS
    assert (taken.accepted, len(taken.rejected)) == ((0, ITEMS) if "unit" in changes else (ITEMS, 0))
    assert [row.id for row in ledger.read()] == ([] if "unit" in changes else [one["id"] for one in items(ITEMS)])
    assert [reject.index for reject in taken.rejected] == [*range(len(taken.rejected))]


async def test_of_batches_with_the_same_ids_at_once_each_is_kept_once(ledger: Ledger) -> None:
    taker, body = intake(ledger), msgspec.json.encode(items(ITEMS))
    both = await asyncio.gather(*(taker.take("web", body, JSON) for _ in range(2)))
    assert sorted((taken.accepted, taken.duplicates) for taken in both) == [(0, ITEMS), (ITEMS, 0)]


async def test_nothing_is_stored_of_a_batch_whose_sender_leaves_while_it_is_checked(ledger: Ledger) -> None:
    taker = intake(ledger)
    taking = asyncio.create_task(taker.take("web", msgspec.json.encode(items(ITEMS)), JSON))
    for _ in range(10):
        await asyncio.sleep(0)
    taking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await taking
    # Another of its size takes as long, so whatever went on of the first would be there by then.
    later = [one | {"id": f"b{number}"} for number, one in enumerate(items(ITEMS))]
    await taker.take("web", msgspec.json.encode(later), JSON)
    assert [row.id for row in ledger.read()] == [one["id"] for one in later]


async def test_a_batch_is_judged_by_the_clock_as_it_was_set_meanwhile(ledger: Ledger) -> None:
    hour_ms = 3_600_000
    # Looked at when it is made and before the check, and then it is set.
    clock = Moved(hour_ms, looks=2)
    body = msgspec.json.encode(items(ITEMS, at="2022-09-08T03:15:00Z"))
    taken = await intake(ledger, clock).take("web", body, JSON)
    assert (taken.accepted, taken.rejected) == (ITEMS, ())


async def test_far_too_many_items_are_refused_before_they_are_made(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def all_at_once(_body: bytes) -> None:
        raise AssertionError("a million items were made in one go")

    class Never:
        decode = staticmethod(all_at_once)

    monkeypatch.setattr("streaming.intake.bodies._many_raw", Never())
    monkeypatch.setattr("streaming.intake.bodies._many", Never())
    with pytest.raises(TooManyItems):
        await intake(ledger).take("web", b"[" + b"{}," * 1_000_000 + b"{}]", JSON)


async def test_far_too_many_lines_are_refused_before_they_are_made(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bytes] = []

    class Lines(BytesIO):
        def __next__(self) -> bytes:
            made.append(super().__next__())
            return made[-1]

    monkeypatch.setattr("streaming.intake.bodies.BytesIO", Lines)
    with pytest.raises(TooManyItems):
        await intake(ledger).take("web", b"{}\n" * 1_000_000, NDJSON)
    assert len(made) == ITEMS_MAX + 1
