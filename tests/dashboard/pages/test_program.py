"""The page of takes: every scene with its words in both languages, and what can be chosen of it."""

import pytest

from dashboard.edition import Editions
from dashboard.pages.hall import cut_of
from dashboard.pages.program import program
from dashboard.scenes.scenes import SCENES
from dashboard.words.words import LANGS
from tests.browser.cases import Case, folder, frame_of


@pytest.mark.parametrize("lang", LANGS)
def test_every_scene_of_the_table_is_a_button_with_words_of_its_own(lang: str) -> None:
    edition = Editions(folder("ha-giang"), "made").of(lang)
    frame = frame_of(Case("ha-giang", "typical"))
    values = program(SCENES, cut_of(frame, edition), frame, lang, "hall")
    assert [each.name for each in values["scenes"]] == [scene.name for scene in SCENES]
    assert len({each.title for each in values["scenes"]}) == len(SCENES)
    for each in values["scenes"]:
        assert each.what
        for setting in each.settings:
            assert sum(choice.is_chosen for choice in setting.choices) == 1, setting.name
            assert "" not in {choice.value for choice in setting.choices}
