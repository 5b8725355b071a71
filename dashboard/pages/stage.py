"""What the pages of the stage have in common: their texts, and the door before them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from dashboard.pages import accounts
from dashboard.qr import qr
from dashboard.words.words import read_texts
from streaming.contests.contest import Contest


@cache
def texts(lang: str) -> Mapping[str, str]:
    """The texts of these pages by key, with those that pages of accounts have."""
    return {**accounts.texts(lang), **own(lang)}


@cache
def own(lang: str) -> Mapping[str, str]:
    """The texts of these pages alone."""
    return read_texts("stage", lang)


def phrase(lang: str, key: str, **values: object) -> str:
    """A text with its gaps filled in."""
    return texts(lang)[key].format(**values)


def door(contest: Contest, lang: str, stage: str, here: str, error: str = "") -> dict[str, Any]:
    """The values of stage/door.html: the page of a link that has not been opened on this tablet, or holds no more."""
    t = texts(lang)
    return accounts.frame(contest, lang, "account", here) | {
        "t": t,
        "title": t[f"door_{stage}"],
        "heading": t[f"door_{stage}"],
        "error": error,
    }


def handed(lang: str, name: str, link: str) -> dict[str, Any]:
    """A link as it is shown once: with its code to scan."""
    return {"link": link, "title": phrase(lang, "link_handed", name=name), "picture": qr(link)}
