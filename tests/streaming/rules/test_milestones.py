"""Milestones: crossed for five seconds running, the highest alone, once for ever."""

from hypothesis import given
from hypothesis import strategies as st

from streaming.rules.milestones import CROSSED_S, MilestoneWatch


def test_a_milestone_counts_after_five_seconds_running() -> None:
    watch = MilestoneWatch([10])
    assert watch.look(9, (), 0.0) is None
    assert watch.look(10, (), 1.0) is None
    assert watch.look(11, (), 5.9) is None
    assert watch.look(11, (), 6.0) == 10


def test_a_total_that_falls_back_starts_again() -> None:
    watch = MilestoneWatch([10])
    watch.look(10, (), 0.0)
    watch.look(9, (), 4.0)
    assert watch.look(10, (), 6.0) is None
    assert watch.look(10, (), 11.0) == 10


def test_of_several_at_once_the_highest_is_told_alone() -> None:
    watch = MilestoneWatch([10, 20, 30])
    watch.look(25, (), 0.0)
    assert watch.look(25, (), 5.0) == 20
    assert watch.look(25, {20}, 6.0) is None


def test_one_that_is_just_being_crossed_is_waited_for() -> None:
    watch = MilestoneWatch([10, 20])
    watch.look(10, (), 0.0)
    watch.look(20, (), 3.0)
    assert watch.look(20, (), 5.0) is None
    assert watch.look(20, (), 8.0) == 20


def test_what_was_reached_is_never_told_again() -> None:
    watch = MilestoneWatch([10, 20])
    watch.look(3, {10}, 0.0)
    watch.look(10, {10}, 1.0)
    assert watch.look(10, {10}, 9.0) is None
    assert watch.look(10, {20}, 99.0) is None


@given(st.lists(st.tuples(st.integers(0, 40), st.floats(0, 4)), max_size=60))
def test_milestones_rise_and_each_is_told_once(steps: list[tuple[int, float]]) -> None:
    watch, now_s = MilestoneWatch([5, 10, 20, 30]), 0.0
    reached: list[int] = []
    since: dict[int, float] = {}
    for total, wait_s in steps:
        now_s += wait_s
        for value in (5, 10, 20, 30):
            if total < value:
                since.pop(value, None)
            else:
                since.setdefault(value, now_s)
        told = watch.look(total, reached, now_s)
        if told is not None:
            assert now_s - since[told] >= CROSSED_S
            assert not reached or told > reached[-1]
            reached.append(told)
