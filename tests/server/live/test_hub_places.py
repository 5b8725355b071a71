"""Whom the hub lets in: how many, how fast, and who is known."""

from tests.worlds.clocks import Stopwatch
from tests.worlds.serving import a_hub


def test_handshakes_keep_to_their_rate_and_a_tenth_of_a_second_may_come_at_once() -> None:
    clock = Stopwatch()
    hub = a_hub(sockets_max=10_000, sockets_per_address_max=10_000, handshakes_per_s=100, monotonic_s=clock)
    let_in = 0
    for _ in range(1_000):
        let_in += hub.let_in("here") is None
        clock.s += 0.001
    assert 95 <= let_in <= 100
    assert hub.counters.refused == {"too_fast": 1_000 - let_in}
    assert hub.counters.open == let_in


def test_strangers_use_up_neither_the_handshakes_nor_the_places_of_screens_that_are_known() -> None:
    hub = a_hub(monotonic_s=lambda: 100.0, handshakes_per_s=1_000, sockets_max=60)
    let_in = 0
    while (objection := hub.let_in(f"stranger {let_in}")) is None:
        let_in += 1
    assert (objection, let_in) == ("full", 57)
    assert [hub.let_in("hall", is_known=True) for _ in range(4)] == [None, None, None, "full"]
    hub = a_hub(monotonic_s=lambda: 100.0, handshakes_per_s=100, sockets_max=1_000)
    while hub.let_in("stranger") is None:
        pass
    assert hub.let_in("stranger") == "too_fast"
    # They have a pace of their own, for a hall that comes back at once.
    assert [hub.let_in("hall", is_known=True) for _ in range(11)] == [None] * 10 + ["too_fast"]


def test_a_known_screen_is_spared_the_limit_of_its_address_and_no_other() -> None:
    hub = a_hub(sockets_max=3, sockets_per_address_max=1)
    assert hub.let_in("nat") is None
    assert hub.let_in("nat") == "address_full"
    assert hub.let_in("nat", is_known=True) is None
    assert hub.let_in("elsewhere") is None
    assert hub.let_in("nat", is_known=True) == "full"
    hub.let_go("nat")
    assert hub.let_in("nat") == "address_full"
    assert hub.let_in("nat", is_known=True) is None
