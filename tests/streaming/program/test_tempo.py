"""The evening rehearsed quicker than planned: hours, lengths, countdowns, and what goes on by itself."""

from typing import Any

import msgspec
import pytest

from streaming.program.arming import Arm
from streaming.program.cues import Launch
from streaming.program.errors import Moved, NotNow, WrongSteering
from streaming.program.evening import Next, Rehearse, SetRundown
from streaming.program.expected import expected
from streaming.program.numbers import ChangeStore, Panic
from streaming.program.presenter import presenter_of
from streaming.program.rundown import Rundown
from streaming.program.state import Countdown, Preview
from streaming.program.tempo import AS_PLANNED, SPEED_MAX, Tempo
from tests.worlds.outputs import BACKDROP, NOW_MS, Floor, scene
from tests.worlds.rundowns import EVENING, MINUTE_MS, item


@pytest.fixture
def floor() -> Floor:
    made = Floor({"hall": None, "points": "hall"}, store="rehearsal")
    made.act("hall", SetRundown(rundown=EVENING))
    return made


def go(floor: Floor, id_: str, **settings: Any) -> None:
    found = floor.of("hall").rundown.item(id_)
    floor.press("hall", Next(item=found, settings=settings, needs_arming=False, advances=True))


def test_a_rehearsal_moves_the_plan_to_now_and_its_lengths_are_so_many_times_shorter(floor: Floor) -> None:
    floor.pass_ms(17 * MINUTE_MS)
    floor.press("hall", Rehearse(speed=10))
    began_ms = floor.at.now_ms
    go(floor, "doors")
    hall = floor.of("hall")
    times = expected(hall.rundown, hall.running, floor.at.now_ms)
    assert (times.left_ms, times.late_ms) == (MINUTE_MS, 800 - 5 * MINUTE_MS // 10)
    assert hall.running.pace.moment_ms(NOW_MS + 40 * MINUTE_MS) == began_ms + 4 * MINUTE_MS
    assert hall.rundown == EVENING
    told = presenter_of(hall)
    assert (told.tempo, told.ends_ms) == (hall.running.tempo, EVENING.ends_ms)


def test_the_plan_begins_with_its_first_item_wherever_an_hour_stands_in_it() -> None:
    late = Rundown((item("a", minutes=3), item("b", skip=True, at_ms=5), item("c", at_ms=NOW_MS)))
    assert Tempo.of(2, late, 7) == Tempo(2, NOW_MS - 3 * MINUTE_MS, 7)
    assert Tempo.of(2, Rundown((item("a", minutes=3),), NOW_MS), 7) == Tempo(2, NOW_MS - 3 * MINUTE_MS, 7)
    assert Tempo.of(2, Rundown((item("a"),)), 7) == Tempo(2, 7, 7)
    assert AS_PLANNED.moment_ms(NOW_MS) == NOW_MS


def test_what_goes_on_by_itself_goes_sooner_but_is_seen(floor: Floor) -> None:
    floor.press("hall", Rehearse(speed=5))
    go(floor, "numbers")
    assert floor.of("hall").running.advances_at == floor.at.now_ms + 6_000
    floor.press("hall", Rehearse(speed=10))
    short = msgspec.structs.replace(EVENING.item("numbers"), advance_s=20)
    floor.press("hall", Next(item=short, settings={}, needs_arming=False, advances=True))
    assert floor.of("hall").running.advances_at == floor.at.now_ms + 3_000


def test_a_countdown_to_a_planned_hour_comes_to_it_sooner_and_at_a_whole_second(floor: Floor) -> None:
    floor.press("hall", Rehearse(speed=7))
    tempo = floor.of("hall").running.pace
    go(floor, "doors", to_ms=NOW_MS + 30 * MINUTE_MS)
    counts = floor.of("hall").scene.countdown
    assert counts is not None
    assert counts.to_ms is not None
    assert 0 <= counts.to_ms - tempo.moment_ms(NOW_MS + 30 * MINUTE_MS) < 1_000
    assert counts.to_ms % 1_000 == 0
    assert floor.of("points").scene.countdown == counts
    floor.press("hall", scene("standby", to_ms=0))
    assert floor.of("hall").scene.countdown == Countdown(None)


def test_a_rehearsal_begins_anew_and_may_launch_again(floor: Floor) -> None:
    go(floor, "launch")
    floor.press("hall", Arm())
    floor.press("hall", Launch())
    before = floor.of("hall")
    assert before.running.launched == before.scene.take
    floor.press("hall", Rehearse(speed=1))
    hall = floor.of("hall")
    assert (hall.running.on, hall.running.next, hall.running.began, hall.running.launched) == (None, "doors", (), None)
    assert (hall.scene.name, hall.cue) == ("launch", None)
    assert hall.scene.take > before.scene.take
    points = floor.of("points")
    assert (points.scene.name, points.cue, points.stands_for) == ("launch", None, ("hall", hall.scene.take))
    floor.press("hall", Launch())
    assert floor.of("hall").cue is not None


@pytest.mark.parametrize(
    ("before", "code"),
    [(ChangeStore(store="live", first=BACKDROP), "not_rehearsal"), (Panic(), "stands_still")],
)
def test_only_a_rehearsal_whose_picture_goes_has_a_speed(floor: Floor, before: Any, code: str) -> None:
    floor.press("hall", before)
    with pytest.raises(NotNow) as caught:
        floor.press("hall", Rehearse(speed=2))
    assert caught.value.code == code


@pytest.mark.parametrize("speed", [0, -1, SPEED_MAX + 1])
def test_a_speed_beyond_its_bounds_is_refused(floor: Floor, speed: int) -> None:
    with pytest.raises(WrongSteering, match="a whole number from 1 to 10"):
        floor.press("hall", Rehearse(speed=speed))


def test_who_has_not_seen_the_last_take_begins_nothing_anew(floor: Floor) -> None:
    seen = floor.of("hall").version
    floor.press("hall", scene("trend"))
    with pytest.raises(Moved):
        floor.act("hall", Rehearse(speed=2), seen=seen)


def test_going_live_goes_as_planned(floor: Floor) -> None:
    floor.press("hall", Rehearse(speed=10))
    floor.press("hall", ChangeStore(store="live", first=Preview("standby", {})))
    assert floor.of("hall").running.tempo is None
    go(floor, "numbers")
    assert floor.of("hall").running.advances_at == floor.at.now_ms + 30_000
