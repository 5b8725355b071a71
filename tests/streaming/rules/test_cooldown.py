"""When a rule may have a unit held, and when what somebody has released stays released."""

from streaming.rules.cooldown import GONE_MS, Cooldown
from streaming.rules.watchdog import Tripped


def crowded(people: int, unit: str = "A1") -> Tripped:
    return Tripped("population", unit, True, {"people": people, "population": 100})


def test_a_rule_asks_once_for_one_cause_and_goes_by_a_release() -> None:
    cooldown = Cooldown()
    assert cooldown.asks(crowded(101), 0, is_held=False)
    assert not cooldown.asks(crowded(102), 200, is_held=True)
    for tick in range(2, 2_000):
        assert not cooldown.asks(crowded(103), tick * 200, is_held=False), "released, and the cause lasts"


def test_each_unit_and_rule_has_causes_of_its_own() -> None:
    cooldown = Cooldown()
    assert cooldown.asks(crowded(101), 0, is_held=False)
    assert cooldown.asks(crowded(101, "A2"), 0, is_held=False)
    assert cooldown.asks(Tripped("person_rate", "A1", True, {"entries": 6}), 0, is_held=False)


def test_a_ground_that_has_been_gone_for_a_minute_is_a_new_one() -> None:
    cooldown = Cooldown()
    cooldown.asks(crowded(101), 0, is_held=False)
    assert not cooldown.asks(crowded(101), GONE_MS - 1, is_held=False)
    assert cooldown.asks(crowded(101), 2 * GONE_MS - 1, is_held=False)


def test_a_figure_that_has_doubled_since_the_release_is_a_new_cause() -> None:
    cooldown = Cooldown()
    cooldown.asks(crowded(101), 0, is_held=False)
    cooldown.asks(crowded(150), 1_000, is_held=True)
    assert not cooldown.asks(crowded(299), 2_000, is_held=False), "whoever released had seen 150"
    assert cooldown.asks(crowded(300), 3_000, is_held=False)
    assert not cooldown.asks(crowded(599), 4_000, is_held=False)


def test_what_somebody_held_first_is_no_longer_a_cause_when_they_release_it() -> None:
    cooldown = Cooldown()
    assert not cooldown.asks(crowded(101), 0, is_held=True)
    assert not cooldown.asks(crowded(101), 1_000, is_held=False)


def test_a_hold_that_could_not_be_made_is_asked_for_again() -> None:
    cooldown = Cooldown()
    assert cooldown.asks(crowded(101), 0, is_held=False)
    cooldown.take_back(crowded(101))
    assert cooldown.asks(crowded(101), 200, is_held=False)


def test_after_a_start_a_cause_of_before_is_taken_to_last_for_a_minute() -> None:
    cooldown = Cooldown()
    cooldown.presume("population", "A1", 101, 0)
    cooldown.presume("population", "A2", 101, 0)
    assert not cooldown.asks(crowded(102), 1_000, is_held=False)
    assert cooldown.asks(crowded(202), 2_000, is_held=False)
    assert cooldown.asks(crowded(101, "A2"), GONE_MS, is_held=False)
