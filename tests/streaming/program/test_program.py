"""What is on air is what was taken last, by versions and takes that only rise; whoever follows knows no less."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.ledger.rows import SYSTEM
from streaming.program.program import PRESS_AGAIN_MS, Program, StaleTake, TakenTwice, next_take
from streaming.topics.state import ControlProgramState, ProgramState, Take
from tests.worlds.screen import Screen

NOW_MS = 1_662_604_277_000
LAN, MINH = "account:1", "account:2"


def a_program(epoch: str = "e1", after: Take | None = None) -> Program:
    return Program("hall", after or next_take(SYSTEM, "standby", {}, NOW_MS, after=None), epoch, rehearsal=False)


def take(program: Program, at_ms: int, by: str = LAN, scene: str = "live", seen: int | None = None) -> Take:
    """A take at so many ms after NOW_MS, by somebody who has seen what is on air, or (``seen``) an earlier version."""
    seen = program.on_air.version if seen is None else seen
    return program.take(by, scene, {"steps": (1, 5)}, seen=seen, now_ms=NOW_MS + at_ms, pressed_ms=at_ms)


def test_a_program_begins_with_what_is_on_air_and_tells_it() -> None:
    program = a_program()
    assert ProgramState.of(program.topic.view()) == ProgramState(scene=program.on_air.scene)
    assert ControlProgramState.of(program.control.view()) == ControlProgramState(on_air=program.on_air)
    assert (program.on_air.version, program.on_air.by, program.is_by_people) == (1, SYSTEM, False)


def test_a_take_is_told_at_once_to_everybody_and_who_took_it_to_operators_alone() -> None:
    program = a_program()
    screen, operator = Screen(), Screen()
    for heard, topic in ((screen, program.topic), (operator, program.control)):
        heard.take(topic.after(None, None))
        topic.listeners.add(heard.hear)
    taken = take(program, 5_000)
    assert msgspec.json.decode(program.topic.snapshot())["state"] == {
        "scene": {
            "name": "live", "settings": {"steps": [1, 5]}, "take": NOW_MS + 5_000, "since": NOW_MS + 5_000, "step": 0
        }
    }  # fmt: skip
    assert b"account" not in program.topic.snapshot()
    assert ControlProgramState.of(program.control.view()).on_air == taken
    for heard, topic in ((screen, program.topic), (operator, program.control)):
        fresh = Screen()
        fresh.take(topic.after(None, None))
        assert heard.shows == fresh.shows
    assert program.is_by_people


@given(st.lists(st.tuples(st.integers(-10_000, 10_000), st.booleans()), max_size=30))
def test_versions_and_takes_only_rise_whatever_the_clock_does_and_however_often_it_is_started(
    steps: list[tuple[int, bool]],
) -> None:
    program, pressed_ms = a_program(), 0
    for number, (at_ms, restarts) in enumerate(steps):
        if restarts:
            program = a_program(f"e{number}", after=program.on_air)
        last, pressed_ms = program.on_air, pressed_ms + PRESS_AGAIN_MS
        taken = program.take(LAN, "live", {}, seen=last.version, now_ms=NOW_MS + at_ms, pressed_ms=pressed_ms)
        assert taken.version == last.version + 1 == program.topic.seq
        assert taken.scene.take > last.scene.take
        assert taken.scene.since == NOW_MS + at_ms


def test_a_take_that_was_never_written_is_not_named_again() -> None:
    kept = a_program().on_air
    lost = take(a_program("e1", after=kept), 5_000)
    again = take(a_program("e2", after=kept), 9_000, scene="trend")
    assert again.version == lost.version
    assert again.scene.take != lost.scene.take


def test_whoever_has_not_seen_what_is_on_air_is_told_who_put_it_there() -> None:
    program = a_program()
    taken = take(program, 0, LAN, "standings", seen=1)
    for seen in (1, 7):
        with pytest.raises(StaleTake) as refused:
            take(program, 2_000, MINH, seen=seen)
        assert refused.value.last == taken
        assert str(refused.value) == "seen: account:1 has put standings on air, which is version 2"
    assert program.on_air == taken
    assert take(program, 2_000, MINH, seen=2).by == MINH


@pytest.mark.parametrize("by", [LAN, MINH])
def test_a_second_press_is_refused_whoever_presses(by: str) -> None:
    program = a_program()
    taken = take(program, 0, seen=1)
    with pytest.raises(TakenTwice) as refused:
        take(program, PRESS_AGAIN_MS - 1, by, seen=2)
    assert refused.value.last == taken
    assert take(program, PRESS_AGAIN_MS, by, seen=2).version == 3


def test_what_a_program_does_by_itself_is_no_press() -> None:
    program = a_program()
    program.change("live", {}, NOW_MS)
    assert (program.on_air.by, program.is_by_people) == (SYSTEM, False)
    assert take(program, 1, seen=2).version == 3


def test_what_scenes_lack_moves_the_topic_of_operators_alone() -> None:
    program = a_program()
    heard: list[str] = []
    for topic in (program.topic, program.control):
        topic.listeners.add(lambda *_, name=topic.name: heard.append(name))
    for lacks in ({"trend": "series"}, {"trend": "series"}, {}):
        program.tell_lacks(lacks, NOW_MS)
    assert heard == ["control/program/hall"] * 2
    assert ControlProgramState.of(program.control.view()) == ControlProgramState(on_air=program.on_air)
