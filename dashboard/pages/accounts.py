"""The pages of accounts: signing in, one's own account, a one-time link, and the list of accounts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from dashboard import static
from dashboard.page import title as contest_title
from dashboard.pages.control import output_title
from dashboard.words.words import LANGS, read_texts
from dashboard.words.words import texts as common_texts
from streaming.contests.contest import Contest


@cache
def texts(lang: str) -> Mapping[str, str]:
    """The texts of these pages by key."""
    return read_texts("accounts", lang)


@dataclass(frozen=True)
class Person:
    """Who is signed in, as shown in the page's header."""

    name: str
    role: str
    is_of_room: bool


@dataclass(frozen=True)
class Row:
    """An account in the list. ``revoked_ms`` is None while it is in force."""

    number: int
    login: str
    name: str
    role: str
    unit: str | None
    output: str | None
    has_password: bool
    has_totp: bool
    revoked_ms: int | None
    is_own: bool


@dataclass(frozen=True)
class Entry:
    """A row of the log of sign-ins; ``login`` is None where it was unknown."""

    at_ms: int
    login: str | None
    outcome: str
    address: str


def frame(contest: Contest, lang: str, heading: str, here: str, *, person: Person | None = None) -> dict[str, Any]:
    """The values that the pages outside the control room need; ``heading`` is the key of a page's title, ``here`` the
    address at which it is found."""
    t = texts(lang)
    return {
        "lang": lang,
        "other_lang": next(other for other in LANGS if other != lang),
        "t": t,
        "static": static.prefix(),
        "title": f"{t[heading]} · {contest_title(contest, lang)}",
        "heading": t[heading],
        "here": here,
        "contest": contest_title(contest, lang),
        "rehearsal": False,
        "person": person,
        "role": role(lang, person.role) if person else "",
        "error": "",
        "done": "",
    }


def role(lang: str, code: str) -> str:
    """A role in words."""
    return common_texts(lang)[f"role_{code}"]


def phrase(lang: str, key: str, **values: object) -> str:
    """A text with its gaps filled in."""
    return texts(lang)[key].format(**values)


def grouped(secret: str) -> str:
    """A secret in groups of four, as people type it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def rows(contest: Contest, lang: str, accounts: Sequence[Row]) -> list[dict[str, Any]]:
    """The list of accounts in words."""
    t = texts(lang)
    found = []
    for row in accounts:
        state = t["state_in_force"] if row.has_password else t["state_waiting"]
        if row.revoked_ms is not None:
            state = phrase(lang, "state_revoked", time=moment(contest, row.revoked_ms))
        elif row.has_totp:
            state = f"{state}, {t['state_phone']}"
        found.append(
            {
                "number": row.number,
                "login": row.login,
                "name": row.name,
                "role": role(lang, row.role),
                "of": unit_name(contest, row.unit) or (output_title(lang, row.output) if row.output else ""),
                "state": state,
                "is_own": row.is_own,
                "is_in_force": row.revoked_ms is None,
            }
        )
    return found


def unit_name(contest: Contest, code: str | None) -> str:
    """The full name of a unit, its code if the contest has no such unit any more, "" for none."""
    if code is None:
        return ""
    return contest.tree[code].full_name if code in contest.tree else code


def entries(contest: Contest, lang: str, log: Sequence[Entry]) -> list[dict[str, str]]:
    """The log of sign-ins in words."""
    t = texts(lang)
    return [
        {
            "when": moment(contest, entry.at_ms),
            "login": entry.login or t["stranger"],
            "outcome": t[f"outcome_{entry.outcome}"],
            "address": entry.address,
        }
        for entry in log
    ]


def moment(contest: Contest, at_ms: int) -> str:
    """An instant in the contest's zone: 10:05:09 05/10/2022."""
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(contest.timezone)).strftime("%H:%M:%S %d/%m/%Y")
