"""The launch: armed, given once over its scene, and free to devices where nobody asked for more."""

import msgspec
import pytest

from streaming.program.arming import Arm
from streaming.program.cues import Launch
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.evening import Next, SetRundown
from tests.worlds.outputs import Floor, scene
from tests.worlds.rundowns import EVENING


def test_a_page_launches_over_the_launch_scene_armed_and_once() -> None:
    floor = Floor({"hall": None, "points": "hall"})
    with pytest.raises(NotNow, match="the launch scene is not on air"):
        floor.act("hall", Arm())
    floor.press("hall", scene("launch"))
    with pytest.raises(NotNow, match="arm it first"):
        floor.act("hall", Launch(needs_arming=True))
    floor.act("hall", Arm())
    floor.act("hall", Arm(on=False))
    with pytest.raises(NotNow):
        floor.act("hall", Launch(needs_arming=True))
    floor.act("hall", Arm())
    floor.press("hall", Launch(needs_arming=True))
    cue = floor.of("points").cue
    assert cue is not None
    assert (cue, floor.of("hall").running.armed) == (floor.of("hall").cue, None)
    floor.pass_ms(10_000)
    for action in (Arm(), Launch(), Launch(needs_arming=True)):
        with pytest.raises(NotNow) as found:
            floor.act("hall", action)
        assert found.value.code == "launched"
    floor.press("hall", scene("launch"))
    floor.act("hall", Arm())
    floor.press("hall", Launch(needs_arming=True))


def test_one_that_has_not_fired_may_be_given_anew() -> None:
    floor = Floor({"hall": None})
    floor.press("hall", scene("launch"))
    floor.press("hall", Launch(at_ms=floor.at.now_ms + 60_000))
    floor.press("hall", Launch())
    cue = floor.of("hall").cue
    assert cue is not None
    assert cue.at < floor.at.now_ms + 1_000


def test_a_launch_that_is_counted_down_goes_with_its_scene_here_and_where_it_is_followed() -> None:
    floor = Floor({"hall": None, "points": "hall"})
    floor.press("hall", scene("launch"))
    floor.press("hall", Launch(at_ms=floor.at.now_ms + 10_000))
    floor.press("hall", scene("standby"))
    assert (floor.of("hall").cue, floor.of("points").cue) == (None, None)
    floor.press("hall", scene("launch"))
    assert floor.of("hall").running.launched != floor.of("hall").scene.take
    floor.press("hall", Launch())
    assert floor.of("points").cue == floor.of("hall").cue is not None


def test_an_item_of_the_rundown_asks_everybody_to_arm() -> None:
    floor = Floor({"hall": None})
    floor.act("hall", SetRundown(rundown=EVENING))
    floor.press("hall", Next(item=EVENING.item("launch"), settings={}, needs_arming=False, advances=True))
    with pytest.raises(NotNow) as found:
        floor.press("hall", Launch())
    assert found.value.code == "not_armed"
    floor.act("hall", Arm())
    floor.press("hall", Launch())
    free = msgspec.structs.replace(EVENING.item("launch"), arm=False)
    floor.act("hall", SetRundown(rundown=msgspec.structs.replace(EVENING, items=(free,))))
    floor.press("hall", Next(item=free, settings={}, needs_arming=False, advances=True))
    floor.press("hall", Launch())


def test_a_device_gives_a_cue_over_any_other_scene_and_a_page_does_not() -> None:
    floor = Floor({"hall": None})
    floor.press("hall", Launch())
    with pytest.raises(NotNow):
        floor.press("hall", Launch(needs_arming=True))


def test_one_thing_is_armed_at_a_time() -> None:
    floor = Floor({"hall": None})
    floor.act("hall", SetRundown(rundown=EVENING))
    with pytest.raises(WrongSteering):
        floor.act("hall", Arm(item="doors", scene="standings"))
    with pytest.raises(NotNow):
        floor.act("hall", Arm(item="nobody"))
    floor.act("hall", Arm(scene="standings"))
    floor.act("hall", Arm(item="doors"))
    armed = floor.of("hall").running
    assert armed.is_armed(floor.at.now_ms, item="doors")
    assert not armed.is_armed(floor.at.now_ms, scene="standings")


def test_a_scene_that_asks_for_it_is_taken_armed_alone() -> None:
    floor = Floor({"hall": None})
    full = msgspec.structs.replace(scene("standings", order="full"), needs_arming=True)
    with pytest.raises(NotNow):
        floor.press("hall", full)
    floor.act("hall", Arm(scene="standings"))
    floor.press("hall", full)
    with pytest.raises(NotNow):
        floor.press("hall", full)
