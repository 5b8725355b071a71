"""Cells that no spreadsheet takes for a formula."""

import pytest

from dashboard.words.cells import harmless


@pytest.mark.parametrize(
    ("cell", "made"),
    [
        ("=1+1", "'=1+1"),
        (" @SUM(A1)", "' @SUM(A1)"),
        ("a;-1", "a;'-1"),
        ("＋1", "'＋1"),
        ("Hà Giang", "Hà Giang"),
        ("a-b=c", "a-b=c"),
        ("", ""),
        (-5, -5),
        (None, None),
    ],
)
def test_a_formula_is_told_as_a_text_and_nothing_else_is_touched(
    cell: str | int | None, made: str | int | None
) -> None:
    assert harmless(cell) == made
