"""What every page has in common: words, addresses, and data that its script reads."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from markupsafe import Markup

from dashboard import static
from dashboard.made import show
from dashboard.screens import Screen
from dashboard.theme.theme import theme_of
from dashboard.words.rounds import own_texts
from dashboard.words.words import LANGS, Words, texts
from streaming.contests.contest import Contest, ContestFolder
from streaming.program.points import PointsAired
from streaming.program.state import SceneOnAir, Showing


class Following(NamedTuple):
    """The output that a page follows, by its name: which numbers it shows and how, the scene on air there, and the
    connection points where that is the scene of them."""

    output: str
    shows: Showing
    on_air: SceneOnAir
    points: PointsAired | None = None


class PageData(msgspec.Struct, frozen=True, kw_only=True):
    """What the script of every page reads in its block "contest": the language, the contest's zone, and the words.

    What is Raw where a struct of a page says so has been encoded once for many pages.
    """

    lang: str
    timezone: str
    texts: Mapping[str, str] | msgspec.Raw


_COLOUR = re.compile(r"[0-9A-Fa-f]{6}")
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def data_block(value: object) -> Markup:
    """JSON for a ``<script type="application/json">``: no text in it can end the element or open a comment."""
    text = msgspec.json.encode(value).decode()
    for char, escape in _ESCAPES.items():
        text = text.replace(char, escape)
    return Markup(text)  # noqa: S704 - every character with a meaning in HTML is escaped above


def title(contest: Contest, lang: str) -> str:
    """The contest's title in a language."""
    return (contest.title_en or contest.title) if lang == "en" else contest.title


def common(
    folder: ContestFolder,
    words: Words,
    *,
    made: str,
    rehearsal: bool,
    follows: Following | None = None,
    is_screen: bool = True,
) -> dict[str, Any]:
    """The part of a page's values that base.html asks for; ``made`` names what pages are made of. A screen wears the
    contest's theme."""
    return {
        "lang": words.lang,
        "other_lang": next(lang for lang in LANGS if lang != words.lang),
        "t": own_texts(texts(words.lang), folder.contest, words.lang),
        "static": static.prefix(),
        "theme": theme_of(folder).prefix if is_screen else "",
        "made": made,
        "show": show(rehearsal=rehearsal),
        "title": title(folder.contest, words.lang),
        "rehearsal": rehearsal,
        "rehearsal_parts": _lines(texts(words.lang)["rehearsal"]),
        "out": follows.output if follows else "",
        "showing": data_block(follows.shows) if follows else "",
    }


def _lines(text: str) -> list[str]:
    """The rehearsal mark in the parts between which a line may break: "TỔNG DUYỆT", "SỐ LIỆU GIẢ ĐỊNH"."""
    first, _, second = text.partition(" · ")
    return [first, second]


def is_ground(asked: str | None) -> bool:
    """Whether an address may ask for that to be seen behind a screen."""
    return asked is None or asked in {"", "alpha"} or _COLOUR.fullmatch(asked) is not None


def ground_of(asked: str | None, own: str) -> str:
    """What is seen behind a screen where that is clear: nothing for "alpha", a colour of six hexadecimal figures, else
    the screen's own ground."""
    if asked == "alpha":
        return "transparent"
    return f"#{asked}" if asked is not None and _COLOUR.fullmatch(asked) else own


def shell(
    screen: Screen, words: Words, name: str, address: str, *, rehearsal: bool, ground: str | None = None
) -> dict[str, Any]:
    """The values of shell.html: the page that frames a screen, whose own page is at ``address``; ``ground`` is what the
    address asks to be seen behind it."""
    return {
        "lang": words.lang,
        "static": static.prefix(),
        "title": f"{words.say('rehearsal')} · {name}" if rehearsal else name,
        "address": address,
        "ground": ground_of(ground, screen.ground),
        "retry_max_ms": screen.retry_max_ms,
    }


def error_page(status: int, lang: str) -> dict[str, Any]:
    """The values of errors/error.html: quiet words, no technical text."""
    return _error_page(status, lang) | {"is_screen": False}


def gone_page(lang: str, *, made: str, rehearsal: bool) -> dict[str, Any]:
    """The same for a screen that no longer exists; its shell shows it, and looks for the screen again."""
    return _error_page(404, lang) | {"is_screen": True, "made": made, "show": show(rehearsal=rehearsal)}


def _error_page(status: int, lang: str) -> dict[str, Any]:
    key = {403: "no_right", 404: "not_found"}.get(status, "error")
    return {
        "lang": lang,
        "t": texts(lang),
        "static": static.prefix(),
        "title": texts(lang)[key],
        "help": texts(lang)[f"{key}_help"],
        "may_change": key == "no_right",
        "rehearsal": False,
    }
