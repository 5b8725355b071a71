"""The frame of every page of the control room: where one can go, and who is signed in."""

from dataclasses import dataclass
from typing import Any

from dashboard.page import common
from dashboard.words import Words
from streaming.contest import Contest

PAGES = (
    ("room", "/control"),
    ("sources", "/control/sources"),
    ("corrections", "/control/corrections"),
    ("evidence", "/control/evidence"),
    ("accounts", "/control/accounts"),
    ("presenter", "/control/presenter"),
)
"""The pages in the order of the head, by the key of their texts."""


@dataclass(frozen=True)
class Person:
    """Who is signed in: the number that stands for them in the ledger, their name, and what they may do."""

    number: int
    name: str
    role: str
    may_decide: bool
    may_accounts: bool


def frame(contest: Contest, words: Words, person: Person, page: str, *, rehearsal: bool) -> dict[str, Any]:
    """The values of control/_base.html; ``page`` is the key of the page shown."""
    shown = [(key, path) for key, path in PAGES if key != "accounts" or person.may_accounts]
    return common(contest, words, rehearsal=rehearsal) | {
        "person": person,
        "role": words.say(f"role_{person.role}"),
        "page": page,
        "page_title": words.say(f"nav_{page}"),
        "nav": [
            {"href": f"{path}?lang={words.lang}", "text": words.say(f"nav_{key}"), "is_current": key == page}
            for key, path in shown
        ],
    }
