"""What is told of an output: to everybody what is on air, to operators what stands behind it."""

import msgspec
import pytest

from streaming.program.hands import Hold
from streaming.program.numbers import ChangeDelay, ChangeStore, Panic
from streaming.program.program import Beside, Program
from streaming.program.state import ProgramState, Showing
from streaming.program.takes import Back
from streaming.program.told import ControlProgramState
from streaming.topics.topic import Topic
from tests.worlds.outputs import BACKDROP, NOW_MS, Floor, scene
from tests.worlds.screen import Screen


class Stage:
    """An output, its topics, and a screen and an operator who follow them."""

    def __init__(self) -> None:
        self.floor = Floor({"hall": None})
        self.program = Program(self.floor.of("hall"), "e1", NOW_MS)
        self.heard: list[str] = []
        self.screens = {topic: self.open(topic) for topic in (self.program.topic, self.program.control)}
        for topic, screen in self.screens.items():
            topic.listeners.add(screen.hear)
            topic.listeners.add(lambda *_, name=topic.name: self.heard.append(name))

    def open(self, topic: Topic) -> Screen:
        screen = Screen()
        screen.take(topic.after(None, None))
        return screen

    def tell(self, *, tally: bool | None = None) -> None:
        self.program.tell(self.floor.of("hall"), self.floor.at.now_ms, Beside(tally=tally))
        for topic, screen in self.screens.items():
            assert screen.shows == self.open(topic).shows


def test_it_begins_with_what_is_on_air_and_tells_it() -> None:
    stage = Stage()
    output = stage.floor.of("hall")
    assert ProgramState.of(stage.program.topic.view()) == output.face(NOW_MS)
    assert ControlProgramState.of(stage.program.control.view()) == output.told()


def test_a_take_is_told_at_once_to_everybody_and_who_took_it_to_operators_alone() -> None:
    stage = Stage()
    stage.floor.press("hall", scene("live", steps=(1, 5)))
    stage.tell()
    at_ms = stage.floor.at.now_ms
    assert msgspec.json.decode(stage.program.topic.snapshot())["state"] == {
        "scene": {
            "name": "live",
            "settings": {"steps": [1, 5]},
            "take": at_ms,
            "since": at_ms,
            "step": 0,
            "countdown": None,
        },
        "output": {"store": "live", "delay_ms": 0, "frozen": False},
    }
    assert b"account" not in stage.program.topic.snapshot()
    assert ControlProgramState.of(stage.program.control.view()).on_air == stage.floor.of("hall").take
    assert stage.heard == ["program/hall", "control/program/hall"]


def test_what_everybody_hears_does_not_move_with_what_is_not_for_them() -> None:
    stage = Stage()
    stage.floor.press("hall", scene("live"))
    stage.floor.press("hall", scene("trend"))
    stage.tell()
    before = stage.program.topic.snapshot()
    stage.heard.clear()
    for action in (Back(), Hold()):
        stage.floor.press("hall", action)
        stage.tell()
    stage.tell(tally=True)
    stage.tell(tally=True)
    assert stage.program.topic.snapshot() == before
    assert stage.heard == ["control/program/hall"] * 3


def test_stillness_and_delay_are_told_and_a_take_behind_a_still_picture_is_not() -> None:
    stage = Stage()
    stage.floor.act("hall", ChangeDelay(delay_ms=8_000))
    stage.floor.act("hall", Panic())
    stage.tell()
    told = ProgramState.of(stage.program.topic.view())
    assert told.output == Showing("live", 8_000, frozen=True, since=NOW_MS)
    before = stage.program.topic.snapshot()
    stage.floor.press("hall", scene("live"))
    stage.tell()
    assert stage.program.topic.snapshot() == before


@pytest.mark.parametrize("store", ["rehearsal", "live"])
def test_a_change_of_store_is_a_new_epoch_with_the_mark_of_the_rehearsal(store: str) -> None:
    stage = Stage()
    epochs = [stage.program.topic.epoch]
    for each in ("rehearsal", "live", "rehearsal")[: 1 if store == "rehearsal" else 2]:
        stage.floor.act("hall", ChangeStore(store=each, first=BACKDROP))  # type: ignore[arg-type]
        stage.tell()
        epochs.append(stage.program.topic.epoch)
    assert len(set(epochs)) == len(epochs)
    assert stage.program.topic.view().rehearsal is (store == "rehearsal")
    assert stage.program.control.view().rehearsal is (store == "rehearsal")
