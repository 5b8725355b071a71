"""The door of a connection point: where its link leads, and where its code is typed."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from dashboard.pages import accounts
from dashboard.point_sheet import group_of
from dashboard.words.words import Words, read_texts
from streaming.contests.contest import Contest
from streaming.contests.units import Unit
from streaming.points.point import points_of


@cache
def texts(lang: str) -> Mapping[str, str]:
    """The texts of this page by key, with those that pages of accounts have."""
    return {**accounts.texts(lang), **own(lang)}


@cache
def own(lang: str) -> Mapping[str, str]:
    """The texts of this page alone, and of the sheet of all points."""
    return read_texts("entry", lang)


def choice(contest: Contest, lang: str, here: str, *, is_wrong: bool) -> dict[str, Any]:
    """The values of points/choice.html; ``is_wrong`` says that there is no point as was asked for."""
    t, words = texts(lang), Words(lang, contest.timezone)
    groups: dict[str, list[tuple[str, str]]] = {}
    for unit in points_of(contest.tree):
        head = words.full_name(contest.tree[group_of(contest.tree, unit.code)])
        groups.setdefault(head, []).append((unit.code, words.full_name(unit)))
    return accounts.frame(contest, lang, "account", here) | {
        "t": t,
        "title": t["door_title"],
        "heading": t["door_title"],
        "error": t["choice_wrong"] if is_wrong else "",
        "hotline": contest.hotline,
        "groups": groups,
    }


def door(
    contest: Contest, lang: str, unit: Unit, here: str, error: str = "", *, minutes: float, is_open: bool, pages: str
) -> dict[str, Any]:
    """The values of points/door.html. ``error`` is the key of what went wrong, ``minutes`` how long to wait where it is
    that; ``is_open`` says that this browser is the point's already, whose pages are below ``pages``."""
    t = texts(lang)
    name = Words(lang, contest.timezone).full_name(unit)
    told = t[error].format(unit=name, minutes=f"{minutes:.0f}", hotline=contest.hotline) if error else ""
    return accounts.frame(contest, lang, "account", here) | {
        "t": t,
        "title": f"{t['door_title']} · {name}",
        "heading": t["door_heading"].format(unit=name),
        "error": told,
        "hotline": contest.hotline,
        "is_open": is_open,
        "pages": pages,
    }
