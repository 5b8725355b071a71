"""A unit's page: the same bytes for all who may see the same, and a map that leaves its name free."""

import re

import msgspec
import pytest

from dashboard.pages import unit
from dashboard.templates import environment
from tests.browser.cases import Case, folder, frame_of
from tests.browser.numbers import unit_frame
from tests.worlds.editions import edition

SHIPPED = folder("ha-giang")
TYPICAL = Case("ha-giang", "typical")


def page(code: str, case: Case = TYPICAL, lang: str = "vi", *, is_signed_in: bool = False) -> str:
    of = folder(case.contest)
    frame = unit_frame(frame_of(case), of.contest, code)
    values = unit.page(frame, edition(of, lang), code, is_signed_in=is_signed_in)
    return environment().get_template("units/unit.html").render(values)


@pytest.mark.parametrize(("code", "lang", "label"), [
    ("02", "vi", "Tổng số lượt thi của tỉnh"),
    ("026", "vi", "Tổng số lượt thi của huyện"),
    ("00712", "vi", "Tổng số lượt thi của thị trấn"),
    ("HG-CQ", "vi", "Tổng số lượt thi của đơn vị"),
    ("026", "en", "Total entries"),
])  # fmt: skip
def test_the_total_says_whose_it_is(code: str, lang: str, label: str) -> None:
    assert f'<p class="total-label"><span>{label}</span>' in page(code, lang=lang)


def test_what_lies_below_is_listed_whole_and_of_a_leaf_there_is_nothing() -> None:
    lines = re.findall(r'<li class="line[^"]*" data-code="([^"]+)"', page("02"))
    assert sorted(lines) == sorted(child.code for child in SHIPPED.contest.tree.children("02"))
    assert "units-below" not in page("00712")


def test_a_page_for_who_is_signed_in_names_nobody_and_asks() -> None:
    anybody, somebody = page("026"), page("026", is_signed_in=True)
    assert "data-who" not in anybody
    assert 'action="/sign-out"' in somebody
    assert 'href="/account?lang=vi"' in somebody


def test_names_of_siblings_are_in_the_page_for_the_ladder_alone() -> None:
    text = page("00712")
    name = SHIPPED.contest.tree["00721"].full_name
    assert text.count(name) == 3  # in the ladder's spec, in its line, for it is a neighbour, and on the map
    data = re.findall(r'id="contest">(.*?)</script>', text)[0]
    assert set(msgspec.json.decode(data)) == {"lang", "timezone", "texts", "topic", "output", "root", "by"}


def test_the_map_begins_beside_the_name_only_where_no_hexagon_stands_below_it() -> None:
    classes = {code: re.findall(r'<body class="([^"]+)"', page(code))[0].split() for code in ("026", "028", "HG-CQ")}
    assert "beside" in classes["026"]  # Đồng Văn: its north-west is free
    assert "beside" not in classes["028"]  # Yên Minh: as wide as the room
    assert "no-map" in classes["HG-CQ"]
