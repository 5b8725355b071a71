"""Wrong numbers off the air (Gỡ số): which pictures go, which stay, and what comes back."""

import pytest

from streaming.program.errors import (
    NotNow,
    WrongSteering,
)
from streaming.program.hands import Hold
from streaming.program.numbers import ChangeDelay, ChangeStore, Panic
from streaming.program.steering import PRESS_AGAIN_MS
from streaming.program.withdrawal import Restore, Withdraw
from tests.worlds.outputs import BACKDROP, DEVICE, LAN, MINH, Floor, scene


def test_wrong_numbers_go_off_the_air_wherever_the_hall_reaches_and_whoever_holds_is_told() -> None:
    floor = Floor({"hall": None, "points": "hall", "tv1": "hall", "tv2": "hall", "tv3": None})
    floor.act("tv1", ChangeDelay(delay_ms=8_000))
    floor.act("hall", scene("live"))
    floor.act("tv2", Hold(), MINH)
    floor.act("tv3", scene("trend"), MINH)
    floor.act("points", Panic())
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    expected = {"hall": "standby", "points": "standby", "tv1": "standby", "tv2": "live", "tv3": "trend"}
    assert floor.scenes() == expected
    floor.pass_ms(60_000)
    assert floor.scenes() == expected, "what was on its way does not come"
    assert floor.of("points").still is None
    for name in ("tv2", "tv3"):
        told = floor.of(name).told().withdrawn
        assert told is not None
        assert (told.output, told.by, told.scene) == ("hall", LAN.by, None)
    floor.press("hall", Restore())
    assert floor.scenes() == expected | {"hall": "live", "points": "live", "tv1": "standby"}
    assert all(output.withdrawn is None for output in floor.steering.all.values())


def test_the_moment_up_to_which_numbers_are_right_may_be_named_later() -> None:
    floor = Floor()
    floor.press("hall", scene("live"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert floor.act("hall", Withdraw(backdrop=BACKDROP)) == [], "a second press changes nothing"
    to_ms = floor.at.now_ms - 5_000
    floor.act("hall", Withdraw(backdrop=BACKDROP, to_ms=to_ms))
    assert {output.withdrawn.to for output in floor.steering.all.values() if output.withdrawn} == {to_ms}
    assert floor.scenes()["hall"] == "standby"
    with pytest.raises(WrongSteering, match="a time up to now"):
        floor.act("hall", Withdraw(backdrop=BACKDROP, to_ms=floor.at.now_ms + 1))


def test_whoever_steers_all_may_take_more_off_the_air_and_undo_it_from_any_output_that_is_told() -> None:
    floor = Floor()
    floor.press("tv1", scene("live"))
    floor.press("hall", scene("trend"))
    floor.act("tv1", Withdraw(backdrop=BACKDROP))
    assert floor.scenes() == {"hall": "trend", "points": "trend", "tv1": "standby", "tv2": "standby"}
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert set(floor.scenes().values()) == {"standby"}, "that the numbers are withdrawn already keeps nobody from it"
    assert {output.withdrawn.output for output in floor.steering.all.values() if output.withdrawn} == {"tv1"}
    floor.press("points", Restore())
    assert floor.scenes() == {"hall": "trend", "points": "trend", "tv1": "live", "tv2": "live"}
    floor.pass_ms(PRESS_AGAIN_MS)
    with pytest.raises(NotNow, match="no numbers were taken off"):
        floor.act("points", Restore())


def test_who_is_bound_to_an_output_takes_his_own_picture_off_and_nobody_elses() -> None:
    floor = Floor()
    floor.press("hall", scene("live"))
    floor.press("tv1", scene("trend"))
    floor.act("tv1", Withdraw(backdrop=BACKDROP), DEVICE)
    assert floor.scenes() == {"hall": "live", "points": "live", "tv1": "standby", "tv2": "standby"}
    own = floor.of("tv1").withdrawn
    assert own is not None
    assert not own.holds
    assert floor.of("hall").withdrawn is None, "the hall is not told to look at its numbers"
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert floor.of("tv1").withdrawn == own
    floor.press("hall", Restore())
    assert floor.scenes()["tv1"] == "standby"
    floor.press("tv1", Restore(), DEVICE)
    assert floor.scenes() == {"hall": "live", "points": "live", "tv1": "trend", "tv2": "trend"}


def test_who_is_bound_to_an_output_cannot_undo_what_the_hall_has_done() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.press("hall", scene("live"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert floor.act("tv1", Withdraw(backdrop=BACKDROP), DEVICE) == [], "it is off the air"
    floor.pass_ms(PRESS_AGAIN_MS)
    with pytest.raises(NotNow, match="no numbers were taken off"):
        floor.act("tv1", Restore(), DEVICE)
    floor.press("tv1", scene("trend"), DEVICE)
    floor.press("hall", Restore())
    assert floor.scenes() == {"hall": "live", "tv1": "trend"}


def test_what_was_taken_after_it_is_taken_off_by_another_press_and_comes_back_itself() -> None:
    floor = Floor({"hall": None, "points": "hall"})
    floor.press("hall", scene("live"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    floor.press("hall", scene("trend"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert floor.scenes() == {"hall": "standby", "points": "standby"}
    floor.press("hall", Restore())
    assert floor.scenes() == {"hall": "trend", "points": "trend"}


def test_what_somebody_has_put_on_air_meanwhile_does_not_give_way_to_what_was_there() -> None:
    floor = Floor()
    floor.press("hall", scene("live"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    floor.press("points", scene("trend"))
    floor.press("hall", Restore())
    assert (floor.scenes()["hall"], floor.scenes()["points"]) == ("live", "trend")


def test_an_output_of_the_other_store_keeps_its_picture() -> None:
    floor = Floor()
    floor.act("points", ChangeStore(store="rehearsal", first=BACKDROP))
    floor.press("hall", scene("live"))
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    assert (floor.scenes()["points"], floor.of("points").withdrawn) == ("live", None)


def test_who_holds_an_output_gets_his_picture_back_and_who_has_come_to_hold_one_keeps_what_he_has() -> None:
    floor = Floor({"hall": None, "tv1": "hall"})
    floor.act("hall", scene("live"))
    floor.act("hall", Hold())
    floor.act("hall", Withdraw(backdrop=BACKDROP))
    floor.act("tv1", Hold(), MINH)
    floor.press("hall", Restore())
    assert floor.scenes() == {"hall": "live", "tv1": "standby"}
    assert floor.of("tv1").withdrawn is None
