"""Decisions in flight, without a ledger: who may begin, what waits behind whom, and until when they count."""

import asyncio

import pytest

from server.control.in_flight import InFlight
from server.errors import Stale, StillWriting
from streaming.decisions.decision import Decided
from streaming.errors import LedgerUnavailable
from streaming.ledger.rows import Appended

RELEASE = Decided(6, "release", "A", "account:1", 1_000)
DELAY = Decided(6, "delay", None, "account:1", 2_000)
CLEAR = Decided(6, "clear", None, "account:2", 3_000)
HOLD = Decided(6, "hold", "A", "account:2", 3_000)


def row(seq: int) -> Appended:
    return Appended(["accepted"], [seq], seq)


class Fold:
    """How far a fold has come."""

    seq = 5


class Disk:
    """A disk that keeps what it is asked to write, by name and in order."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.futures: dict[str, asyncio.Future[Appended]] = {}
        self.error: LedgerUnavailable | None = None

    def write(self, name: str) -> asyncio.Future[Appended]:
        self.asked.append(name)
        if self.error is not None:
            raise self.error
        self.futures[name] = asyncio.get_running_loop().create_future()
        return self.futures[name]


@pytest.fixture
def fold() -> Fold:
    return Fold()


@pytest.fixture
def in_flight(fold: Fold) -> InFlight:
    return InFlight(lambda: fold.seq)


def kept(in_flight: InFlight) -> list[tuple[int, str]]:
    return [(each.seq, each.kind) for each in in_flight.decisions]


def test_one_at_a_time_is_on_its_way(in_flight: InFlight) -> None:
    in_flight.begin(RELEASE)
    with pytest.raises(StillWriting, match="account:1 decided, and that is still being written: release of A"):
        in_flight.begin(DELAY)
    with pytest.raises(Stale, match="account:1 decided since: release of A") as stale:
        in_flight.begin(CLEAR)
    assert (type(stale.value), stale.value.last) == (Stale, RELEASE)
    in_flight.drop()
    in_flight.begin(CLEAR)


def test_a_decision_is_in_flight_until_the_fold_has_its_row(in_flight: InFlight, fold: Fold) -> None:
    in_flight.begin(RELEASE)
    assert kept(in_flight) == [(6, "release")]
    fold.seq = 8  # Rows of others; nobody knows yet which it will be.
    assert kept(in_flight) == [(6, "release")]
    in_flight.arrive(row(9))
    in_flight.land(HOLD, row(10))
    assert kept(in_flight) == [(9, "release"), (10, "hold")]
    fold.seq = 9
    assert kept(in_flight) == [(10, "hold")]
    in_flight.begin(DELAY)
    assert kept(in_flight) == [(10, "hold"), (6, "delay")]
    fold.seq = 10
    in_flight.drop()
    assert kept(in_flight) == []


def test_only_one_whose_operator_waits_no_longer_is_late(in_flight: InFlight) -> None:
    assert in_flight.late is None
    in_flight.begin(RELEASE)
    assert in_flight.late is None
    in_flight.be_late()
    assert in_flight.late == RELEASE
    with pytest.raises(StillWriting):
        in_flight.begin(DELAY)
    in_flight.arrive(row(6))
    in_flight.begin(CLEAR)
    assert in_flight.late is None, "the next one is in time until it is told otherwise"


async def test_what_nothing_stands_before_is_written_at_once(in_flight: InFlight) -> None:
    disk = Disk()
    assert in_flight.in_turn(lambda: disk.write("hold")) is disk.futures["hold"]
    disk.error = LedgerUnavailable("the ledger is closed")
    with pytest.raises(LedgerUnavailable):
        in_flight.in_turn(lambda: disk.write("another"))


@pytest.mark.parametrize("arrives", [True, False])
async def test_what_is_asked_for_behind_it_is_written_behind_it_in_order(in_flight: InFlight, *, arrives: bool) -> None:
    disk, rows = Disk(), row(7)
    in_flight.begin(RELEASE)
    first, second = in_flight.in_turn(lambda: disk.write("first")), in_flight.in_turn(lambda: disk.write("second"))
    assert disk.asked == []
    if arrives:
        in_flight.arrive(row(6))
    else:
        in_flight.drop()
    assert disk.asked == ["first", "second"]
    assert not first.done()
    disk.futures["first"].set_result(rows)
    disk.futures["second"].set_exception(LedgerUnavailable("the disk is gone"))
    assert await first is rows
    with pytest.raises(LedgerUnavailable, match="the disk is gone"):
        await second


async def test_what_waited_for_its_turn_is_told_if_the_ledger_takes_it_no_more(in_flight: InFlight) -> None:
    disk = Disk()
    in_flight.begin(RELEASE)
    written = [in_flight.in_turn(lambda: disk.write("hold")) for _ in range(2)]
    assert disk.asked == []
    disk.error = LedgerUnavailable("the ledger is closed")
    in_flight.arrive(row(6))
    assert disk.asked == ["hold", "hold"], "the failure of one does not keep the next from its try"
    for each in written:
        with pytest.raises(LedgerUnavailable, match="the ledger is closed"):
            await each


async def test_who_waits_for_a_write_that_is_cancelled_does_not_wait_for_ever(in_flight: InFlight) -> None:
    disk = Disk()
    in_flight.begin(RELEASE)
    written = in_flight.in_turn(lambda: disk.write("hold"))
    assert disk.asked == []
    in_flight.arrive(row(6))
    disk.futures["hold"].cancel()
    with pytest.raises(asyncio.CancelledError):
        await written


async def test_the_next_one_begins_only_behind_what_waited(in_flight: InFlight) -> None:
    disk = Disk()
    in_flight.begin(RELEASE)
    in_flight.in_turn(lambda: disk.write("hold"))
    in_flight.arrive(row(6))
    in_flight.begin(CLEAR)
    in_flight.in_turn(lambda: disk.write("another"))
    assert disk.asked == ["hold"]
    in_flight.arrive(row(8))
    assert disk.asked == ["hold", "another"]
