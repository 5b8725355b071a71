"""The phone page of a connection point: its words in both languages, and nothing of another point."""

import re

import msgspec
import pytest

from dashboard.pages import point_phone
from dashboard.pages.point_phone import PhoneData
from dashboard.templates import environment
from dashboard.words.words import LANGS, read_texts
from streaming.points.told import PointsState
from tests.browser.cases import folder
from tests.browser.stand import state_frame
from tests.worlds.editions import edition

EVIL = "026"
"""A unit of the absurd contest whose name is markup."""


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_says_whose_it_is_and_what_it_may_say(lang: str) -> None:
    told = state_frame("points/026", PointsState(scope=EVIL), 0)
    values = point_phone.page(told, edition(folder("absurd"), lang), EVIL, me="point:026")
    text: str = environment().get_template("points/phone.html").render(values)
    data = msgspec.json.decode(re.findall(r'id="contest">(.*?)</script>', text)[0], type=PhoneData)
    assert (data.unit, data.me, data.present_max, data.line_chars_max) == ("026", "point:026", 9_999, 120)
    assert "<h1>&lt;img src=x onerror=alert(1)&gt;" in text
    assert 'maxlength="120"' in text


def test_both_languages_have_every_text() -> None:
    vi, en = (read_texts("points", lang) for lang in LANGS)
    assert vi.keys() == en.keys()
    fields = {key: re.findall(r"\{\w+\}", text) for key, text in vi.items()}
    assert {key: sorted(found) for key, found in fields.items()} == {
        key: sorted(re.findall(r"\{\w+\}", text)) for key, text in en.items()
    }
