"""Words of the screens, on the table that JavaScript is held to as well."""

import json
from typing import Any

import pytest

from dashboard.words.words import LANGS, Words, collation_key, lang_of, read_texts, short_name, texts
from streaming.contests.contest import Round, load_contest, shipped_contest
from streaming.contests.units import Unit, UnitCode
from tests.suite import ROOT

GOLDEN: dict[str, Any] = json.loads((ROOT / "tests/golden/words.json").read_text("utf-8"))


@pytest.mark.parametrize(("lang", "function", "arguments", "text"), GOLDEN["cases"])
def test_a_screen_says(lang: str, function: str, arguments: list[Any], text: str) -> None:
    assert getattr(Words(lang, GOLDEN["timezone"]), function)(*arguments) == text


def round_lines() -> list[tuple[Any, ...]]:
    rounds = GOLDEN["rounds"]
    return [(each["times"], *case) for each in (rounds, rounds["waiting"]) for case in each["cases"]]


@pytest.mark.parametrize(("times", "lang", "at_ms", "text"), round_lines())
def test_the_round_line(times: list[Any], lang: str, at_ms: int, text: str) -> None:
    contest = load_contest(shipped_contest()).contest
    rounds = GOLDEN["rounds"]
    named = tuple(Round(int(n), name, 0, 1) for n, name in rounds["names"].items())
    moved = type(contest)(id="x", title="x", rounds=named, units=contest.units)
    assert Words(lang, GOLDEN["timezone"]).round_line(moved, times, at_ms) == text


@pytest.mark.parametrize(("full", "short"), GOLDEN["short_names"])
def test_names_are_shortened_by_their_kind(full: str, short: str) -> None:
    assert short_name(full) == short


def test_names_sort_as_vietnamese_does() -> None:
    by_code_point = sorted(GOLDEN["sorted"])
    assert by_code_point != GOLDEN["sorted"]
    assert sorted(by_code_point, key=collation_key) == GOLDEN["sorted"]


def test_both_locales_have_the_same_texts() -> None:
    own = {lang: {key for key in texts(lang) if not key.startswith("kind_")} for lang in LANGS}
    plain = {lang: {key.removesuffix("_one") for key in keys} for lang, keys in own.items()}
    assert plain["vi"] == plain["en"]


def test_no_text_of_scenes_is_a_common_one() -> None:
    for lang in LANGS:
        assert read_texts("scenes", lang).keys() & read_texts("common", lang).keys() == set()


def test_the_texts_have_the_same_gaps_in_both_languages() -> None:
    for key, text in texts("vi").items():
        gaps = [word for word in ("{n}", "{name}", "{time}", "{day}", "{date}", "{rank}", "{of}") if word in text]
        assert all(gap in texts("en")[key] for gap in gaps), key


def test_a_name_with_braces_is_not_filled_in() -> None:
    assert Words("vi", "UTC").say("signed_in", name="{n} x") == "Đã đăng nhập: {n} x"


@pytest.mark.parametrize(
    ("kinds", "vi", "en"),
    [
        (["thành phố", "huyện", "huyện"], "huyện, thành phố", "districts and cities"),
        (["xã", "thị trấn", "phường"], "xã, phường, thị trấn", "communes, wards and townships"),
        (["xã"], "xã", "communes"),
        (["huyện", "ngoài tỉnh"], "huyện, ngoài tỉnh", "units"),
        (["tỉnh", "huyện", "xã", "phường"], "đơn vị", "units"),
        ([], "đơn vị", "units"),
        (["Xã", "xã", "Phường"], "xã, phường", "communes and wards"),
        (["Ward", "county"], "ward, county", "wards and counties"),
        (["lớp"], "lớp", "units"),
    ],
)
def test_the_kinds_present_as_one_noun(kinds: list[str], vi: str, en: str) -> None:
    units = [Unit(UnitCode(str(nth)), None, kind, "x", "x") for nth, kind in enumerate(kinds)]
    assert Words("vi", "UTC").kinds(units) == vi
    assert Words("en", "UTC").kinds(units) == en


@pytest.mark.parametrize(("asked", "lang"), [("en", "en"), ("vi", "vi"), ("fr", "vi"), (None, "vi")])
def test_an_unknown_language_is_vietnamese(asked: str | None, lang: str) -> None:
    assert lang_of(asked) == lang


def test_a_name_without_its_kind_is_for_a_list_that_says_what_all_are() -> None:
    tree = load_contest(shipped_contest()).contest.tree
    vietnamese = Words("vi", "Asia/Ho_Chi_Minh")
    assert [vietnamese.bare_name(tree[code]) for code in ("024", "026", "00691")] == [
        "Hà Giang",
        "Đồng Văn",
        "Trần Phú",
    ]
    assert Words("en", "Asia/Ho_Chi_Minh").bare_name(tree["026"]) == "Đồng Văn"
