"""What is on air is everybody's to see; what is prepared or on its way, and who does it, is for those who steer."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from server.control.asked import (
    ASKED,
    BackAsked,
    DelayAsked,
    FollowAsked,
    LaunchAsked,
    LockAsked,
    PanicAsked,
    StandbyAsked,
    StepAsked,
    TakeAsked,
    TickAsked,
    UnlockAsked,
    WithdrawAsked,
)
from server.control.asked_button import PRESSED, TryAsked
from server.control.asked_evening import (
    ArmAsked,
    HoldItemAsked,
    HostAsked,
    NextAsked,
    PrepareAsked,
    RundownAsked,
    SkipAsked,
)
from server.control.asking import Asked
from streaming.ledger.rows import Draft
from streaming.program.output import Hand
from streaming.program.rundown import Item
from streaming.program.steering import PRESS_AGAIN_MS
from tests.worlds.apps import LEAF, NOW_MS, take
from tests.worlds.clocks import Clock
from tests.worlds.public import Public, public

DELAY_MS = 30_000
MINH, DEVICE = Hand("account:7", output="tv1"), Hand("key:companion", output="tv1")
LAN, BOSS = Hand("account:8"), Hand("account:9", may_break=True)
REASON = "mất liên lạc với đạo diễn"
OUTPUTS = ("hall", "points", "tv1", "tv2")


RESULT = re.compile(r'class="result(?: leads)?" data-code="(\w+)"')
PAINTED = re.compile(r' data-now-ms="\d+"')


class Ceremony:
    """The hall's output, one that follows it late (tv2), and a director's (tv1), looked at by a stranger."""

    def __init__(self, seen: Public, clock: Clock) -> None:
        self.seen = seen
        self.clock = clock
        self.state = seen.app.state
        for name in ("tv1", "tv2"):
            self.call(self.state.outputs.add, name, LAN)
        self.do("tv2", FollowAsked(output="hall"))
        self.do("hall", StandbyAsked())
        self.do("hall", TakeAsked(scene="live"))
        self.do("tv2", DelayAsked(delay_ms=DELAY_MS))

    def call(self, act: Callable[..., Any], *given: Any) -> None:
        """Do something where the app does it."""
        assert self.seen.client.portal is not None
        self.seen.client.portal.call(act, *given)

    def do(self, output: str, asked: Asked, hand: Hand = LAN) -> None:
        """Steer, and let so much time pass that the next press is no second one."""
        self.call(self.state.outputs.steer, output, hand, asked)
        self.clock.ms += PRESS_AGAIN_MS

    def walk(self, names: tuple[str, ...]) -> dict[str, str]:
        """Everything that a stranger may ask of outputs, but for the time at which a page was painted, and
        the test picture's clock."""
        found = (each for name in names for each in self.seen.of_output(name).items())
        return {address: PAINTED.sub("", text) for address, text in found if not address.startswith("/scenes/test")}


@pytest.fixture
def ceremony(tmp_path: Path) -> Iterator[Ceremony]:
    clock = Clock(NOW_MS)
    with public(tmp_path / "data", now_ms=clock, elapsed_ms=clock.elapsed) as seen:
        yield Ceremony(seen, clock)


def hold_and_break(each: Ceremony) -> None:
    each.do("tv1", LockAsked(), MINH)
    each.do("tv1", UnlockAsked(reason=REASON), BOSS)


def tell_tally(each: Ceremony) -> None:
    each.call(lambda: each.state.outputs.tell_tally("tv1", DEVICE, on=True))


def take_behind_stillness(each: Ceremony) -> None:
    each.do("hall", TakeAsked(scene="standby"))


def withdraw(each: Ceremony) -> None:
    each.call(each.state.withdrawals.withdraw, "hall", LAN, WithdrawAsked())


def let_numbers_come(each: Ceremony) -> None:
    take(each.state.live, [(LEAF, "completed", f"new-{number}") for number in range(7)])


def take_while_late(each: Ceremony) -> None:
    each.do("tv1", DelayAsked(delay_ms=DELAY_MS), MINH)
    each.do("hall", StandbyAsked())


def hold_numbers(each: Ceremony) -> None:
    hold = msgspec.json.encode({"kind": "hold", "unit": None})
    each.state.live.ledger.append_now([Draft("decision", "account:8", None, None, hold)])
    each.state.live.pump.replay()


def follow_late(each: Ceremony) -> None:
    each.do("tv1", FollowAsked(output="hall"), MINH)


def nothing(_each: Ceremony) -> None:
    """The ceremony as it is."""


def walk_through(each: Ceremony) -> None:
    each.do("hall", RundownAsked(items=(Item(id="a", title="Bí mật", say="Bí mật"),)))
    each.do("hall", PrepareAsked(item="a"))
    each.do("hall", ArmAsked(item="a"))
    each.do("hall", HostAsked(text="Bí mật"))
    each.do("hall", NextAsked())


def edit_and_tick(each: Ceremony) -> None:
    items = (Item(id="a", title="Bí mật"), Item(id="b", title="Bí mật"))
    each.do("hall", RundownAsked(items=items))
    each.do("hall", SkipAsked(item="b"))
    each.do("hall", HoldItemAsked(item="b"))
    each.do("hall", TickAsked(line="telephone", note="Bí mật"))
    each.do("hall", TryAsked())
    each.call(lambda: each.state.outputs.mark("hall", LAN, "Bí mật"))


PREPARED: dict[str, tuple[Callable[[Ceremony], None], Callable[[Ceremony], None], tuple[str, ...]]] = {
    "a lock": (nothing, lambda each: each.do("tv1", LockAsked(), MINH), OUTPUTS),
    "a lock that is broken, and why": (nothing, hold_and_break, OUTPUTS),
    "the scene before in preview": (nothing, lambda each: each.do("hall", BackAsked()), OUTPUTS),
    "a take on its way": (nothing, lambda each: each.do("hall", StandbyAsked()), ("tv1", "tv2")),
    "a follow that is due later": (take_while_late, follow_late, OUTPUTS),
    "a cue far ahead": (
        nothing, lambda each: each.do("hall", LaunchAsked(at_ms=each.clock.ms + 600_000)), OUTPUTS
    ),
    "a take behind a still picture": (
        lambda each: each.do("hall", PanicAsked()), take_behind_stillness, ("hall",)
    ),
    "a rundown, and what has no scene of it": (nothing, walk_through, OUTPUTS),
    "an edit, a tick, a try and a mark": (nothing, edit_and_tick, OUTPUTS),
    "a tally": (nothing, tell_tally, OUTPUTS),
    "that the hall checks its numbers": (nothing, withdraw, ("tv1",)),
    "numbers on their way": (nothing, let_numbers_come, ("tv2",)),
    "numbers behind a still picture": (lambda each: each.do("hall", PanicAsked()), let_numbers_come, ("hall",)),
    "numbers that the gate keeps back": (hold_numbers, let_numbers_come, OUTPUTS),
}  # fmt: skip
"""What is done before anybody looks, what is prepared then, and the outputs that strangers see unchanged."""


@pytest.mark.parametrize("what", PREPARED)
def test_strangers_see_nothing_of_what_is_prepared(ceremony: Ceremony, what: str) -> None:
    first, prepare, names = PREPARED[what]
    first(ceremony)
    before, known = ceremony.walk(names), [output.told() for output in ceremony.state.outputs.all]
    prepare(ceremony)
    after = ceremony.walk(names)
    assert {address: text for address, text in after.items() if before[address] != text} == {}
    told = [output.told() for output in ceremony.state.outputs.all]
    assert what == "a tally" or what.startswith("numbers") or told != known, "nothing was prepared"
    for said in ("account:", "key:", REASON, "Bí mật"):
        assert not any(said in text for text in after.values())


SEEN = {"take", "next", "standby", "step", "panic", "resume", "store", "restore", "countdown", "rehearse"}
"""What strangers are to see at once. All else that can be asked of an output is among PREPARED."""
HIDDEN = {
    "lock", "unlock", "back", "launch", "delay", "follow", "withdraw", "prepare", "arm", "host", "rundown/skip",
    "rundown/hold", "checks", "try", "press",
}  # fmt: skip


def test_everything_that_can_be_asked_is_either_seen_or_prepared() -> None:
    assert {*ASKED, *PRESSED} == SEEN | HIDDEN
    assert not SEEN & HIDDEN


def test_what_is_not_revealed_yet_stands_in_nothing_that_a_screen_of_it_gets(ceremony: Ceremony) -> None:
    take(ceremony.state.live, [(LEAF, "completed", f"new-{number}") for number in range(7)])
    ceremony.clock.ms = ceremony.state.live.contest.rounds[0].closes_ms + 1_000
    take(ceremony.state.live, [(LEAF, "completed", "late")])
    ceremony.do("hall", TakeAsked(scene="results"))

    def told() -> dict[str, list[str]]:
        item = ceremony.state.outputs.of("hall").scene.take
        fragment = f"/scenes/results?item={item}"
        paths = ("/?frame=1", fragment, f"{fragment}&step=1", "/scenes/results?step=9")
        ceremony.state.pages.forget()
        texts = {path: ceremony.seen.client.get(path).text for path in (*paths, "/live/program/hall")}
        assert all('data-scene="results"' in text or "results" in text for text in texts.values())
        return {path: RESULT.findall(text) for path, text in texts.items()}

    assert not any(told().values())
    for step in (1, 0):
        ceremony.do("hall", StepAsked(by=1 if step else -1))
        found = told()
        assert found["/?frame=1"] == (["P1"] if step else [])
        # A fragment without the take that is on air is nobody's result.
        assert found["/scenes/results?step=9"] == []


@pytest.mark.parametrize("what", ["a take on its way", "numbers on their way"])
def test_the_walk_sees_what_has_come(ceremony: Ceremony, what: str) -> None:
    before = ceremony.walk(("tv2",))
    PREPARED[what][1](ceremony)
    ceremony.do("tv2", DelayAsked(delay_ms=0))
    after = ceremony.walk(("tv2",))
    moved = {address for address, text in after.items() if before[address] != text}
    assert ("/?out=tv2&frame=1" if what == "a take on its way" else "/live/board?out=tv2") in moved


def test_a_cue_is_told_shortly_before_it_fires(ceremony: Ceremony) -> None:
    ceremony.do("hall", LaunchAsked(at_ms=ceremony.clock.ms + 600_000))
    ceremony.clock.ms += 595_000
    ceremony.call(ceremony.state.outputs.look)
    assert all('"cue":{"name":"launch"' in ceremony.walk((name,))[f"/live/program/{name}"] for name in ("hall", "tv2"))
