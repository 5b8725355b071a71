"""The page of overlays: every overlay of the table in its lane, with words for all that can be chosen of it."""

import pytest

from dashboard.edition import Editions
from dashboard.overlays.overlays import OVERLAYS
from dashboard.pages.program import OutputsData
from dashboard.pages.steered_overlays import Field, steered_overlays
from dashboard.scenes.scenes import SCENES
from dashboard.words.words import LANGS
from tests.browser.cases import Case, folder, frame_of


@pytest.mark.parametrize("lang", LANGS)
def test_every_overlay_stands_in_its_lane_with_fields_for_its_settings(lang: str) -> None:
    edition = Editions(folder("ha-giang"), "made").of(lang)
    shown = OutputsData("tv1", {"tv1": frame_of(Case("ha-giang", "typical"))}, may_steer=True, may_break=False)
    lanes = steered_overlays(SCENES, edition, shown)["lanes"]
    placed = {card.name: lane.name for lane in lanes for card in lane.cards}
    assert placed == {overlay.name: overlay.lane for overlay in OVERLAYS}
    cards = {card.name: card for lane in lanes for card in lane.cards}
    for overlay in OVERLAYS:
        fields = [*cards[overlay.name].about, *cards[overlay.name].placed]
        assert sorted(field.name for field in fields) == sorted(overlay.settings.__struct_fields__)
        assert all(field.text for field in fields)
        assert all(choice.value and choice.text for field in fields for choice in field.choices)
    strap: dict[str, Field] = {field.name: field for field in cards["lower-third"].about}
    assert (strap["titles"].sort, strap["titles"].lines, strap["titles"].chars) == ("lines", 3, 120)
    assert (strap["name"].sort, strap["unit"].sort, strap["capitals"].sort) == ("text", "unit", "flag")
    assert cards["lower-third"].hides_s == 8
    rows = next(field for field in cards["standings"].about if field.name == "rows")
    assert (rows.sort, rows.least, rows.most) == ("number", 1, 11)
