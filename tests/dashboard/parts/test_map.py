"""The map as a part: what stands in cells, what lights up, whose legend it has."""

import msgspec
import pytest

from dashboard.pages.hall import cut_of
from dashboard.parts.legend import LEGEND
from dashboard.parts.map import COUNT_TENTHS, FLAT, MAP, PLACES_MAX
from dashboard.parts.part import Cut
from dashboard.scenes.live import LIVE, LiveSettings
from tests.browser.cases import Case, folder, frame_of
from tests.worlds.editions import edition


def cut(contest: str, kind: str = "typical", lang: str = "vi") -> Cut:
    return cut_of(frame_of(Case(contest, kind)), edition(folder(contest), lang))


def test_names_have_counts_and_places_of_all_in_a_district() -> None:
    shown = cut("ha-giang")
    spec = MAP.ask(shown.edition, "026", "completed")
    seen = MAP.view(spec, shown)
    assert spec.inscribed == "names"
    assert len(spec.codes) == len(seen.counts) == len(seen.places) == 19
    assert seen.counts[0] == shown.shown(spec.codes[0], "completed")
    ranked = [int(place) for place in seen.places if place]
    assert len(ranked) == sum(shown.board.count(code, "completed") > 0 for code in spec.codes)
    assert min(ranked) == 1


def test_a_province_of_communes_alone_has_the_places_of_the_first_and_says_what_they_are() -> None:
    shown = cut("hai-cap-124")
    spec = MAP.ask(shown.edition, shown.tree.root.code, "completed")
    seen = MAP.view(spec, shown)
    assert (spec.inscribed, seen.counts) == ("places", ())
    assert sorted(int(place) for place in seen.places if place)[:PLACES_MAX] == list(range(1, PLACES_MAX + 1))
    told = LEGEND.view(LEGEND.ask(shown.edition, shown.tree.root.code, "completed"), shown)
    assert told.note == "Số trong ô là thứ hạng"


def test_a_province_of_districts_has_neither() -> None:
    shown = cut("ha-giang")
    seen = MAP.view(MAP.ask(shown.edition, "02", "completed"), shown)
    assert (seen.counts, seen.places) == ((), ())


def test_counts_shrink_until_the_widest_has_room() -> None:
    few, many = cut("ha-giang"), cut("absurd", "absurd")
    few_seen, many_seen = (MAP.view(MAP.ask(each.edition, "026", "completed"), each) for each in (few, many))
    assert few_seen.count_tenths == COUNT_TENTHS
    assert max(len(count) for count in many_seen.counts) == len("188.041")
    assert many_seen.count_tenths == 70


def test_lit_places_are_the_latest_over_one_colour() -> None:
    shown = cut("ha-giang")
    seen = MAP.view(MAP.ask(shown.edition, "02", "completed", lit=3), shown)
    assert set(seen.colours) == {0, FLAT}
    recent = shown.frame.state["recent"]
    assert list(seen.lit) == [code for code in recent if shown.tree[code].place][:3]


def test_a_leaf_s_map_is_flat_and_has_no_legend_unless_steps_are_given() -> None:
    shown = cut("ha-giang")
    seen = MAP.view(MAP.ask(shown.edition, "00712", "completed"), shown)
    assert set(seen.colours) <= {0, FLAT}
    assert LEGEND.view(LEGEND.ask(shown.edition, "00712", "completed"), shown).steps == ()
    assert str(LEGEND.paint(shown, of="00712", by="completed")) == ""
    assert LEGEND.view(LEGEND.ask(shown.edition, "00712", "completed", (1, 9)), shown).steps


def test_what_nothing_is_told_of_has_no_colour_and_a_district_the_mean_of_its_communes() -> None:
    shown = cut("ha-giang")
    spec = MAP.ask(shown.edition, "02", "completed", (1, 20, 60), is_below=True)
    assert sum(spec.sizes.values()) == 193
    rows = {code: row for code, row in shown.frame.rows.items() if code in {"024", "026"}}
    seen = MAP.view(spec, cut_of(msgspec.structs.replace(shown.frame, rows=rows), shown.edition))
    assert sum(colour is not None for colour in seen.colours) == spec.sizes["024"] + spec.sizes["026"]


def test_the_legend_is_that_of_the_map_and_follows_a_cut_where_no_steps_are_given() -> None:
    one, other = cut("ha-giang", "opening"), cut("ha-giang", "typical")
    spec = LEGEND.ask(one.edition, "02", "completed")
    assert LEGEND.view(spec, one) != LEGEND.view(spec, other)
    fixed = LEGEND.ask(one.edition, "02", "completed", (1, 20, 60, 120, 2_000))
    assert fixed.map.codes == ()
    assert LEGEND.view(fixed, one) == LEGEND.view(fixed, other)
    assert [text for _, text in LEGEND.view(fixed, one).steps] == [
        "0", "1–19", "20–59", "60–119", "120–1.999", "từ 2 nghìn",
    ]  # fmt: skip
    assert [colour for colour, _ in LEGEND.view(fixed, one).steps] == [0, 1, 2, 3, 5, 6]


def test_a_take_fixes_the_steps_of_the_map_from_its_numbers_unless_they_are_given() -> None:
    shown = cut("ha-giang")
    chosen = LIVE.chosen(LiveSettings(), shown)
    assert chosen.steps
    assert LIVE.chosen(chosen, cut("ha-giang", "ties")) == chosen
    assert LIVE.chosen(LiveSettings(steps=(1, 7)), shown).steps == (1, 7)
    with pytest.raises(msgspec.ValidationError, match="rising whole numbers"):
        msgspec.convert({"steps": [5, 3]}, LiveSettings)


def test_the_picture_on_another_ground_says_that_its_lines_are_not_the_law() -> None:
    shown = cut("hai-cap-124")
    painted = str(MAP.paint(shown, of=shown.tree.root.code, by="completed"))
    assert "Các xã, phường theo số lượt thi" in painted
    assert "Bản đồ" not in painted
