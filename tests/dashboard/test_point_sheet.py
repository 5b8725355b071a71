"""The sheet of connection points in words."""

import pytest

from dashboard.point_sheet import said
from dashboard.words.words import LANGS
from tests.worlds.point_sheets import a_sheet


def test_both_languages_have_the_same_texts() -> None:
    assert said("vi").keys() == said("en").keys()
    assert {each for lang in LANGS for each in said(lang) if not said(lang)[each]} == set()


@pytest.mark.parametrize("lang", LANGS)
def test_a_message_has_all_that_opens_its_point_and_nothing_of_another(lang: str) -> None:
    sheet = a_sheet(lang, hotline="0219 3866 123")
    for line in sheet.lines:
        assert line.link in line.message.splitlines(), "alone on its line, where no chat program takes a stop for it"
        assert f" {line.address} " in line.message
        assert line.code in line.message
        assert line.name in line.message
        assert "0219 3866 123" in line.message
        assert not any(each.code in line.message for each in sheet.lines if each is not line)
    assert "{" not in "".join(line.message for line in sheet.lines)
    without = a_sheet(lang).lines[0].message
    assert said(lang)["message_hotline"].partition("{")[0] not in without


def test_a_point_without_a_key_has_neither_message_nor_code() -> None:
    sheet = a_sheet(revoked={"P1D1"})
    line = next(line for line in sheet.lines if line.unit == "P1D1")
    assert (line.link, line.code, line.message) == ("", "", "")


def test_points_are_handed_out_with_the_unit_below_the_root() -> None:
    sheet = a_sheet()
    assert list(sheet.groups) == ["VN", "P1", "P3"]
    assert {line.unit: line.group for line in sheet.lines}["P1D1X1"] == "P1"
    assert [line.unit for line in sheet.lines if line.is_head] == ["VN", "P1"]
