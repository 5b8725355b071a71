"""Leases of points' pages, with the clock in the test's hand."""

from hypothesis import given
from hypothesis import strategies as st

from streaming.points.leases import FORGOTTEN_MS, HELD_UP_MS, LEASE_MS, TOLD_MS, Leases, Page


def looks(leases: Leases, from_ms: int, to_ms: int, *, heard: set[str] = frozenset()) -> dict[int, set[str]]:  # type: ignore[assignment]
    """Look each 500 ms, each time after hearing of some; what had changed, by when."""
    found = {}
    for at_ms in range(from_ms, to_ms + 1, 500):
        for code in heard:
            leases.hear(code, at_ms)
        if changed := leases.look(at_ms):
            found[at_ms] = changed
    return found


def test_a_page_is_open_while_it_is_heard_lost_after_5_s_and_told_after_10_s() -> None:
    leases = Leases()
    assert looks(leases, 0, 1_000, heard={"a", "b"}) == {0: {"a", "b"}}
    lost = looks(leases, 1_500, 12_000, heard={"b"})
    assert lost == {6_500: {"a"}}
    assert leases.of("a") == Page(False, 1_000)
    assert leases.lost(1_000 + TOLD_MS) == {}
    assert leases.lost(1_500 + TOLD_MS) == {"a": TOLD_MS + 500}
    leases.hear("a", 12_000)
    assert leases.lost(30_000) == {}
    assert leases.look(12_000) == {"a"}
    assert leases.of("a") == Page(True, 12_000)
    assert leases.of("c") is None


def test_while_the_process_was_held_up_nobody_was_silent() -> None:
    leases = Leases()
    looks(leases, 0, 2_000, heard={"a"})
    assert leases.look(2_000 + 60_000) == set()
    assert leases.look(2_500 + 60_000) == set()
    # It had been silent for nothing before, and has its whole time from then on.
    assert looks(leases, 63_000, 70_000) == {67_500: {"a"}}
    assert HELD_UP_MS < LEASE_MS


def test_a_page_that_was_lost_half_a_day_ago_is_forgotten() -> None:
    leases = Leases()
    looks(leases, 0, 7_000, heard=set())
    leases.hear("a", 7_000)
    leases.look(7_000)
    looks(leases, 7_500, 14_000)
    for at_ms in range(14_500, FORGOTTEN_MS + 20_000, 1_000):
        if leases.look(at_ms):
            break
    assert leases.pages == {}
    assert leases.lost(FORGOTTEN_MS + 30_000) == {}


@given(st.lists(st.tuples(st.integers(1, 1_900), st.sets(st.sampled_from("abc"))), max_size=40))
def test_a_page_is_open_if_and_only_if_it_was_heard_within_its_lease(steps: list[tuple[int, set[str]]]) -> None:
    leases, now_ms = Leases(), 0
    heard: dict[str, int] = {}
    for step_ms, codes in steps:
        now_ms += step_ms
        for code in codes:
            leases.hear(code, now_ms)
            heard[code] = now_ms
        leases.look(now_ms)
        is_open = {code for code, page in leases.pages.items() if page.is_open}
        assert is_open == {code for code, at_ms in heard.items() if now_ms - at_ms <= LEASE_MS}
        assert set(leases.lost(now_ms)) == {code for code, at_ms in heard.items() if now_ms - at_ms > TOLD_MS}
