"""What the page of a button is told, and a try of it."""

from streaming.program.arming import Arm
from streaming.program.button import ButtonState, TryButton, button_of
from streaming.program.cues import Launch
from streaming.program.hands import Hold
from streaming.program.output import Hand
from streaming.program.running import ARMED_MS
from tests.worlds.outputs import LAN, MINH, Floor, scene

BUTTON = Hand("key:nut", output="hall")


def told(floor: Floor) -> ButtonState:
    return button_of(floor.of("hall"), floor.at.now_ms)


def test_it_is_armed_launched_and_neither_again() -> None:
    floor = Floor({"hall": None})
    assert told(floor) == ButtonState()
    floor.press("hall", scene("launch"))
    floor.act("hall", Arm())
    assert told(floor).armed_until == floor.at.now_ms + ARMED_MS
    floor.pass_ms(ARMED_MS)
    assert told(floor).armed_until is None
    floor.act("hall", Arm())
    floor.press("hall", Launch(needs_arming=True), BUTTON)
    cue = floor.of("hall").cue
    assert cue is not None
    assert (told(floor).armed_until, told(floor).launched_at) == (None, cue.at)
    floor.press("hall", scene("live"))
    assert told(floor) == ButtonState()


def test_what_is_armed_beside_the_launch_arms_no_button() -> None:
    floor = Floor({"hall": None})
    floor.press("hall", scene("launch"))
    floor.act("hall", Arm(scene="standings"))
    assert told(floor) == ButtonState()


def test_a_try_is_heard_whoever_holds_the_output_and_forestalls_nobody() -> None:
    floor = Floor({"hall": None})
    floor.act("hall", Hold(), MINH)
    seen = floor.of("hall").version
    floor.act("hall", TryButton(), BUTTON)
    tried = told(floor).tried
    assert tried is not None
    assert (tried.by, tried.at) == ("key:nut", floor.at.now_ms)
    floor.act("hall", scene("live"), MINH, seen=seen)
    assert floor.of("hall").lock is not None
    assert LAN.by != MINH.by
