"""The page of takes: every scene with its words in both languages, and what can be chosen of it."""

import pytest

from dashboard.edition import Editions
from dashboard.pages.control import output_title
from dashboard.pages.hall import cut_of
from dashboard.pages.program import OutputsData, program
from dashboard.scenes.scenes import SCENES
from dashboard.words.words import LANGS
from tests.browser.cases import Case, folder, frame_of


@pytest.mark.parametrize("lang", LANGS)
def test_every_scene_of_the_table_is_a_button_with_words_of_its_own(lang: str) -> None:
    edition = Editions(folder("ha-giang"), "made").of(lang)
    frame = frame_of(Case("ha-giang", "typical"))
    shown = OutputsData("tv1", {"hall": frame, "tv1": frame}, may_steer=True, may_break=False)
    values = program(SCENES, cut_of(frame, edition), shown, lang)
    assert [(each.name, each.is_current) for each in values["outputs"]] == [("hall", False), ("tv1", True)]
    assert [each.name for each in values["scenes"]] == [scene.name for scene in SCENES]
    assert len({each.title for each in values["scenes"]}) == len(SCENES)
    for each in values["scenes"]:
        assert each.what
        for setting in each.settings:
            if setting.sort != "choice":
                assert not setting.choices
                assert setting.text
                continue
            assert sum(choice.is_chosen for choice in setting.choices) == 1, setting.name
            assert "" not in {choice.value for choice in setting.choices}


def test_an_output_has_a_name_whole_or_short() -> None:
    assert [output_title("vi", name, "short") for name in ("hall", "points", "tv12")] == [
        "Hội trường",
        "Điểm cầu",
        "TV 12",
    ]
    assert output_title("vi", "tv12") == "Đầu ra TV 12"
