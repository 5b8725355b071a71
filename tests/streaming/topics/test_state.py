"""What topics say beside their rows is what their structs say, and is described."""

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given

from server.control.watch_state import WatchState
from streaming.fold.fold import Fold
from streaming.ledger.rows import Row
from streaming.program.state import ProgramState
from streaming.program.told import ControlProgramState
from streaming.topics.state import STATES, BoardState, Near, Series, State, UnitState, typed
from streaming.topics.topics import Topics
from tests.suite import ROOT
from tests.worlds.histories import histories
from tests.worlds.whole import examples

NAMES = ("board", "round/1", "unit/A", "unit/B1", "breakdown", "control", "point/A")


@examples(40)
@given(histories)
def test_what_a_topic_says_is_read_back_from_the_wire_as_it_was(rows: list[Row]) -> None:
    fold, topics = Fold(), Topics(rehearsal=False)
    for row in rows:
        fold.apply(row)
    topics.move(fold, "e1")
    for name in NAMES:
        topic = topics.find(name)
        assert topic is not None
        sent: dict[str, Any] = msgspec.json.decode(topic.snapshot())["state"]
        assert typed(name, sent) == topic.state
        assert STATES[name.partition("/")[0]].of(topic.view()) == STATES[name.partition("/")[0]](**topic.state)


def test_a_value_that_a_key_cannot_have_is_refused_and_a_key_that_nobody_knows_is_left_out() -> None:
    assert typed("unit/024", {"near": {"ahead": "1", "behind": None}, "old": 1}) == {"near": Near("1")}
    assert typed("board", {"series": {"start": 1, "step_s": 60, "completed": [1]}}) == {"series": Series(1, 60, (1,))}
    with pytest.raises(msgspec.ValidationError):
        typed("board", {"recent": 7})


def test_a_key_that_was_taken_away_is_none() -> None:
    assert UnitState(**typed("unit/1", {"near": None})) == UnitState()
    assert BoardState.__struct_fields__[-1] == "series"


@pytest.mark.parametrize("sort", [*STATES.values(), WatchState, ProgramState, ControlProgramState])
def test_every_state_key_is_described(sort: type[State]) -> None:
    page = (ROOT / "docs" / "reference" / "frames.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`(\w+)`", page))
    assert set(sort.__struct_fields__) - described == set()
