"""Holds that act now and are written later, without a ledger: while there is one, nothing moves."""

import asyncio

import pytest

from server.control.holds import UNWRITTEN_MAX, Holds
from streaming.decisions.decision import Decided
from streaming.errors import LedgerBusy, LedgerUnavailable
from streaming.ledger.rows import Appended


def hold(unit: str | None, *, final: bool = False) -> Decided:
    return Decided(6, "hold", unit, "account:1", 1_000, final)


def row(seq: int) -> Appended:
    return Appended(["accepted"], [seq], seq)


class Stage:
    """Topics that stand still or move, and what happened in its order."""

    def __init__(self) -> None:
        self.stands = 0
        self.happened: list[str] = []
        self.holds = Holds(self.stand_still, self.go_on, self.written)

    def stand_still(self) -> None:
        self.stands += 1

    def go_on(self) -> None:
        self.stands -= 1
        self.happened.append("on")

    def written(self, made: Decided, appended: Appended) -> None:
        assert len(self.holds.unwritten) == self.stands - 1, "it is in flight before anything moves for it"
        self.happened.append(f"{made.unit} {appended.seqs[0]}")

    def begin(self, made: Decided) -> asyncio.Future[Appended]:
        return self.holds.begin(made, asyncio.get_running_loop().create_future)


@pytest.fixture
def stage() -> Stage:
    return Stage()


async def test_a_hold_acts_until_it_is_on_disk(stage: Stage) -> None:
    written = stage.begin(hold("A"))
    assert (stage.stands, stage.holds.unwritten) == (1, (hold("A"),))
    written.set_result(row(7))
    assert stage.stands == 1
    await asyncio.sleep(0)
    assert (stage.stands, stage.holds.unwritten, stage.happened) == (0, (), ["A 7", "on"])


async def test_the_topics_stand_while_one_of_several_waits(stage: Stage) -> None:
    first, second, third = stage.begin(hold("A")), stage.begin(hold(None, final=True)), stage.begin(hold("A"))
    assert stage.holds.unwritten == (hold("A"), hold(None, final=True), hold("A")), "the same twice is two"
    for left, written in ((2, second), (1, first), (0, third)):
        written.set_result(row(7))
        await asyncio.sleep(0)
        assert (stage.stands, len(stage.holds.unwritten)) == (left, left)


async def test_one_that_is_never_written_holds_for_ever(stage: Stage) -> None:
    lost, cancelled, good = stage.begin(hold("A")), stage.begin(hold("B")), stage.begin(hold("C"))
    lost.set_exception(LedgerUnavailable("the disk is gone"))
    cancelled.cancel()
    good.set_result(row(7))
    await asyncio.sleep(0)
    assert (stage.stands, stage.holds.unwritten) == (2, (hold("A"), hold("B")))
    assert stage.happened == ["C 7", "on"]


async def test_one_that_the_ledger_does_not_take_does_not_act(stage: Stage) -> None:
    def closed() -> asyncio.Future[Appended]:
        raise LedgerUnavailable("the ledger is closed")

    with pytest.raises(LedgerUnavailable):
        stage.holds.begin(hold("A"), closed)
    assert (stage.stands, stage.holds.unwritten) == (0, ())


async def test_so_many_wait_and_one_more_is_not_even_tried(stage: Stage) -> None:
    written = [stage.begin(hold("A")) for _ in range(UNWRITTEN_MAX)]

    def never() -> asyncio.Future[Appended]:
        raise AssertionError("asked for")

    with pytest.raises(LedgerBusy, match=f"{UNWRITTEN_MAX} decisions wait to be written: nothing moves on screen"):
        stage.holds.begin(hold("B"), never)
    assert (stage.stands, len(stage.holds.unwritten)) == (UNWRITTEN_MAX, UNWRITTEN_MAX)
    written[0].set_result(row(7))
    await asyncio.sleep(0)
    stage.begin(hold("B"))
    assert stage.holds.unwritten[-1] == hold("B")
