"""Scenes without data are not taken: which lack what, at zero and with numbers."""

import pytest

from dashboard.edition import Editions
from dashboard.pages.hall import cut_of
from dashboard.scenes.needs import NEEDS
from dashboard.scenes.scenes import SCENES
from tests.browser.cases import Case, folder, frame_of

EDITION = Editions(folder("ha-giang"), "made").of("vi")


@pytest.mark.parametrize(
    ("kind", "lacking"),
    [
        (
            "zero",
            {
                "standings": "completed",
                "trend": "series",
                "latest": "recent",
                "unit": "completed",
                "picture": "picture",
                "wards": "completed",
                "groups": "completed",
                "milestone": "milestone",
                "results": "round_open",
            },
        ),
        ("typical", {"picture": "picture", "milestone": "milestone", "results": "round_open"}),
    ],
)
def test_a_scene_that_has_nothing_to_show_lacks_what_it_needs(kind: str, lacking: dict[str, str]) -> None:
    cut = cut_of(frame_of(Case("ha-giang", kind)), EDITION)
    assert {scene.name: need for scene in SCENES if (need := scene.lacks(cut)) is not None} == lacking


def test_every_need_of_a_scene_is_one_of_the_table() -> None:
    assert {need for scene in SCENES for need in scene.needs} <= NEEDS.keys()
