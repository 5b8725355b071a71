"""The frame of every page of the control room: navigation, who is signed in, the totals, and the live data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import msgspec

from dashboard.made import Show, show
from dashboard.page import PageData, common, data_block
from dashboard.words.rounds import own_texts
from dashboard.words.words import Words, read_texts
from dashboard.words.words import texts as common_texts
from streaming.contests.contest import Contest, ContestFolder, RankBy
from streaming.contests.rule_book import HOLDING_RULES
from streaming.decisions.kinds import ACTIONS
from streaming.program.names import OF_TV
from streaming.topics.frames import Frame

PAGES = (
    ("room", "/control"),
    ("program", "/control/program"),
    ("overlays", "/control/overlays"),
    ("points", "/control/points"),
    ("screens", "/control/screens"),
    ("gate", "/control/gate"),
    ("corrections", "/control/corrections"),
    ("checks", "/control/checks"),
    ("straps", "/control/straps"),
    ("pictures", "/control/pictures"),
    ("sources", "/control/sources"),
    ("evidence", "/control/evidence"),
    ("shown", "/control/shown"),
    ("links", "/control/links"),
    ("accounts", "/control/accounts"),
    ("presenter", "/control/presenter"),
)
"""The pages in the order of the head, by the key of their texts."""
ON_AIR = frozenset({"room", "program", "overlays", "points", "screens", "gate", "corrections"})
"""The pages that are worked with while a ceremony runs: the upper line of the head. Below stand those of before and
after."""

POINT = "point"
"""The role of who sits at a connection point, and holds the roll call of it and those below it."""
FILES = ("control", "registry", "overlays", "straps", "files", "afterwards", "checks", "roll_call")
"""The files of the locale that hold the texts of the control room."""


@cache
def texts(lang: str) -> Mapping[str, str]:
    """The texts of the control room by key, with those of every page among them."""
    own = (read_texts(file, lang) for file in FILES)
    return {**common_texts(lang), **{key: text for each in own for key, text in each.items()}}


@dataclass(frozen=True)
class Person:
    """Who is signed in: the number that stands for them in the ledger, their name, and what they may do. A director
    does not see the room, and has the page of his output alone."""

    number: int
    name: str
    role: str
    sees_room: bool
    may_decide: bool
    may_steer: bool
    may_accounts: bool
    may_links: bool


class Live(msgspec.Struct, frozen=True):
    """Snapshots of the topics that every page follows: the public board, the whole fold, the watch; for who does not
    see the room the board alone."""

    board: Frame
    control: Frame | None = None
    watch: Frame | None = None


UnitLine = tuple[str, str | None, str, str]
"""A unit as [code, the unit above, full name, short name]."""


class RoomData(PageData, frozen=True, kw_only=True):
    """What the scripts of the control room read of the contest. ``store`` is the one that the page shows and acts on,
    ``prefix`` that of its topics; ``me`` the account that it was opened for, ``here`` its address; ``unit_rules`` are
    the rules about a unit, ``rounds`` the names of rounds by their number, ``units`` all units in official order,
    ``apart`` those that have no place among those beside them."""

    prefix: str
    store: Show
    me: str
    here: str
    may_decide: bool
    root: str
    by: RankBy
    unit_rules: tuple[str, ...]
    rounds: dict[int, str]
    units: tuple[UnitLine, ...]
    apart: tuple[str, ...]


def frame(folder: ContestFolder, words: Words, person: Person, page: str, live: Live, *, made: str) -> dict[str, Any]:
    """The values of control/_base.html; ``page`` is the key of the page shown, ``made`` names what
    pages are made of."""
    t = own_texts(texts(words.lang), folder.contest, words.lang)
    shown = [(key, path) for key, path in PAGES if key in _pages_of(person)]
    return common(folder, words, made=made, rehearsal=live.board.rehearsal, is_screen=False) | {
        "t": t,
        "person": person,
        "role": t[f"role_{person.role}"],
        "acts_on": t["acts_on_rehearsal" if live.board.rehearsal else "acts_on_live"],
        "page": page,
        "here": dict(PAGES)[page],
        "asked": "",
        "page_title": t.get(f"title_{page}", t[f"nav_{page}"]),
        "actions": [action.__struct_config__.tag for action in ACTIONS],
        "nav": [
            [
                {"href": f"{path}?lang={words.lang}", "text": t[f"nav_{key}"], "is_current": key == page}
                for key, path in shown
                if (key in ON_AIR) is is_upper
            ]
            for is_upper in (True, False)
        ],
        "first_frames": data_block(live),
        "contest_data": data_block(_contest_data(folder.contest, words, person, page, rehearsal=live.board.rehearsal)),
    }


def _pages_of(person: Person) -> set[str]:
    if person.role == POINT:
        return {"points"}
    if not person.sees_room:
        return {"program", "overlays", "straps", "checks", "screens", "shown", "presenter"}
    closed = {
        *(["accounts"] if not person.may_accounts else []),
        *(["links"] if not person.may_links else []),
    }
    return {key for key, _ in PAGES if key not in closed}


def output_title(lang: str, name: str, form: Literal["output", "short"] = "output") -> str:
    """An output as people call it, or in short where many stand side by side."""
    number = OF_TV.fullmatch(name)
    return texts(lang)[f"{form}_{name}"] if number is None else texts(lang)[f"{form}_tv"].replace("{n}", number[1])


def _contest_data(contest: Contest, words: Words, person: Person, page: str, *, rehearsal: bool) -> RoomData:
    tree = contest.tree
    names = {unit.code: words.full_name(unit) for unit in tree}
    return RoomData(
        lang=words.lang,
        timezone=contest.timezone,
        texts=own_texts(texts(words.lang), contest, words.lang),
        prefix="rehearsal/" if rehearsal else "",
        store=show(rehearsal=rehearsal),
        me=f"account:{person.number}",
        here=dict(PAGES)[page],  # A page's own path, since the request's may be one that only takes posts.
        may_decide=person.may_decide,
        root=tree.root.code,
        by=contest.ranking.by,
        unit_rules=HOLDING_RULES,
        rounds={round_.n: words.name(round_) for round_ in contest.rounds},
        units=tuple((unit.code, unit.parent, names[unit.code], words.short_name(unit)) for unit in tree),
        apart=tuple(unit.code for unit in tree if not unit.place) if contest.ranking.apart else (),
    )
