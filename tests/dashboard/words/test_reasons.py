"""Whatever the intake may reject, and whatever an operator's decision may be told, has words in the control room."""

from typing import get_args

import pytest

from dashboard.pages.control import texts
from dashboard.words.words import LANGS
from streaming.decisions.kinds import KINDS
from streaming.participation import RejectCode


@pytest.mark.parametrize("lang", LANGS)
def test_every_reason_for_a_rejection_has_words(lang: str) -> None:
    assert [code for code in get_args(RejectCode) if f"reject_{code}" not in texts(lang)] == []


@pytest.mark.parametrize("lang", LANGS)
def test_every_decision_that_others_must_have_seen_has_words(lang: str) -> None:
    kinds = [str(kind.__struct_config__.tag) for kind in KINDS if kind.is_remembered]
    assert [kind for kind in kinds if f"last_{kind}" not in texts(lang)] == []
