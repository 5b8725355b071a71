"""Each output shows its own cut to everybody, whatever is done to it: live, of a rehearsal, late; over restarts too."""

import random
from pathlib import Path
from typing import cast

import msgspec
import pytest

from server.app import App
from server.control.asked import DelayAsked, PanicAsked, ResumeAsked, StoreAsked
from server.live.audience import Asked
from server.net.websocket import Socket
from streaming.program.output import Hand
from streaming.program.state import Store
from streaming.pump import Pump
from tests.worlds.apps import LEAF, NOW_MS, UNIT, app_of, take
from tests.worlds.clocks import Clock
from tests.worlds.screen import Screen
from tests.worlds.whole import sized
from tests.worlds.wire import Wire, unframed

HISTORIES = sized(6, whole=300)
STEPS = 50
LAN = Hand("account:1")
LATE_MS = 8_000
COUNTED = 2
"""The column of completed entries."""


class Client:
    """A screen that follows a topic as an output shows it, over a socket or by polls."""

    def __init__(self, output: str, name: str, *, polls: bool) -> None:
        self.output, self.name, self.polls = output, name, polls
        self.screen = Screen()
        self.wire = Wire()

    def connect(self, app: App) -> None:
        if not self.polls:
            self.wire, topic = Wire(), app.find_numbers(self.output, self.name)
            assert topic is not None
            self.wire.follower = app.hub.join(
                topic, cast("Socket", self.wire), self.screen.epoch, self.screen.seq,
                asked=Asked(self.output, self.name),
            )  # fmt: skip

    def look(self, app: App) -> None:
        if self.polls:
            topic = app.find_numbers(self.output, self.name)
            assert topic is not None
            if topic.etag != f'W/"{self.screen.epoch}-{self.screen.seq}"':
                self.screen.take(topic.snapshot())
        for frame in self.wire.frames:
            message = unframed(frame)
            if msgspec.json.decode(message)["type"] != "beat":
                self.screen.take(message)
        self.wire.frames.clear()
        assert not self.screen.asks_again


class Ceremony:
    """A server in memory with three outputs, what each is to show, and who follows them."""

    def __init__(self, data: Path, clock: Clock) -> None:
        self.data, self.clock = data, clock
        self.totals: dict[Store, list[tuple[int, int]]] = {"live": [(0, 0)], "rehearsal": [(0, 0)]}
        self.clients: list[Client] = []
        self.still: dict[str, int] = {}
        self.since: dict[str, tuple[int, int]] = {}
        self.blind: set[str] = set()
        self.open()
        for name in ("tv1", "tv2"):
            self.app.state.outputs.add(name, LAN)
        self.steer("tv1", StoreAsked(store="rehearsal", seen=1))
        self.begin_late("tv2")
        self.steer("tv2", DelayAsked(delay_ms=LATE_MS, seen=1))

    def open(self) -> None:
        self.app = app_of(self.data, now_ms=self.clock, elapsed_ms=self.clock.elapsed)
        self.app.open()
        for client in self.clients:
            client.connect(self.app)

    def restart(self) -> None:
        # One that dies leaves no checkpoint, so the next stands at its ledger before any loop runs.
        self.app.state.died = "pump"
        self.app.close()
        # Where late numbers began is not known any more: they stand where they would stand by now.
        self.since.clear()
        self.blind = {*self.still}
        self.open()

    def steer(self, name: str, asked: StoreAsked | DelayAsked | PanicAsked | ResumeAsked) -> None:
        self.app.state.outputs.steer(name, LAN, asked)

    def begin_late(self, name: str) -> None:
        self.since[name] = self.clock.elapsed(), self.total(self.app.state.outputs.of(name).store)

    def total(self, store: Store, at_ms: int | None = None) -> int:
        until_ms = self.clock.elapsed() if at_ms is None else at_ms
        return [total for ms, total in self.totals[store] if ms <= until_ms][-1]

    def enter(self, store: Store, count: int) -> None:
        take(self.app.state.store(rehearsal=store == "rehearsal"), [(LEAF, "completed", None)] * count)
        self.totals[store].append((self.clock.elapsed(), self.total(store) + count))

    def change(self, name: str) -> None:
        output = self.app.state.outputs.of(name)
        if output.still is None:
            store: Store = "live" if output.store == "rehearsal" else "rehearsal"
            self.steer(name, StoreAsked(store=store, seen=output.version))
            self.begin_late(name)

    def press(self, name: str) -> None:
        if name in self.still:
            if name in self.blind:
                # What was missed in front of a restart is not known one by one: it comes whole, by the delay later.
                self.since[name] = self.clock.elapsed(), self.still[name]
                self.blind.discard(name)
            del self.still[name]
            self.steer(name, ResumeAsked())
        else:
            self.still[name] = self.expected(name)
            self.steer(name, PanicAsked())

    def expected(self, name: str) -> int:
        """The total that an output shows now."""
        if name in self.still:
            return self.still[name]
        output, now_ms = self.app.state.outputs.of(name), self.clock.elapsed()
        at_ms = now_ms - output.delay_ms
        began_ms, began_at = self.since.get(name, (at_ms, 0))
        return began_at if at_ms < began_ms else self.total(output.store, at_ms)

    def check(self) -> None:
        self.app.state.outputs.look()
        for client in self.clients:
            client.look(self.app)
            topic = self.app.find_numbers(client.output, client.name)
            assert topic is not None
            opened = Screen()
            opened.take(topic.snapshot())
            assert client.screen.shows == opened.shows, "a screen that followed equals one just opened"
            assert opened.rows[UNIT][COUNTED] == self.expected(client.output), client.output
            is_rehearsal = self.app.state.outputs.of(client.output).store == "rehearsal"
            assert topic.rehearsal == is_rehearsal


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_whatever_is_done_each_output_shows_its_own_cut_to_all_who_follow_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    clock = Clock(NOW_MS)
    monkeypatch.setattr(Pump, "passed_ms", property(lambda _pump: clock.elapsed()))
    ceremony = Ceremony(tmp_path / "data", clock)
    try:
        go_through(ceremony, random.Random(seed))
    finally:
        ceremony.app.close()


def go_through(ceremony: Ceremony, rng: random.Random) -> None:
    outputs, stores = ("hall", "tv1", "tv2"), ("live", "rehearsal")
    for _ in range(STEPS):
        match rng.choices(("enter", "pass", "cold", "change", "press", "restart"), (10, 12, 4, 4, 3, 1))[0]:
            case "enter":
                ceremony.clock.ms += 1_000
                ceremony.enter(cast("Store", rng.choice(stores)), rng.randrange(1, 4))
            case "pass":
                ceremony.clock.ms += rng.randrange(500, 6_000)
            case "cold":
                client = Client(rng.choice(outputs), rng.choice(("board", f"unit/{UNIT}")), polls=rng.random() < 0.3)
                client.connect(ceremony.app)
                ceremony.clients.append(client)
            case "change":
                ceremony.change(rng.choice(outputs[1:]))
            case "press":
                ceremony.press(rng.choice(outputs))
            case _:
                ceremony.restart()
        ceremony.check()
    ledger = ceremony.app.state.live.ledger
    entries = sum(row.type == "participation" for row in ledger.read())
    assert entries == ceremony.total("live"), "the live store holds no row of a rehearsal"
