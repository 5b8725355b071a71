"""Outputs under several hands, with the clock in the test's hand."""

from collections.abc import Mapping
from typing import Any

from streaming.ledger.rows import SYSTEM
from streaming.program.action import Action
from streaming.program.on_air import next_take
from streaming.program.output import At, Hand, Output
from streaming.program.state import Preview, SceneSettings, Store
from streaming.program.steering import PRESS_AGAIN_MS, Steering
from streaming.program.takes import TakeScene

NOW_MS = 1_662_604_277_000
LAN, MINH, BOSS = Hand("account:1"), Hand("account:2"), Hand("account:9", may_break=True)
DEVICE = Hand("key:companion", output="tv1")
BACKDROP = Preview("standby", {})
FOLLOWS: Mapping[str, str | None] = {"hall": None, "points": "hall", "tv1": None, "tv2": "tv1"}


def an_output(name: str = "hall", *, follows: str | None = None, store: Store = "live", **fields: Any) -> Output:
    """One that shows the backdrop by itself."""
    take = next_take(SYSTEM, "standby", {}, NOW_MS, None, version=1)
    return Output(name=name, version=1, follows=follows, store=store, on_air={store: take}, **fields)


def scene(name: str, **settings: Any) -> TakeScene:
    """A take of a scene."""
    return TakeScene(scene=name, settings=settings)


class Floor:
    """Outputs and who steers them."""

    def __init__(self, follows: Mapping[str, str | None] = FOLLOWS, **fields: Any) -> None:
        self.ms = 0
        self.steering = Steering(an_output(name, follows=other, **fields) for name, other in follows.items())

    @property
    def at(self) -> At:
        return At(NOW_MS + self.ms, self.ms)

    def of(self, name: str) -> Output:
        return self.steering.of(name)

    def act(self, name: str, action: Action, hand: Hand = LAN, *, seen: int | None = None) -> list[str]:
        """Do something; returns the names of the outputs that it has changed."""
        return [output.name for output in self.steering.act(name, action, hand, self.at, seen=seen)]

    def press(self, name: str, action: Action, hand: Hand = LAN) -> list[str]:
        """Do something that is no second press."""
        self.pass_ms(PRESS_AGAIN_MS)
        return self.act(name, action, hand)

    def pass_ms(self, ms: int) -> None:
        """Let time pass, and come what is due."""
        self.ms += ms
        self.steering.turn(self.at.now_ms)

    def shows(self, name: str) -> tuple[str, SceneSettings, int]:
        """What everybody sees of an output: the scene, what is chosen of it, and its step."""
        found = self.of(name).face(self.at.now_ms).scene
        assert found is not None
        return found.name, found.settings, found.step

    def scenes(self) -> dict[str, str]:
        """The scene that everybody sees on each output."""
        return {name: self.shows(name)[0] for name in self.steering.all}
