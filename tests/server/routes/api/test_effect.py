"""What a release would bring is worked out once for the same rows, and for newer ones no more often than it costs."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from streaming import effect
from tests.worlds.desk_room import Room, running

COST_S = 0.05


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    async with running(Room(tmp_path)) as room:
        yield room


@pytest.fixture
def asked(room: Room, monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """The units whose effect has been worked out, which takes COST_S each."""
    asked: list[str | None] = []
    work_out = effect.effect_of

    def costly(fold: Any, unit: str | None, on_air: Any, **every: bool) -> effect.Effect:
        asked.append(unit)
        room.seconds += COST_S
        return work_out(fold, unit, on_air, **every)

    monkeypatch.setattr(effect, "effect_of", costly)
    return asked


async def test_of_the_same_rows_it_is_worked_out_once_for_each_unit(room: Room, asked: list[str | None]) -> None:
    await room.do(do="hold", unit="A")
    first = room.desk.effect("A")
    room.seconds += 3_600
    assert room.desk.effect("A") is first
    assert room.desk.effect(None) is room.desk.effect(None)
    assert asked == ["A", None]


async def test_of_newer_rows_it_is_worked_out_when_its_cost_is_a_tenth_of_the_time_since(
    room: Room, asked: list[str | None]
) -> None:
    held = await room.do(do="hold", unit="A")
    first = room.desk.effect("A")
    await room.take(2)
    room.seconds += COST_S / effect.EFFECT_SHARE * 0.9
    assert room.desk.effect("A") is first, "half a second must have passed"
    room.seconds += COST_S / effect.EFFECT_SHARE * 0.2
    later = room.desk.effect("A")
    assert [each.total.completed for each in (first, later)] == [(3, 3), (3, 5)]
    assert asked == ["A", "A"]
    other = await room.do(do="hold", unit="B")
    assert room.desk.effect("A").seen == held, "it says of which decision it does not know yet"
    room.seconds += 1
    assert room.desk.effect("A").seen == other
