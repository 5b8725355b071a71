"""English nouns."""

import pytest

from dashboard.words.english import plural


@pytest.mark.parametrize(
    ("noun", "many"),
    [("ward", "wards"), ("county", "counties"), ("day", "days"), ("class", "classes"), ("branch", "branches")],
)
def test_a_plural(noun: str, many: str) -> None:
    assert plural(noun) == many
