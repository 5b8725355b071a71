"""The sheet of all connection points in words: what each opens its page with, and the message that is sent to it."""

from collections.abc import Mapping, Sequence
from functools import cache

import msgspec

from dashboard.page import title
from dashboard.words.words import Words, read_texts
from streaming.contests.contest import Contest
from streaming.contests.units import Tree
from streaming.points.point import is_point


class Opening(msgspec.Struct, frozen=True):
    """What opens a point: the address of its door, its link, and its code as people read it, "" for one that has no
    key in force."""

    unit: str
    address: str
    link: str
    code: str


class PointLine(msgspec.Struct, frozen=True):
    """A point on the sheet: its place in the list, its names, what opens it, and the message to it.

    ``group`` is the unit below the root with which it is handed out, a district with its communes.
    """

    nth: int
    unit: str
    name: str
    above: str
    group: str
    address: str
    link: str
    code: str
    message: str

    @property
    def is_head(self) -> bool:
        """Whether others of its group stand below it."""
        return self.unit == self.group


class PointSheet(msgspec.Struct, frozen=True):
    """The sheet; ``made`` is when, in words, ``groups`` are the full names of its groups in their order."""

    lang: str
    title: str
    subtitle: str
    hotline: str
    base: str
    made: str
    groups: dict[str, str]
    lines: tuple[PointLine, ...]


@cache
def said(lang: str) -> Mapping[str, str]:
    """The texts of doors and of the sheet, by key."""
    return read_texts("entry", lang)


def sheet_of(contest: Contest, lang: str, base: str, openings: Sequence[Opening], now_ms: int) -> PointSheet:
    """The sheet of these points, in their order."""
    words, tree = Words(lang, contest.timezone), contest.tree
    subtitle = contest.subtitle_en if lang == "en" and contest.subtitle_en else contest.subtitle
    lines = tuple(_line(contest, words, nth, each) for nth, each in enumerate(openings, start=1))
    return PointSheet(
        lang=lang,
        title=title(contest, lang),
        subtitle=subtitle,
        hotline=contest.hotline,
        base=base,
        made=f"{words.clock(now_ms)[:5]} {words.date(now_ms)}",
        groups={line.group: words.full_name(tree[line.group]) for line in lines},
        lines=lines,
    )


def message(contest: Contest, words: Words, name: str, opening: Opening) -> str:
    """What is sent to a point, ready to be pasted; "" to one that has no key in force."""
    if not opening.link:
        return ""
    t = said(words.lang)
    gaps = {
        "unit": name, "title": title(contest, words.lang), "link": opening.link, "address": opening.address,
        "code": opening.code, "hotline": contest.hotline,
    }  # fmt: skip
    keys = ("message_to", "message_title", "message_link", "message_link_itself", "message_code", "message_own")
    called = (*keys, "message_hotline") if contest.hotline else keys
    return "\n".join(t[key].format(**gaps) for key in called)


def _line(contest: Contest, words: Words, nth: int, opening: Opening) -> PointLine:
    unit = contest.tree[opening.unit]
    name = words.full_name(unit)
    return PointLine(
        nth=nth,
        unit=unit.code,
        name=name,
        above=words.full_name(contest.tree[unit.parent]) if unit.parent is not None else "",
        group=group_of(contest.tree, unit.code),
        address=opening.address,
        link=opening.link,
        code=opening.code,
        message=message(contest, words, name, opening),
    )


def group_of(tree: Tree, code: str) -> str:
    """The unit with which a point is handed out: that right below the root, where it has points below it; else the
    root."""
    path = tree.path(code)
    top = path[-2] if len(path) > 1 else path[-1]
    return top if any(is_point(child) for child in tree.children(top)) else tree.root.code
