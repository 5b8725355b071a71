"""Logos as screens show them."""

from pathlib import Path

import pytest

from dashboard.logos import Mark, groups, served
from dashboard.pages.hall import cut_of, painted
from dashboard.scenes.scenes import BY_NAME
from streaming.contests.contest import load_contest
from streaming.errors import ContestError
from tests.browser.numbers import board_frame
from tests.worlds.editions import edition
from tests.worlds.logos import LOGO, with_logos

MORE = """
[[logos]]
group = "Đồng hành"
name = "Báo <Hà Giang>"
file = "bao.png"
plate = true
"""


def test_a_group_stands_where_its_first_logo_does(tmp_path: Path) -> None:
    loaded = load_contest(with_logos(tmp_path, LOGO + MORE + LOGO.replace("Tỉnh đoàn", "Sở")))
    prefix = f"/logos/{loaded.logos.digest}"
    shown = groups(loaded, "en")
    assert [(each.head, [mark.name for mark in each.marks]) for each in shown] == [
        ("Directed by", ["Tỉnh đoàn", "Sở"]), ("Đồng hành", ["Báo <Hà Giang>"]),
    ]  # fmt: skip
    assert shown[1].marks == (Mark(f"{prefix}/bao.png", "Báo <Hà Giang>", has_plate=True),)
    assert [each.head for each in groups(loaded, "vi")] == ["Chỉ đạo", "Đồng hành"]


def test_the_backdrop_shows_them_below_their_heads(tmp_path: Path) -> None:
    loaded = load_contest(with_logos(tmp_path, LOGO + MORE))
    cut = cut_of(board_frame(loaded, "zero", rehearsal=False, at_ms=loaded.contest.rounds[0].opens_ms), edition(loaded))
    text = str(painted(BY_NAME["backdrop"], cut))
    assert text.index("Chỉ đạo") < text.index("doan.svg") < text.index("Đồng hành") < text.index("bao.png")
    assert 'class="logo plate"' in text
    assert 'alt="Báo &lt;Hà Giang&gt;"' in text


@pytest.mark.parametrize(
    ("svg", "told"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "no <script>"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "onload"),
        (b"<!DOCTYPE svg><svg/>", "row 1: expected no document type"),
        (b"\x89PNG", "expected UTF-8"),
        (b"<html/>", "a drawing in SVG"),
    ],
)
def test_a_drawing_with_more_than_shapes_in_it_is_refused(tmp_path: Path, svg: bytes, told: str) -> None:
    loaded = load_contest(with_logos(tmp_path, svg=svg))
    with pytest.raises(ContestError) as found:
        served(loaded)
    assert str(found.value).startswith("logos/doan.svg")
    assert told in str(found.value), str(found.value)
