"""Logos of a contest: what contest.toml may say of them, and what their files may be."""

from pathlib import Path

import pytest

from streaming.contests.contest import load_contest
from streaming.contests.logos import LOGOS_MAX
from streaming.errors import ContestError
from tests.worlds.contest_folder import TOML, folder
from tests.worlds.logos import LOGO, PNG, SVG, with_logos

MORE = """
[[logos]]
group = "Đồng hành"
name = "Báo"
file = "bao.png"
"""


def test_logos_stand_in_the_order_of_the_file_each_with_its_group(tmp_path: Path) -> None:
    loaded = load_contest(with_logos(tmp_path, LOGO + MORE))
    assert [(it.group, it.group_en, it.name, it.file) for it in loaded.logos.listed] == [
        ("Chỉ đạo", "Directed by", "Tỉnh đoàn", "doan.svg"), ("Đồng hành", "Đồng hành", "Báo", "bao.png"),
    ]  # fmt: skip
    assert loaded.logos.files == {"doan.svg": SVG, "bao.png": PNG}
    assert len(loaded.logos.digest) == 16
    without = load_contest(folder(tmp_path))
    assert (without.logos.listed, without.logos.digest) == ((), "")
    assert without.contest.digest == loaded.contest.digest, "no number depends on them"


@pytest.mark.parametrize(
    ("logo", "told"),
    [
        ('group = "Chỉ đạo"\nname = "Tỉnh đoàn"', "row 18, column logos[1].file"),
        ('group = "Chỉ đạo"\nfile = "doan.svg"', "logos[1].name"),
        ('name = "Tỉnh đoàn"\nfile = "doan.svg"', "logos[1].group"),
        ('group = "Chỉ đạo"\nname = "Tỉnh đoàn"\nfile = "../../etc/passwd"', "folder logos/"),
        ('group = "Chỉ đạo"\nname = "Tỉnh đoàn"\nfile = "doan.gif"', "png or svg"),
        ('group = "Chỉ đạo"\nname = "Tỉnh đoàn"\nfile = "Doan.svg"', "a-z"),
        ('group = "Chỉ đạo"\nname = "Tỉnh đoàn"\nfile = "khac.svg"', "logos/khac.svg"),
        ('group = "Chỉ đạo"\nname = "Tỉnh đoàn"\nfile = "doan.svg"\nplate = "yes"', "true or false"),
        ('group = "Chỉ đạo"\nname = "Tỉnh đoàn"\nfile = "doan.svg"\nheight = 3', "one of the keys"),
        ('group = "Chỉ đạo"\nname = "Tỉnh đoàn"\nfile = "text.png"', "logos/text.png: expected a picture in"),
        ('group = "Chỉ đạo"\nname = "Tỉnh đoàn"\nfile = "huge.png"', "logos/huge.png: expected at most 2048 KiB"),
        ('group = "Chỉ đạo"\nname = "Tỉnh đoàn"\nfile = "wide.png"', "logos/wide.png: expected a picture of"),
        ('group = "Chỉ đạo"\nname = "Tỉnh đoàn"\nfile = "link.png"', "no link"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, logo: str, told: str) -> None:
    path = with_logos(tmp_path, f"\n[[logos]]\n{logo}\n")
    (path / "logos" / "link.png").symlink_to(path / "logos" / "bao.png")
    (path / "logos" / "text.png").write_bytes(b"<svg/>")
    (path / "logos" / "huge.png").write_bytes(PNG + bytes(40 * 2**20))
    (path / "logos" / "wide.png").write_bytes(PNG[:16] + b"\x00\x01\x00\x00\x00\x00\x00\x01" + PNG[24:])
    with pytest.raises(ContestError) as found:
        load_contest(path)
    assert told in str(found.value), str(found.value)


def test_there_are_not_more_than_can_be_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ContestError, match=f"at most {LOGOS_MAX} of them"):
        load_contest(folder(tmp_path, toml=TOML + LOGO * (LOGOS_MAX + 1)))
