"""The self-test's page: each thing that is tested has its line and its words, also where no script runs."""

import re

import pytest

from dashboard import static
from dashboard.pages import self_test
from dashboard.pages.point_phone import texts
from dashboard.pages.self_test import TESTS
from dashboard.templates import environment
from dashboard.words.words import LANGS
from tests.browser.cases import folder
from tests.worlds.editions import edition


@pytest.mark.parametrize("lang", LANGS)
def test_each_test_has_its_line_and_the_hotline_stands_below(lang: str) -> None:
    contest = folder("cao-bang-2022")
    unit = contest.contest.tree["042"]
    values = self_test.page(edition(contest, lang), unit, "/points/042")
    text: str = environment().get_template("points/test.html").render(values)
    assert re.findall(r'data-test="(\w+)"', text) == list(TESTS)
    assert contest.contest.hotline in text
    assert f'data-old="{texts(lang)["test_old"]}"' in text
    assert texts(lang)["test_no_script"] in text


def test_its_script_finds_every_word() -> None:
    script = static.files()["js/test/verdicts.js"].read_text("utf-8")
    keys = {*re.findall(r'"((?:browser|clock|line|font|frames|size)_\w+)"', script), "awake_lock", "awake_video"}
    assert len(keys) > 20
    assert keys <= texts("vi").keys()


def test_what_it_says_in_an_engine_of_old_is_written_for_one() -> None:
    script = static.files()["js/plain/old_engine.js"].read_text("utf-8")
    assert not re.search(r"=>|`|\b(const|let|import|class)\b", re.sub(r"/\*.*?\*/|//.*", "", script, flags=re.DOTALL))
