"""Doubts about a contest folder: slips that can be read, each with the row to look at."""

from pathlib import Path

import pytest

from streaming.contests.contest import load_contest, shipped_contest
from streaming.contests.doubts import doubts
from tests.suite import ROOT
from tests.worlds.contest_folder import UNITS, folder

IN_TIME_MS = 1_662_700_000_000  # In the first round of every folder here.
LATE_MS = IN_TIME_MS + 365 * 86_400_000


@pytest.mark.parametrize("path", [shipped_contest(), ROOT / "tests/contests/cao-bang-2022"], ids=lambda path: path.name)
def test_a_good_folder_raises_none(path: Path) -> None:
    assert list(doubts(load_contest(path), IN_TIME_MS)) == []


@pytest.mark.parametrize(
    ("row", "doubt"),
    [
        ("04,02,xã,A,Xã A,,\n005,02,xã,B,Xã B,,", "row 6, column code: “04” has fewer digits than others below “02”"),
        ("265.0,02,xã,A,Xã A,,", "row 6, column code: “265.0” looks like a number"),
        ("c,02,xã,A,XÃ NẤM DẨN,,", "row 6, column full_name: “XÃ NẤM DẨN” stands in row 3 too"),
        ("c,02,xã,A,Xaõ Haø,,", "“Xaõ Haø” has “ø”"),
        ("c,02,xã,A,X· MÇn,,", "“X· MÇn” has “Ç”"),
        ("c,02,xã,A,Xã µ,,\nd,02,xã,A,Xã Noäi,,", "has “µ” (U+00B5), a letter that Vietnamese does not write"),
        ("c,02,xã,A,Xã 🎉,,", "has “🎉” (U+1F389), in no font of the screens"),
    ],
)  # fmt: skip
def test_a_slip_is_told_with_its_row(tmp_path: Path, row: str, doubt: str) -> None:
    (found,) = doubts(load_contest(folder(tmp_path, units=f"{UNITS}{row}\n", grid=None)), IN_TIME_MS)
    assert doubt in found


@pytest.mark.parametrize("name", ["Xã Ờ", "Xã Đắk Krông", "Xã Ea H’leo", "Phường 1", "Xã Ẵm Ưỡn Ỹ", "Xã Cư M'gar"])
def test_vietnamese_is_none(tmp_path: Path, name: str) -> None:
    loaded = load_contest(folder(tmp_path, units=f"{UNITS}c,02,xã,A,{name},,\n", grid=None))
    assert list(doubts(loaded, IN_TIME_MS)) == []


def test_a_calendar_that_is_over_is_told(tmp_path: Path) -> None:
    (found,) = doubts(load_contest(folder(tmp_path)), LATE_MS)
    assert found == (
        "contest.toml: the last round closed on 2022-09-22 09:30, so whatever is sent now counts in no public figure"
    )
