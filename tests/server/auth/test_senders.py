"""What senders may cost until it is known who they are: bounds in memory and in bytes a second, and who is spared."""

import pytest

from server.auth.senders import KNOWN_FOR_S, KNOWN_MAX, STRANGERS_MAX, Full, Senders
from tests.worlds.clocks import Stopwatch

A, B, C = "192.0.2.1", "192.0.2.2", "2001:db8:1:2::3"


@pytest.fixture
def clock() -> Stopwatch:
    return Stopwatch(1_000.0)


@pytest.fixture
def senders(clock: Stopwatch) -> Senders:
    """Room for 1,000 bytes; strangers 100 bytes a second, 40 from one address, four seconds' worth at once."""
    return Senders(
        50, held_bytes_max=1_000, strangers_bytes_per_s=100, stranger_bytes_per_s=40, monotonic_s=clock
    )  # fmt: skip


def sends(senders: Senders, address: str, size: int) -> bool:
    """Whether a body of a stranger that proves wrong is let in."""
    try:
        with senders.reserve(address) as reserve:
            reserve.expect(size)
            reserve.take(size)
    except Full:
        return False
    return True


def test_an_address_has_a_bound_and_all_together_have_one(senders: Senders, clock: Stopwatch) -> None:
    assert [sends(senders, A, 80) for _ in range(3)] == [True, True, False]
    assert [sends(senders, B, 160), sends(senders, "192.0.2.3", 81), sends(senders, "192.0.2.3", 80)] == [
        True, False, True,
    ]  # fmt: skip
    assert not sends(senders, "192.0.2.4", 1)
    clock.s += 1
    assert [sends(senders, A, 41), sends(senders, A, 40), sends(senders, "192.0.2.4", 61)] == [False, True, False]
    clock.s += 100
    assert [sends(senders, A, 161), sends(senders, A, 160)] == [False, True]


def test_a_64_is_one_address_and_what_is_forgotten_is_bounded(senders: Senders) -> None:
    assert sends(senders, C, 160)
    assert not sends(senders, C.replace("::3", "::4"), 1)
    for number in range(STRANGERS_MAX + 5):
        sends(senders, f"10.0.{number // 256}.{number % 256}", 0)
    assert len(senders._strangers) == STRANGERS_MAX


def test_one_largest_body_has_room_however_low_the_bounds(clock: Stopwatch) -> None:
    senders = Senders(500, held_bytes_max=1, strangers_bytes_per_s=1, stranger_bytes_per_s=1, monotonic_s=clock)
    assert [sends(senders, A, 501), sends(senders, A, 500)] == [False, True]


def test_what_proves_right_is_given_back(senders: Senders) -> None:
    for _ in range(20):
        with senders.reserve(A) as reserve:
            reserve.take(160)
            reserve.give_back()
    assert sends(senders, A, 160)


def test_bodies_in_memory_have_a_bound_and_give_it_back_when_they_go(clock: Stopwatch) -> None:
    senders = Senders(50, held_bytes_max=100, monotonic_s=clock)
    with senders.reserve(A) as first, senders.reserve(B) as second:
        first.take(60)
        with pytest.raises(Full):
            second.take(41)
        second.take(40)
    assert senders._held == {}
    assert sends(senders, C, 100)


def test_strangers_do_not_count_against_an_address_that_is_known(senders: Senders, clock: Stopwatch) -> None:
    senders.prove(A, "digest")
    while sends(senders, B, 20) or sends(senders, C, 20):
        pass
    with senders.reserve("192.0.2.9") as stranger, senders.reserve("192.0.2.8") as other:
        assert [stranger.is_known, other.is_known] == [False, False]
        for _ in range(30):
            with senders.reserve(A) as reserve:
                assert (reserve.is_known, reserve.digest) == (True, "digest")
                reserve.expect(1_000)
                reserve.take(1_000)
                with pytest.raises(Full):
                    reserve.expect(1)
    clock.s += KNOWN_FOR_S + 1
    with senders.reserve(A) as reserve:
        assert not reserve.is_known


def test_a_bearer_makes_known_too_and_keeps_the_secret_that_signed_last(senders: Senders, clock: Stopwatch) -> None:
    senders.prove(A)
    senders.prove(A, "one")
    senders.prove(A, "two")
    clock.s += KNOWN_FOR_S - 1
    senders.prove(A)
    clock.s += 2
    with senders.reserve(A) as reserve:
        assert (reserve.is_known, reserve.digest) == (True, "two")


def test_those_that_are_known_longest_ago_are_forgotten_first(senders: Senders, clock: Stopwatch) -> None:
    senders.prove(A)
    senders.prove(B)
    clock.s += 3_600
    senders.prove(A)
    for number in range(KNOWN_MAX - 1):
        senders.prove(f"10.0.{number // 256}.{number % 256}")
    known = []
    for address in (A, B):
        with senders.reserve(address) as reserve:
            known.append(reserve.is_known)
    assert known == [True, False]
