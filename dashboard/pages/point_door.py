"""The door of a connection point: where its link leads, and where its code is typed."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from dashboard.pages import accounts
from dashboard.words.words import Words, read_texts
from streaming.contests.contest import Contest
from streaming.contests.units import Unit


@cache
def texts(lang: str) -> Mapping[str, str]:
    """The texts of this page by key, with those that pages of accounts have."""
    return {**accounts.texts(lang), **own(lang)}


@cache
def own(lang: str) -> Mapping[str, str]:
    """The texts of this page alone, and of the sheet of all points."""
    return read_texts("entry", lang)


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
