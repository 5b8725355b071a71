"""What the clocks of sources say of ours, and what becomes of entries that would lie in the future."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from streaming.contests.units import Tree
from streaming.errors import ClockWrong
from streaming.intake.intake import CLOCK_AHEAD_MS_MAX, Intake, Receipt
from streaming.intake.witnesses import HEARD_S_MAX, ITEMS_KEPT, LATE_MS_MAX, NEAR_MS, SENT_LATE_MS_MAX, Witnesses
from streaming.ledger.ledger import Ledger
from streaming.participation import FUTURE_MS_MAX
from tests.worlds.clocks import Clock, Stopwatch
from tests.worlds.histories import HOUR_MS, START_MS, UNITS, contest

TEN_MIN_MS = 600_000


@pytest.fixture
def clock() -> Clock:
    return Clock(START_MS)


@pytest.fixture
def stopwatch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def witnesses(stopwatch: Stopwatch) -> Witnesses:
    return Witnesses(stopwatch)


@pytest.fixture
def intake(tmp_path: Path, clock: Clock, stopwatch: Stopwatch) -> Iterator[Intake]:
    ledger = Ledger(tmp_path / "ledger.db", now_ms=clock)
    ledger.open()
    yield Intake(
        ledger,
        tree=lambda: Tree(UNITS),
        rounds=lambda: contest().rounds,
        person_key=b"k" * 32,
        now_ms=clock,
        heard=lambda _source: None,
        monotonic_s=stopwatch,
        moved_ms=lambda: clock.set_by_ms,
    )
    ledger.close()


class Sender:
    """A source that sends what happens at once, by a clock of its own."""

    def __init__(self, intake: Intake, clock: Clock, name: str, ahead_ms: int = 0) -> None:
        self.intake, self.clock, self.name, self.ahead_ms = intake, clock, name, ahead_ms
        self.sent = 0

    def item(self, ahead_ms: int | None = None) -> dict[str, Any]:
        self.sent += 1
        at_ms = self.clock.ms + (self.ahead_ms if ahead_ms is None else ahead_ms)
        at = datetime.fromtimestamp(at_ms / 1000, UTC).isoformat()
        return {"id": f"{self.name}{self.sent}", "kind": "completed", "unit": "A1", "at": at}

    async def send(self, *ahead_ms: int | None) -> Receipt:
        """Send a batch; each item as far ahead as given, as the source's clock is where that is None."""
        items = [self.item(each) for each in ahead_ms or (None,)]
        return await self.intake.take(self.name, msgspec.json.encode(items), "application/json")


def codes(taken: Receipt) -> list[str]:
    return [reject.code for reject in taken.rejected]


# The voices.


def test_nobody_has_said_anything(witnesses: Witnesses) -> None:
    assert witnesses.behind_ms is None
    witnesses.hear("web", [])
    witnesses.hear("web", [-LATE_MS_MAX - 1] * 5)
    assert witnesses.behind_ms is None


@pytest.mark.parametrize(
    ("voices", "behind_ms"),
    [
        ({"web": [TEN_MIN_MS]}, TEN_MIN_MS),
        ({"web": [NEAR_MS]}, None),
        ({"web": [NEAR_MS + 1]}, NEAR_MS + 1),
        ({"web": [TEN_MIN_MS], "bao": [-2_000]}, None),
        ({"web": [TEN_MIN_MS], "bao": [TEN_MIN_MS - 5_000], "app": [-2_000]}, TEN_MIN_MS - 5_000),
        ({"web": [TEN_MIN_MS], "bao": [-2_000], "app": [-1]}, None),
        ({"web": [TEN_MIN_MS, -1, -1]}, None),
        ({"web": [-1, TEN_MIN_MS, TEN_MIN_MS]}, TEN_MIN_MS),
        ({"web": [TEN_MIN_MS] * 50 + [0] * ITEMS_KEPT}, None),
    ],
)
def test_more_must_say_ahead_than_vouch_for_us(
    witnesses: Witnesses, voices: dict[str, list[int]], behind_ms: int | None
) -> None:
    for source, ahead_ms in voices.items():
        witnesses.hear(source, ahead_ms)
    assert witnesses.behind_ms == behind_ms


def test_who_has_sent_nothing_for_long_has_no_voice(witnesses: Witnesses, stopwatch: Stopwatch) -> None:
    witnesses.hear("web", [0])
    witnesses.hear("bao", [TEN_MIN_MS])
    assert witnesses.behind_ms is None
    stopwatch.s += HEARD_S_MAX - 1
    witnesses.hear("bao", [TEN_MIN_MS])
    assert witnesses.behind_ms is None
    stopwatch.s += 1
    assert witnesses.behind_ms == TEN_MIN_MS
    stopwatch.s += HEARD_S_MAX
    assert witnesses.behind_ms is None


@pytest.mark.parametrize(
    ("clocks_ms", "off_ms"),
    [
        ({"web": TEN_MIN_MS}, TEN_MIN_MS),
        ({"web": -TEN_MIN_MS}, -TEN_MIN_MS),
        ({"web": -SENT_LATE_MS_MAX}, None),
        ({"web": 0}, None),
        ({"web": -TEN_MIN_MS, "bao": 0}, None),
        ({"web": -TEN_MIN_MS, "bao": -TEN_MIN_MS, "app": TEN_MIN_MS}, -TEN_MIN_MS),
    ],
)
def test_a_source_that_signs_tells_its_clock_itself(
    witnesses: Witnesses, clocks_ms: dict[str, int], off_ms: int | None
) -> None:
    witnesses.hear("web", [HOUR_MS] * 3)
    for source, ahead_ms in clocks_ms.items():
        witnesses.hear_clock(source, ahead_ms)
    assert witnesses.off_ms == off_ms
    witnesses.shift(TEN_MIN_MS)
    witnesses.shift(-TEN_MIN_MS)
    assert witnesses.off_ms == off_ms


def test_a_signature_that_comes_again_says_nothing(witnesses: Witnesses, stopwatch: Stopwatch) -> None:
    witnesses.hear_clock("web", 0)
    stopwatch.s += 60
    witnesses.hear_clock("web", -TEN_MIN_MS)
    assert witnesses.off_ms is None
    witnesses.hear_clock("web", TEN_MIN_MS)
    assert witnesses.off_ms == TEN_MIN_MS
    # Of a source with two machines, the one that is on time vouches for our clock.
    witnesses.hear_clock("web", -1_000)
    assert witnesses.off_ms is None


def test_a_clock_that_was_set_is_known_before_anybody_sends(witnesses: Witnesses) -> None:
    witnesses.hear("web", [-2_000] * 9)
    witnesses.shift(-TEN_MIN_MS)
    assert witnesses.behind_ms == TEN_MIN_MS - 2_000
    witnesses.shift(TEN_MIN_MS)
    assert witnesses.behind_ms is None


# The intake.


async def test_with_the_server_slow_nothing_good_is_refused_for_good(intake: Intake, clock: Clock) -> None:
    web, bao = Sender(intake, clock, "web", TEN_MIN_MS), Sender(intake, clock, "bao", TEN_MIN_MS + 900)
    for sender in (web, bao, web):
        with pytest.raises(ClockWrong, match=r"^the server's clock is 60[01] s behind what sources tell$"):
            await sender.send(None, None)
    clock.set(TEN_MIN_MS)
    web.ahead_ms = bao.ahead_ms = 0
    web.sent = bao.sent = 0
    assert [(await sender.send(None, None)).accepted for sender in (web, bao, web)] == [2, 2, 2]
    assert intake.counters["web"].rejected == {}


async def test_with_the_server_set_back_while_it_runs_not_one_entry_is_lost(intake: Intake, clock: Clock) -> None:
    web = Sender(intake, clock, "web", -1_000)
    for _ in range(30):
        await web.send()
    clock.set(-HOUR_MS)
    web.ahead_ms += HOUR_MS
    with pytest.raises(ClockWrong) as caught:
        await web.send()
    assert (caught.value.off_ms, caught.value.retry_after_s) == (HOUR_MS - 1_000, 30.0)


async def test_one_source_with_a_wrong_clock_is_told_so_and_stops_nobody(intake: Intake, clock: Clock) -> None:
    right, wrong = Sender(intake, clock, "web"), Sender(intake, clock, "bao", TEN_MIN_MS)
    for _ in range(3):
        assert (await right.send()).accepted == 1
        assert codes(await wrong.send(None, None)) == ["future_time", "future_time"]


async def test_among_good_items_a_bad_one_is_named_and_the_others_kept(intake: Intake, clock: Clock) -> None:
    web = Sender(intake, clock, "web")
    taken = await web.send(0, -3_000, TEN_MIN_MS, 0)
    assert (taken.accepted, codes(taken)) == (3, ["future_time"])
    for _ in range(9):
        assert codes(await web.send(TEN_MIN_MS)) == ["future_time"]
        await web.send(0)


async def test_an_item_that_lies_in_the_future_of_the_sources_too_is_refused(intake: Intake, clock: Clock) -> None:
    web = Sender(intake, clock, "web", 4 * 60_000)
    assert (await web.send(None, None, None)).accepted == 3
    assert intake.witnesses.behind_ms == 4 * 60_000
    far_ms = 4 * 60_000 + FUTURE_MS_MAX
    with pytest.raises(ClockWrong):
        await web.send(None, far_ms)
    assert codes(await web.send(None, far_ms + 1_000)) == ["future_time"]
    assert codes(await web.send(365 * 24 * HOUR_MS)) == ["future_time"]


async def test_an_item_with_another_fault_is_no_ground_to_send_again(intake: Intake, clock: Clock) -> None:
    web = Sender(intake, clock, "web", 4 * 60_000)
    await web.send(None, None, None)
    bad = web.item(TEN_MIN_MS - 120_000) | {"unit": "zz"}
    taken = await intake.take("web", msgspec.json.encode([bad]), "application/json")
    assert codes(taken) == ["future_time"]


@pytest.mark.parametrize("far_ms", [CLOCK_AHEAD_MS_MAX + 1_000, 365 * 24 * HOUR_MS, 7_900 * 365 * 24 * HOUR_MS])
async def test_an_instant_that_no_clock_can_tell_stops_no_batch(intake: Intake, clock: Clock, far_ms: int) -> None:
    clock.ms = contest().rounds[-1].closes_ms + HOUR_MS
    web = Sender(intake, clock, "web")
    # What else is in the batch is old, so that nothing vouches for our clock.
    taken = await web.send(-3 * HOUR_MS, far_ms, -3 * HOUR_MS)
    assert (taken.accepted, codes(taken), intake.witnesses.off_ms) == (2, ["future_time"], None)


async def test_days_ahead_before_the_first_round_our_clock_is_to_blame(intake: Intake, clock: Clock) -> None:
    clock.ms = contest().rounds[0].opens_ms - 9 * CLOCK_AHEAD_MS_MAX
    web = Sender(intake, clock, "web", 3 * CLOCK_AHEAD_MS_MAX)
    with pytest.raises(ClockWrong):
        await web.send()


async def test_days_ahead_in_a_round_our_clock_is_to_blame(intake: Intake, clock: Clock) -> None:
    opens_ms = contest().rounds[0].opens_ms
    clock.ms = opens_ms - 9 * CLOCK_AHEAD_MS_MAX
    web = Sender(intake, clock, "web", opens_ms + 1_000 - clock.ms)
    with pytest.raises(ClockWrong):
        await web.send()


async def test_a_backlog_says_nothing_of_a_clock(intake: Intake, clock: Clock) -> None:
    web, bao = Sender(intake, clock, "web", -3 * HOUR_MS), Sender(intake, clock, "bao", TEN_MIN_MS)
    assert (await web.send(None, None)).accepted == 2
    with pytest.raises(ClockWrong):
        await bao.send()
