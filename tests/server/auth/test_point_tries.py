"""The bounds on guessing the codes of connection points."""

import pytest

from server.auth.point_tries import (
    GUESSES_ADDRESS,
    GUESSES_ALL,
    GUESSES_OWN,
    GUESSES_PER_DAY,
    GUESSES_POINT,
    NEAR_MAX,
    PointTries,
)
from server.auth.points import CODES
from server.auth.tries import TRIES_WINDOW_S
from tests.worlds.clocks import Stopwatch

DAY_S = 24 * 3_600


@pytest.fixture
def clock() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def tries(clock: Stopwatch) -> PointTries:
    return PointTries(clock)


def guesses(tries: PointTries, unit: str, address: str, most: int) -> int:
    """How many of ``most`` guesses are let through."""
    for made in range(most):
        if tries.wait_s(unit, address):
            return made
        tries.wrong(unit, address)
    return most


def test_what_somebody_mistypes_keeps_no_other_point_behind_the_address_waiting(
    tries: PointTries, clock: Stopwatch
) -> None:
    assert guesses(tries, "00688", "a", 100) == GUESSES_OWN
    assert tries.wait_s("00691", "a") == 0
    assert tries.wait_s("00688", "b") == 0
    clock.s += TRIES_WINDOW_S
    assert tries.wait_s("00688", "a") == 0


def test_points_behind_one_address_that_mistype_wait_for_nobody(tries: PointTries) -> None:
    """All 205 type their codes within five minutes, of three one wrongly, and nobody has been there before."""
    for number in range(205):
        assert tries.wait_s(f"unit {number}", "the province's") == 0
        if number % 3 == 0:
            tries.wrong(f"unit {number}", "the province's")
        assert tries.wait_s(f"unit {number}", "the province's") == 0
        tries.right("the province's")


def test_guesses_are_bounded_at_a_point_from_an_address_and_in_all(clock: Stopwatch) -> None:
    tries = PointTries(clock)
    assert sum(guesses(tries, "00688", f"at {n}", 100) for n in range(50)) == GUESSES_POINT
    tries = PointTries(clock)
    assert sum(guesses(tries, f"unit {n}", "a", 100) for n in range(50)) == GUESSES_ADDRESS
    tries = PointTries(clock)
    assert sum(guesses(tries, f"unit {n}", f"at {n}", 100) for n in range(500)) == GUESSES_ALL


def test_whoever_guesses_from_elsewhere_keeps_no_address_waiting_from_which_a_point_was_opened(
    tries: PointTries,
) -> None:
    tries.right("commune")
    guesses(tries, "00688", "at 1", 100)
    for number in range(500):
        guesses(tries, f"unit {number}", f"at {number}", 100)
    assert tries.wait_s("00688", "elsewhere") > 0
    assert tries.wait_s("00688", "commune") == 0
    assert guesses(tries, "00688", "commune", 100) == GUESSES_OWN


def test_guessing_is_hopeless(clock: Stopwatch) -> None:
    """Whoever guesses for a day, at every point, from as many addresses as he likes, of both kinds."""
    tries, made = PointTries(clock), 0
    near, windows = [f"near {n}" for n in range(20)], 3
    for address in near:
        tries.right(address)
    for _ in range(windows):
        for number in range(400):
            made += guesses(tries, f"unit {number}", near[number % 20] if number % 2 else f"at {number}", 20)
        clock.s += TRIES_WINDOW_S
    per_day = made / windows * DAY_S / TRIES_WINDOW_S
    assert per_day == GUESSES_PER_DAY == 86_400
    assert per_day / CODES < 1 / 2_800


def test_what_is_remembered_is_bounded(tries: PointTries) -> None:
    for number in range(NEAR_MAX + 5):
        tries.right(f"at {number}")
    assert len(tries._near) == NEAR_MAX
    assert "at 4" not in tries._near
