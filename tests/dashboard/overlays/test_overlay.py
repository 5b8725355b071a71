"""Every overlay of the table: its files, words and row in the docs, and nothing painted where it is about nobody."""

from typing import Any

import pytest

from dashboard import static
from dashboard.overlays.milestone import MILESTONE
from dashboard.overlays.overlay import PLACED, Overlay
from dashboard.overlays.overlays import BY_NAME, NUMBER_OVERLAYS, OVERLAYS, lane_of
from dashboard.overlays.sheets import sheets
from dashboard.overlays.standings import STANDINGS
from dashboard.pages.hall import cut_of
from dashboard.pages.overlay import spx
from tests.browser.cases import folder
from tests.browser.numbers import AT_MS, board_frame
from tests.browser.stand import Air
from tests.suite import ROOT
from tests.worlds.editions import edition

SCREENS = (ROOT / "docs" / "reference" / "screens.md").read_text("utf-8")


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("overlay", OVERLAYS, ids=lambda overlay: overlay.name)
def test_each_has_its_files_words_and_row_and_paints(overlay: Overlay[Any], lang: str) -> None:
    assert f"| `{overlay.name}` | {overlay.lane} |" in SCREENS
    assert all(sheet in static.files() for sheet in sheets(overlay))
    shipped = folder("ha-giang")
    air = Air(shipped, board_frame(shipped, "typical"))
    made = edition(shipped, lang)
    assert overlay.title(made)
    cut = cut_of(air.board, made, AT_MS, frame_of=air.frame_of)
    text = overlay.paint(overlay.chosen(overlay.settings(), cut), cut)
    assert f'data-name="{overlay.name}"' in text
    assert f'data-lane="{overlay.lane}"' in text
    gone = {"unit": "nowhere"} if "unit" in overlay.settings.__struct_fields__ else None
    if gone is not None:
        empty = overlay.paint(overlay.settings(**gone), cut)
        assert "data-empty" in empty
        assert "data-part" not in empty


def test_lanes_have_those_that_stand_in_each_others_place() -> None:
    for overlay in OVERLAYS:
        assert overlay.name not in lane_of(overlay.name)
        assert all(BY_NAME[name].lane == overlay.lane for name in lane_of(overlay.name))
    assert "total" in NUMBER_OVERLAYS


def test_spx_has_a_field_for_each_setting_that_says_something() -> None:
    for lang in ("vi", "en"):
        made = edition(folder("ha-giang"), lang)
        for overlay in OVERLAYS:
            definition = spx(overlay, made)
            named = [field["field"] for field in definition["DataFields"]]
            assert named == [name for name in overlay.settings.__struct_fields__ if name not in PLACED]
            assert all(field["title"] for field in definition["DataFields"])


@pytest.mark.parametrize(("lang", "bare"), [("vi", True), ("en", True)])
def test_a_name_in_the_panel_is_whole_or_stands_below_what_all_are(lang: str, bare: bool) -> None:
    shipped = folder("ha-giang")
    air = Air(shipped, board_frame(shipped, "typical"))
    cut = cut_of(air.board, edition(shipped, lang), AT_MS, frame_of=air.frame_of)
    text = STANDINGS.paint(STANDINGS.settings(), cut)
    assert ("panel-kinds" in text) is bare
    assert "H. " not in text
    assert "Mèo Vạc" in text or lang == "en"


def test_of_a_mark_that_is_not_reached_nothing_is_painted() -> None:
    shipped = folder("ha-giang")
    air = Air(shipped, board_frame(shipped, "typical"))
    cut = cut_of(air.board, edition(shipped, "vi"), AT_MS, frame_of=air.frame_of)
    reached = cut.board.count(cut.board.root, "completed")
    assert "milestone-plate" in MILESTONE.paint(MILESTONE.settings(at=reached), cut)
    assert "data-empty" in MILESTONE.paint(MILESTONE.settings(at=reached + 1), cut)
