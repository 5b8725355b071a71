"""The sheet of the connection points of a contest, whose keys are made up."""

from collections.abc import Collection, Mapping
from hashlib import sha1

import msgspec

from dashboard.point_sheet import Opening, PointSheet, sheet_of
from streaming.contests.contest import load_contest
from streaming.points.point import points_of
from tests.worlds.apps import FOUR_LEVELS

NOW_MS = 1_704_070_800_000


def a_sheet(
    lang: str = "vi",
    *,
    base: str = "http://10.0.0.5:8000",
    revoked: Collection[str] = (),
    names: Mapping[str, str] | None = None,
    hotline: str = "",
) -> PointSheet:
    """The sheet of some points of FOUR_LEVELS, of two groups and more than one page; units may have another name."""
    contest = msgspec.structs.replace(load_contest(FOUR_LEVELS).contest, hotline=hotline)
    openings = []
    points = points_of(contest.tree)
    for unit in (*points[:10], *points[-2:]):
        address, drawn = f"{base}/points/{unit.code}/enter", sha1(unit.code.encode(), usedforsecurity=False).hexdigest()
        is_open = unit.code not in revoked
        link = f"{address}#dcu_{drawn[:32]}" if is_open else ""
        openings.append(Opening(unit.code, address, link, f"{drawn[:3]}-{drawn[3:6]}".upper() if is_open else ""))
    sheet = sheet_of(contest, lang, base, openings, NOW_MS)
    lines = [msgspec.structs.replace(line, name=(names or {}).get(line.unit, line.name)) for line in sheet.lines]
    return msgspec.structs.replace(sheet, lines=tuple(lines))
