"""A countdown on air: held, going on and set anew, without another take, here and where it is followed."""

import pytest

from streaming.program.countdown import AHEAD_MS_MAX, SetCountdown
from streaming.program.errors import NotNow, WrongSteering
from streaming.program.numbers import ChangeDelay
from streaming.program.state import Countdown
from tests.worlds.outputs import NOW_MS, Floor, scene

TO_MS = NOW_MS + 600_000


def whole(ms: int) -> int:
    """The next whole second."""
    return -(-ms // 1_000) * 1_000


def test_it_is_held_goes_on_with_what_was_left_and_is_the_same_take() -> None:
    floor = Floor({"hall": None, "points": "hall"})
    floor.act("points", ChangeDelay(delay_ms=2_000))
    floor.press("hall", scene("standby", to_ms=TO_MS))
    take = floor.of("hall").scene
    assert take.countdown == Countdown(TO_MS)
    floor.pass_ms(60_000)
    points = floor.of("points").scene.take
    floor.act("hall", SetCountdown(do="hold"))
    left_ms = whole(TO_MS - floor.at.now_ms)
    assert floor.of("hall").scene.countdown == Countdown(None, left_ms)
    assert floor.act("hall", SetCountdown(do="hold")) == []
    floor.pass_ms(2_000)
    assert floor.of("points").scene.countdown == Countdown(None, left_ms)
    floor.pass_ms(300_000)
    floor.act("hall", SetCountdown(do="resume"))
    assert floor.of("hall").scene.countdown == Countdown(floor.at.now_ms // 1_000 * 1_000 + left_ms)
    floor.act("hall", SetCountdown(do="set", to_ms=floor.at.now_ms + 5_000))
    floor.pass_ms(2_000)
    assert floor.of("points").scene.countdown == floor.of("hall").scene.countdown
    assert (floor.of("hall").scene.take, floor.of("points").scene.take) == (take.take, points)


def test_what_counts_down_to_nothing_has_nothing_to_hold() -> None:
    floor = Floor({"hall": None})
    with pytest.raises(NotNow, match="counts down to nothing"):
        floor.act("hall", SetCountdown(do="hold"))
    floor.press("hall", scene("standby", to_ms=TO_MS))
    for to_ms in (None, floor.at.now_ms, floor.at.now_ms + AHEAD_MS_MAX + 1):
        with pytest.raises(WrongSteering) as found:
            floor.act("hall", SetCountdown(do="set", to_ms=to_ms))
        assert found.value.field == "to_ms"
    with pytest.raises(WrongSteering):
        floor.act("hall", SetCountdown(do="hold", to_ms=TO_MS))
    floor.pass_ms(700_000)
    floor.act("hall", SetCountdown(do="hold"))
    assert floor.of("hall").scene.countdown == Countdown(None, 0)


def test_what_stood_there_stands_until_the_next_second_of_the_clock() -> None:
    floor = Floor({"hall": None})
    floor.press("hall", scene("standby", to_ms=TO_MS))
    floor.pass_ms(12_345)
    floor.act("hall", SetCountdown(do="hold"))
    left_ms = whole(TO_MS - floor.at.now_ms)
    assert floor.of("hall").scene.countdown == Countdown(None, left_ms), "what stands there stands on"
    floor.pass_ms(777)
    floor.act("hall", SetCountdown(do="resume"))
    countdown = floor.of("hall").scene.countdown
    assert countdown is not None
    assert countdown.to_ms is not None
    assert countdown.to_ms % 1_000 == 0
    assert left_ms - 1_000 < countdown.to_ms - floor.at.now_ms <= left_ms, "it does not go back"


def test_one_that_counts_to_no_time_yet_can_be_given_one() -> None:
    floor = Floor({"hall": None})
    floor.press("hall", scene("standby", to_ms=0))
    assert floor.act("hall", SetCountdown(do="hold")) == []
    floor.act("hall", SetCountdown(do="set", to_ms=TO_MS))
    assert floor.of("hall").scene.countdown == Countdown(TO_MS)
