"""The steps of the map: rising, round, and gold for few, whatever has been counted."""

import json
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.map.steps import COLOURS, EVEN_LEAST, choose, colour, even, roundest
from streaming.contests.contest import STEPS_MAX

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "steps.json").read_text("utf-8"))
GOLD = 6

counts_of_units = st.lists(st.integers(0, 10**10) | st.integers(0, 30), max_size=250)


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=[case["about"] for case in GOLDEN["cases"]])
def test_the_steps_are_the_golden_ones_which_are_the_browsers_too(case: dict[str, list[int]]) -> None:
    assert list(choose(case["counts"])) == case["chosen"]
    assert list(even(case["counts"])) == case["even"]


@pytest.mark.parametrize(("count", "steps", "expected"), GOLDEN["colours"])
def test_the_colour_of_a_count_is_that_of_the_browser(count: int, steps: list[int], expected: int) -> None:
    assert colour(count, steps) == expected


@given(counts_of_units)
def test_steps_rise_from_one_and_are_five_where_there_are_ten_units(counts: list[int]) -> None:
    steps = choose(counts)
    assert steps[0] == 1
    assert all(low < high for low, high in pairwise(steps))
    having = sum(count > 0 for count in counts)
    assert len(steps) == 5 if having >= 10 or not having else 2 <= len(steps) <= 5


@given(counts_of_units)
def test_gold_is_one_unit_or_at_most_eight_percent(counts: list[int]) -> None:
    having = [count for count in counts if count > 0]
    steps = choose(counts)
    assert sum(colour(count, steps) == GOLD for count in having) <= max(1, len(having) * 8 // 100)
    assert sum(colour(count, even(counts)) == GOLD for count in counts) <= max(1, len(counts) * 8 // 100)


@given(counts_of_units)
def test_even_steps_rise_from_one_at_one_distance(counts: list[int]) -> None:
    first, distance, *more = even(counts)
    assert first == 1
    assert distance >= EVEN_LEAST
    assert more == [2 * distance, 3 * distance, 4 * distance]


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 200)), max_size=40))
def test_even_steps_never_go_back_while_counts_grow(counts: list[tuple[int, int]]) -> None:
    assert even(before for before, _ in counts) <= even(before + more for before, more in counts)


@pytest.mark.parametrize("units", [1, 8, 19, 193])
def test_even_steps_stand_while_an_evening_goes_on(units: int) -> None:
    """Entries come one by one, here and there: the legend is another at most ten times in a tenfold growth."""
    counts, seen = [0] * units, [even([0] * units)]
    for nth in range(100 * units):
        counts[nth * nth % 7919 % units] += 1
        if (steps := even(counts)) != seen[-1]:
            seen.append(steps)
    assert seen == sorted(seen)
    highest = max(counts)
    assert len(seen) - 1 <= 10 * len(str(highest)), "more than ten in each tenfold"


@given(counts_of_units, st.randoms())
def test_the_same_counts_give_the_same_steps_in_any_order(counts: list[int], random: object) -> None:
    turned = list(counts)
    random.shuffle(turned)  # type: ignore[attr-defined]
    assert choose(turned) == choose(counts)
    assert even(turned) == even(counts)


@pytest.mark.parametrize("rule", [choose, even])
@given(counts=counts_of_units)
def test_more_is_never_darker(rule: Callable[[list[int]], tuple[int, ...]], counts: list[int]) -> None:
    steps = rule(counts)
    colours = [colour(count, steps) for count in sorted(counts)]
    assert colours == sorted(colours)
    assert all((count > 0) == (colour(count, steps) > 0) for count in counts)


@given(st.integers(1, 10**10), st.integers(0, 10**10))
def test_the_roundest_number_lies_between_and_no_larger_unit_has_a_multiple_there(low: int, more: int) -> None:
    high = low + more
    found = roundest(low, high)
    assert low <= found <= high
    units = [first * 10**zeros for zeros in range(11) for first in (1, 2, 5)]
    assert found % max(unit for unit in units if high // unit * unit >= low) == 0


def test_shares_are_near_forty_thirty_fifteen_ten_and_five_percent() -> None:
    """A province whose counts differ as communes do: by a tenfold, few of them large."""
    counts = [20 + nth * nth // 40 + 7 * nth % 13 for nth in range(193)]
    steps = choose(counts)
    shares = Counter(colour(count, steps) for count in counts)
    assert [round(100 * shares[at] / 193) for at in COLOURS[5]] == pytest.approx([40, 30, 15, 10, 5], abs=9)


def test_every_number_of_steps_that_a_contest_may_set_has_its_colours() -> None:
    assert [len(colours) for colours in COLOURS] == list(range(STEPS_MAX + 1))
    for colours in COLOURS[1:]:
        assert list(colours) == sorted(set(colours))
        assert colours[-1] == GOLD
