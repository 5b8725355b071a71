"""Places among siblings."""

import pytest

from streaming.standings import in_order, near, places


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"a": 5, "b": 3, "c": 3, "d": 1}, {"a": 1, "b": 2, "c": 2, "d": 4}),
        ({"a": 0, "b": 0}, {"a": 1, "b": 1}),
        ({"a": None, "b": 0.5}, {"a": None, "b": 1}),
        ({}, {}),
    ],
)
def test_places(values: dict[str, int | float | None], expected: dict[str, int | None]) -> None:
    assert places(values) == expected


def test_order_keeps_the_official_order_among_equals_and_puts_units_without_a_value_last() -> None:
    assert in_order(["x", "a", "b", "c"], {"x": None, "a": 1, "b": 2, "c": 1}) == ["b", "a", "c", "x"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [("a", (None, "b")), ("b", ("a", "d")), ("c", ("a", "d")), ("d", ("c", None)), ("e", (None, None))],
)
def test_near_is_the_next_value_strictly_above_and_below(code: str, expected: tuple[str | None, str | None]) -> None:
    assert near(code, list("abcde"), {"a": 9, "b": 5, "c": 5, "d": 1, "e": None}) == expected
