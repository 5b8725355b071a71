"""Contests and numbers on which pages are looked at."""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from streaming.contests.contest import ContestFolder, load_contest, shipped_contest
from streaming.contests.units import Unit
from streaming.topics.frames import Frame
from tests.browser.numbers import AT_MS, board_frame
from tests.suite import ROOT
from tests.worlds.contests import MADE, made

LONG = "Huyện Nguyễn Trường Tộ Kiêm Phường Thượng Đẳng Đệ Nhất Vùng Biên Viễn Phía Bắc"
EVIL = "<img src=x onerror=alert(1)>&{n}"


@dataclass(frozen=True)
class Case:
    """A contest and its numbers."""

    contest: str
    kind: str
    rehearsal: bool = False

    def __str__(self) -> str:
        return f"{self.contest}-{self.kind}{'-rehearsal' if self.rehearsal else ''}"


@cache
def folder(name: str) -> ContestFolder:
    """A contest by name: the shipped one, one of the tests', one made by code, or the shipped one with absurd names and
    targets."""
    if name == "ha-giang":
        return load_contest(shipped_contest())
    if name in MADE:
        with TemporaryDirectory() as path:
            return load_contest(made(name, Path(path)))
    if name != "absurd":
        return load_contest(Path(ROOT / "tests/contests" / name))
    shipped = load_contest(shipped_contest())
    units = tuple(_absurd(nth, unit) for nth, unit in enumerate(shipped.contest.units))
    title = shipped.contest.title + ", vòng chung kết toàn quốc lần thứ mười hai"
    contest = msgspec.structs.replace(shipped.contest, title=title, units=units)
    return replace(shipped, contest=contest)


def _absurd(nth: int, unit: Unit) -> Unit:
    names = {"024": LONG, "026": EVIL, "027": "Huyện THÀI PHÌN TỦNG", "00688": LONG}
    name = names.get(unit.code, unit.full_name)
    return msgspec.structs.replace(unit, full_name=name, target=1000 + nth if unit.place else None)


def frame_of(case: Case) -> Frame:
    contest = folder(case.contest).contest
    at_ms = AT_MS if case.contest in {"ha-giang", "absurd"} else contest.rounds[0].opens_ms + 737_000
    return board_frame(folder(case.contest), case.kind, rehearsal=case.rehearsal, at_ms=at_ms)
