"""Cues: one time for all that follow, told when it is near, and over once it has fired."""

import msgspec
import pytest

from streaming.program.cues import CUE_AHEAD_MS_MAX, CUE_LEAD_MS, Launch
from streaming.program.errors import (
    WrongSteering,
)
from streaming.program.numbers import ChangeDelay
from streaming.program.output import CUE_TOLD_MS
from streaming.program.state import Cue
from tests.worlds.outputs import NOW_MS, Floor, scene


def test_a_cue_is_one_time_for_all_that_follow_whatever_their_delay() -> None:
    floor = Floor()
    floor.act("points", ChangeDelay(delay_ms=8_000))
    floor.act("hall", Launch())
    cue = floor.of("hall").cue
    assert cue == Cue("launch", NOW_MS, NOW_MS + CUE_LEAD_MS)
    assert floor.of("points").face(floor.at.now_ms).cue == cue, "it is never held back"
    assert floor.of("points").fires_ms(cue) == cue.at + 8_000
    assert floor.of("tv1").cue is None


def test_a_cue_far_ahead_is_for_operators_until_it_is_near() -> None:
    floor = Floor()
    at_ms = floor.at.now_ms + 600_000
    floor.act("hall", Launch(at_ms=at_ms))
    assert floor.of("hall").face(floor.at.now_ms).cue is None
    told = floor.of("hall").told().cue
    assert told is not None
    assert floor.steering.next_ms(floor.at.now_ms) == at_ms - CUE_TOLD_MS
    floor.pass_ms(600_000 - CUE_TOLD_MS)
    assert floor.of("points").face(floor.at.now_ms).cue == told
    assert floor.steering.next_ms(floor.at.now_ms) is None


def test_a_cue_in_the_past_or_of_another_day_is_refused() -> None:
    floor = Floor()
    for ms in (-1, 0, CUE_LEAD_MS - 1, CUE_AHEAD_MS_MAX + 1):
        with pytest.raises(WrongSteering, match="at_ms: expected a time from"):
            floor.act("hall", Launch(at_ms=floor.at.now_ms + ms))


def test_a_cue_that_has_fired_is_over_with_the_next_take_and_one_that_has_not_stays() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.act("tv1", ChangeDelay(delay_ms=8_000))
    floor.act("hall", Launch())
    floor.press("hall", scene("live"))
    assert (floor.of("hall").cue, floor.of("tv1").cue is None) == (None, False)
    floor.press("tv1", scene("trend"))
    assert floor.of("tv1").cue is not None, "here it has not fired yet"
    floor.press("tv1", msgspec.structs.replace(scene("standby"), ends_cue=True))
    assert floor.of("tv1").cue is None
    first = floor.of("hall").cues
    floor.press("hall", Launch())
    assert floor.of("hall").cues > first
