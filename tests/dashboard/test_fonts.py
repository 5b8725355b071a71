"""The figures of the screens: all of one width, their 1 on a foot, made as their README says."""

import re
import shutil
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # it ships no types

from dashboard import static

FONTS = static.static_dir() / "fonts"
WEIGHTS = ("Medium", "SemiBold", "Bold", "ExtraBold")
FIGURES = "0123456789"
WIDTH = 690

Outline = tuple[list[tuple[int, int]], tuple[int, int]]


def outlines(path: Path) -> dict[str, Outline]:
    """Each character's points, and its width and left edge."""
    font = TTFont(path)
    glyphs = font["glyf"]
    return {
        chr(code): (list(getattr(glyphs[name], "coordinates", ())), font["hmtx"][name])
        for code, name in font.getBestCmap().items()
    }


@pytest.mark.parametrize("weight", WEIGHTS)
def test_figures_are_of_one_width_and_all_else_is_as_wide_as_in_the_text(weight: str) -> None:
    figures, text = (outlines(FONTS / f"{family}-{weight}.woff2") for family in ("DiemCauFigures", "BeVietnamPro"))
    assert {figures[char][1][0] for char in FIGURES} == {WIDTH}
    others = set(figures) - set(FIGURES)
    assert others >= set(".,:/+-−–%")
    assert [char for char in sorted(others) if figures[char] != text[char]] == []


@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_1_stands_on_a_foot_in_the_middle_of_its_width(weight: str) -> None:
    points, _ = outlines(FONTS / f"DiemCauFigures-{weight}.woff2")["1"]
    left, right = sorted(x for x, y in points if y == 0)
    assert abs((left + right) / 2 - WIDTH / 2) <= 1
    assert right - left > WIDTH / 2


def test_the_figures_are_made_as_their_readme_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = re.search(r"```python\n(.*?)```", (FONTS / "README.md").read_text("utf-8"), re.DOTALL)
    assert script is not None
    for weight in WEIGHTS:
        shutil.copy(FONTS / f"BeVietnamPro-{weight}.woff2", tmp_path)
    monkeypatch.chdir(tmp_path)
    exec(compile(script[1], "README.md", "exec"), {})  # noqa: S102 - our own file
    for weight in WEIGHTS:
        name = f"DiemCauFigures-{weight}.woff2"
        assert outlines(tmp_path / name) == outlines(FONTS / name)
