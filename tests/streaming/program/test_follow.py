"""Following: what is taken reaches those that follow, each by its own delay, and nobody else."""

import pytest

from streaming.program.errors import (
    UnknownOutput,
    WrongSteering,
)
from streaming.program.hands import Follow, Hold, LetGo
from streaming.program.numbers import ChangeDelay
from streaming.topics.late import DELAY_MS_MAX
from tests.worlds.outputs import LAN, MINH, Floor, scene


def test_a_take_reaches_who_follows_and_nobody_else() -> None:
    floor = Floor()
    assert floor.act("hall", scene("live", lead="started")) == ["hall", "points"]
    assert floor.shows("points") == floor.shows("hall") == ("live", {"lead": "started"}, 0)
    assert floor.press("tv1", scene("trend")) == ["tv1", "tv2"]
    assert floor.scenes() == {"hall": "live", "points": "live", "tv1": "trend", "tv2": "trend"}


def test_who_is_late_shows_a_take_by_its_own_delay_after_it_whomever_it_follows() -> None:
    floor = Floor({"hall": None, "tv1": "hall", "tv2": "tv1"})
    floor.act("tv1", ChangeDelay(delay_ms=8_000))
    floor.act("tv2", ChangeDelay(delay_ms=2_000))
    floor.act("hall", scene("live"))
    for ms, expected in ((1_999, "standby standby"), (1, "standby live"), (5_999, "standby live"), (1, "live live")):
        floor.pass_ms(ms)
        assert f"{floor.scenes()['tv1']} {floor.scenes()['tv2']}" == expected
    assert floor.of("tv1").take.by == LAN.by


def test_a_directors_own_take_acts_at_once_and_what_was_on_its_way_comes_no_more() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.act("tv1", ChangeDelay(delay_ms=8_000))
    floor.act("hall", scene("live"))
    floor.pass_ms(3_000)
    floor.act("tv1", scene("trend"), MINH)
    floor.pass_ms(8_000)
    assert floor.scenes()["tv1"] == "trend"
    floor.act("hall", scene("standings"))
    floor.pass_ms(8_000)
    assert floor.scenes()["tv1"] == "standings"


def test_a_delay_that_is_made_shorter_lets_come_what_is_due_by_it() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.act("tv1", ChangeDelay(delay_ms=DELAY_MS_MAX))
    floor.act("hall", scene("live"))
    floor.pass_ms(1_000)
    floor.act("tv1", ChangeDelay(delay_ms=1_000))
    assert floor.scenes()["tv1"] == "live"


def test_what_was_on_its_way_when_the_clock_was_set_back_comes() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.act("tv1", ChangeDelay(delay_ms=8_000))
    floor.act("hall", scene("live"))
    floor.pass_ms(-3_600_000)
    assert floor.scenes()["tv1"] == "live"


def test_following_shows_what_the_other_shows_now_and_letting_go_changes_no_picture() -> None:
    floor = Floor()
    floor.press("hall", scene("live", lead="completed"))
    floor.act("tv1", Follow(other="hall"))
    assert floor.shows("tv1") == floor.shows("hall")
    floor.act("tv1", Hold(), MINH)
    floor.press("hall", scene("trend"))
    floor.act("tv1", LetGo(), MINH)
    assert floor.scenes()["tv1"] == "live"
    floor.act("tv1", Follow(other="hall"))
    assert floor.scenes()["tv1"] == "trend"
    floor.act("tv1", Follow(other=None))
    floor.press("hall", scene("latest"))
    assert floor.scenes()["tv1"] == "trend"


def test_nobody_follows_in_a_circle_or_what_there_is_not() -> None:
    floor = Floor()
    for name, other in (("hall", "hall"), ("hall", "points"), ("tv1", "tv2")):
        with pytest.raises(WrongSteering, match=f"an output that does not follow {name}"):
            floor.act(name, Follow(other=other))
    with pytest.raises(UnknownOutput):
        floor.act("tv1", Follow(other="tv9"))
