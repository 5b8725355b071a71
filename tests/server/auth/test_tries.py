"""The count of tries: what strangers can use up, and what they cannot."""

import pytest

from server.auth import tries
from server.auth.tries import TRIES_PER_ADDRESS, TRIES_PER_LOGIN, TRIES_PER_LOGIN_NEAR, TRIES_WINDOW_S, Tries, Try
from tests.worlds.clocks import Stopwatch

HALL = "192.0.2.1"


@pytest.fixture
def clock() -> Stopwatch:
    return Stopwatch(1_000.0)


@pytest.fixture
def tried(clock: Stopwatch) -> Tries:
    return Tries(clock)


def stranger(tried: Tries, login: str, number: int) -> Try:
    """A try of a login from an address of its own."""
    return tried.sign_in(login, f"203.0.113.{number}", is_near=False, device=None)


def test_neither_addresses_nor_logins_in_any_number_wash_a_count_away(tried: Tries, clock: Stopwatch) -> None:
    for number in range(TRIES_PER_LOGIN):
        assert not stranger(tried, "lan", number).wait_s
    for number in range(TRIES_PER_ADDRESS):
        tried.sign_in(f"ha{number}", "198.51.100.1", is_near=True, device=None)
    for number in range(tries.TRIED_MAX + 50):
        clock.s += 0.01
        stranger(tried, f"made-up-{number}", number)
    assert stranger(tried, "lan", 20_000).wait_s > 0
    assert tried.address_wait_s("198.51.100.1") > 0
    clock.s += TRIES_WINDOW_S
    assert not stranger(tried, "lan", 20_001).wait_s


def test_while_more_try_than_are_remembered_new_ones_share_a_count_and_known_browsers_have_their_own(
    tried: Tries, clock: Stopwatch
) -> None:
    waits = [stranger(tried, f"made-up-{number}", number).wait_s for number in range(tries.TRIED_MAX + 100)]
    assert not any(waits[: tries.TRIED_MAX])
    assert sum(not each for each in waits[tries.TRIED_MAX :]) == TRIES_PER_LOGIN
    assert not tried.sign_in("lan", HALL, is_near=False, device="a browser").wait_s
    assert not tried.own(1, None).wait_s
    clock.s += TRIES_WINDOW_S
    assert not stranger(tried, "new", 99_999).wait_s
    assert max(len(tried._addresses), len(tried._strange)) <= 2


def test_a_known_browser_is_kept_out_by_no_stranger_and_not_by_the_hall_it_is_in(tried: Tries) -> None:
    for number in range(2 * TRIES_PER_LOGIN_NEAR):
        stranger(tried, "lan", number)
        tried.sign_in("lan", f"near {number}", is_near=True, device=None)
        tried.sign_in(f"made-up-{number}", HALL, is_near=True, device=None)
        tried.sign_in("lan", HALL, is_near=True, device="another browser of hers")
    assert tried.address_wait_s(HALL) > 0
    assert not tried.sign_in("lan", HALL, is_near=True, device="her browser").wait_s
    assert not tried.own(1, None).wait_s


def test_the_guesses_of_one_account_have_a_bound_however_many_addresses_are_known(tried: Tries) -> None:
    wrong = [tried.sign_in("lan", f"near {number}", is_near=True, device=None) for number in range(500)]
    assert sum(not each.wait_s for each in wrong) == TRIES_PER_LOGIN_NEAR
    for key in ("device", "own"):
        tries = [
            tried.sign_in("lan", HALL, is_near=True, device="a") if key == "device" else tried.own(1, None)
            for _ in range(50)
        ]
        assert sum(not each.wait_s for each in tries) == TRIES_PER_LOGIN


def test_what_is_given_back_was_no_try_and_leaves_nothing(tried: Tries) -> None:
    for number in range(tries.TRIED_MAX + 50):
        stranger(tried, f"made-up-{number}", number).give_back()
        stranger(tried, "lan", 1).give_back()
    assert not stranger(tried, "lan", 2).wait_s
    assert len(tried._addresses) == len(tried._strange) == 1
    refused = Try(5.0)
    refused.give_back()


def test_who_must_wait_takes_no_try_and_waits_no_longer_for_asking(tried: Tries, clock: Stopwatch) -> None:
    for number in range(TRIES_PER_LOGIN):
        stranger(tried, "lan", number)
    for _ in range(100):
        assert stranger(tried, "lan", 500).wait_s == TRIES_WINDOW_S
    assert not tried.address_wait_s("203.0.113.500")
    clock.s += TRIES_WINDOW_S
    assert not stranger(tried, "lan", 500).wait_s
