"""The page of takes: every scene with its words in both languages, and what can be chosen of it."""

import pytest
from PIL import Image

from dashboard import static
from dashboard.edition import Editions
from dashboard.pages.control import output_title
from dashboard.pages.hall import cut_of
from dashboard.pages.program import THUMBNAIL, OutputsData, program
from dashboard.pictures.gallery import Gallery, Picture
from dashboard.scenes.backdrop import BACKDROP
from dashboard.scenes.live import LIVE
from dashboard.scenes.scene import CALM_BEAT_MS, Scene, Settings
from dashboard.scenes.scenes import SCENES
from dashboard.scenes.solemn import ANTHEM, SILENCE, SolemnSettings
from dashboard.words.words import LANGS
from tests.browser.cases import Case, folder, frame_of
from tests.thumbnails import SIZE, THUMBNAIL_BYTES_MAX


@pytest.mark.parametrize("lang", LANGS)
def test_every_scene_of_the_table_is_a_button_with_words_of_its_own(lang: str) -> None:
    edition = Editions(folder("ha-giang"), "made").of(lang)
    frame = frame_of(Case("ha-giang", "typical"))
    shown = OutputsData("tv1", {"hall": frame, "tv1": frame}, may_steer=True, may_break=False)
    values = program(SCENES, cut_of(frame, edition), shown, lang)
    assert [(each.name, each.is_current) for each in values["outputs"]] == [("hall", False), ("tv1", True)]
    offered = [each for family in values["families"] for each in family.scenes]
    assert sorted(each.name for each in offered) == sorted(scene.name for scene in SCENES)
    assert len({each.title for each in offered}) == len(SCENES)
    assert all(family.title for family in values["families"])
    for each in offered:
        assert each.what
        for setting in each.settings:
            if setting.sort != "choice":
                assert not setting.choices
                assert setting.text
                continue
            assert sum(choice.is_chosen for choice in setting.choices) == 1, setting.name
            assert "" not in {choice.value for choice in setting.choices}


def test_scenes_stand_in_their_families_and_one_that_a_theme_adds_among_all_else() -> None:
    edition = Editions(folder("ha-giang"), "made").of("vi")
    frame = frame_of(Case("ha-giang", "typical"))
    shown = OutputsData("hall", {"hall": frame}, may_steer=True, may_break=False)
    added = Scene("vong_loai", Settings, CALM_BEAT_MS, stands_in="backdrop")
    families = program((LIVE, BACKDROP, added), cut_of(frame, edition), shown, "vi")["families"]
    assert [(it.title, [scene.title for scene in it.scenes]) for it in families] == [
        ("Nghi thức", ["Phông chính"]),
        ("Số liệu", ["Số liệu trực tiếp"]),
        ("Khác", ["Vong loai"]),
    ]
    assert [bool(scene.thumbnail) for it in families for scene in it.scenes] == [True, True, False]


def test_every_scene_of_the_table_has_a_small_picture_and_no_other_is_kept() -> None:
    kept = {path: file for path, file in static.files().items() if path.startswith("thumbnails/")}
    assert sorted(kept) == sorted(THUMBNAIL.format(scene.name) for scene in SCENES), "python -m tests.pictures"
    for path, file in kept.items():
        assert file.stat().st_size <= THUMBNAIL_BYTES_MAX, path
        with Image.open(file) as picture:
            assert picture.size == SIZE, path


def test_a_picture_that_was_uploaded_may_stand_in_for_the_word_of_a_scene_of_respect() -> None:
    flag = Picture("f" * 64, "png", "Quốc kỳ", 4, 3, 100, 1, "account:1")
    edition = Editions(folder("ha-giang"), "made", Gallery([flag])).of("vi")
    frame = frame_of(Case("ha-giang", "typical"))
    cut = cut_of(frame, edition)
    shown = OutputsData("hall", {"hall": frame}, may_steer=True, may_break=False)
    families = program(SCENES, cut, shown, "vi")["families"]
    scenes = {each.name: each for family in families for each in family.scenes}
    for scene in (ANTHEM, SILENCE):
        (setting,) = scenes[scene.name].settings
        assert [(choice.value, choice.is_chosen) for choice in setting.choices] == [("", True), (flag.digest, False)]
        assert flag.address in scene.paint(SolemnSettings(flag.digest), cut)
        # One that has been removed since leaves what stands there by itself.
        for digest in ("", "0" * 64):
            assert 'class="word"' in scene.paint(SolemnSettings(digest), cut)


def test_an_output_has_a_name_whole_or_short() -> None:
    assert [output_title("vi", name, "short") for name in ("hall", "points", "tv12")] == [
        "Hội trường",
        "Điểm cầu",
        "TV 12",
    ]
    assert output_title("vi", "tv12") == "Đầu ra TV 12"
