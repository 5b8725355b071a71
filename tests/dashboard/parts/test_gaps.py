"""How far the next are, in words: nobody before there is a place, and no name that the topic does not tell."""

import pytest

from dashboard.pages.unit import cut_of
from dashboard.parts.gaps import GAPS
from tests.browser.cases import Case, folder, frame_of
from tests.browser.numbers import unit_frame
from tests.worlds.editions import edition

SHIPPED = folder("ha-giang")


@pytest.mark.parametrize(("kind", "code", "lang", "seen"), [
    ("typical", "026", "vi", ("Cách H. Hoàng Su Phì\u00a075", "Hơn H. Yên Minh\u00a0109")),
    ("typical", "026", "en", ("75 behind H. Hoàng Su Phì", "109 ahead of H. Yên Minh")),
    ("typical", "02", "vi", ("", "")),
    ("zero", "026", "vi", ("", "")),
    ("ties", "00712", "vi", ("", "Bằng 18 đơn vị")),
])  # fmt: skip
def test_both_neighbours_are_told_once_there_is_a_place(kind: str, code: str, lang: str, seen: tuple[str, str]) -> None:
    frame = unit_frame(frame_of(Case("ha-giang", kind)), SHIPPED.contest, code)
    cut = cut_of(frame, edition(SHIPPED, lang))
    view = GAPS.view(GAPS.ask(cut.edition, code), cut)
    assert (view.ahead, view.behind) == seen
