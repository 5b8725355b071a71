"""Places among siblings."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.contests.units import TARGET_MAX, UNITS_MAX
from streaming.topics.standings import Ranking, Value, value

TARGET_SUM_MAX = TARGET_MAX * UNITS_MAX
COUNTS = st.integers(0, 2 * TARGET_SUM_MAX)
SHARES = st.tuples(COUNTS, st.integers(1, TARGET_SUM_MAX))


def share(completed: int, target: int | None) -> Value:
    return value("rate", [0, 0, completed, 0], target, "completed")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"a": 5, "b": 3, "c": 3, "d": 1}, {"a": 1, "b": 2, "c": 2, "d": 4}),
        ({"a": 0, "b": 0}, {"a": 1, "b": 1}),
        ({"a": None, "b": 1}, {"a": None, "b": 1}),
        ({}, {}),
    ],
)
def test_places(values: dict[str, Value], expected: dict[str, int | None]) -> None:
    assert Ranking(values).places == expected


def test_order_keeps_the_official_order_among_equals_and_puts_units_without_a_value_last() -> None:
    assert Ranking({"x": None, "a": 1, "b": 2, "c": 1}).order == ("b", "a", "c", "x")


@pytest.mark.parametrize(
    ("code", "expected"),
    [("a", (None, "b")), ("b", ("a", "d")), ("c", ("a", "d")), ("d", ("c", None)), ("e", (None, None))],
)
def test_near_is_the_next_value_strictly_above_and_below(code: str, expected: tuple[str | None, str | None]) -> None:
    assert Ranking({"a": 9, "b": 5, "c": 5, "d": 1, "e": None}).near(code) == expected


@given(SHARES, SHARES)
def test_shares_of_a_target_compare_as_fractions_do(one: tuple[int, int], other: tuple[int, int]) -> None:
    shares = [share(*one), share(*other)]
    places = Ranking({"one": shares[0], "other": shares[1]}).places
    exact = [Fraction(*one), Fraction(*other)]
    assert places == {"one": 1 + (exact[0] < exact[1]), "other": 1 + (exact[1] < exact[0])}


def test_shares_that_no_float_can_tell_apart_have_an_order() -> None:
    most = TARGET_SUM_MAX
    assert (most - 1) / most == (most - 2) / (most - 1)
    assert Ranking({"a": share(most - 2, most - 1), "b": share(most - 1, most)}).order == ("b", "a")


def test_equal_shares_of_different_targets_share_a_place() -> None:
    values = {"a": share(1, 3), "b": share(333, 999), "c": share(2, 3), "d": share(1, 4), "e": share(5, None)}
    assert Ranking(values).places == {"c": 1, "a": 2, "b": 2, "d": 4, "e": None}


def test_what_ranks_is_the_column_or_the_share_of_what_the_target_is_for() -> None:
    counts = [9, 7, 5, 3, 1]
    assert [value(by, counts, None, "completed") for by in ("started", "completed", "participants")] == [7, 5, 3]
    assert value("rate", counts, 10, "participants") == share(3, 10)
