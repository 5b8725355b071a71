"""A unit's name with its place among its siblings: in a badge, and in words below."""

import msgspec

from dashboard.edition import Edition
from dashboard.parts.part import Cut, Part
from dashboard.parts.siblings import Ranked, level_with, place_of, ranked
from dashboard.words.widths import width_em
from dashboard.words.words import Words

NAME_EM = (11.5, 15.0, 24.0, 40.0)
"""The width of a name up to which it stands in the largest size, in the next, and so on; it is never cut."""
NAME_REAL, LINE_REAL = 0.9, 0.82
"""What a name in extra bold and a line in regular take of the upper bound that `width_em` gives."""


class PlaceSpec(msgspec.Struct, frozen=True):
    """The unit, those that it is ranked with, and ``fit``: 0 for a name of the largest size, more for longer ones."""

    of: str
    siblings: Ranked
    fit: int


class PlaceView(msgspec.Struct, frozen=True):
    """The place as the badge has it, a dash before there is one, and the line; both "" for the root, which has none."""

    place: str
    line: str


def ask(edition: Edition, of: str) -> PlaceSpec:
    """What ``place(of=unit)`` asks for."""
    em = width_em(edition.words.full_name(edition.tree[of]))
    return PlaceSpec(of, ranked(edition, of), sum(em > held for held in NAME_EM))


def view(spec: PlaceSpec, cut: Cut) -> PlaceView:
    """What is seen at a cut."""
    words, siblings = cut.words, spec.siblings
    if siblings.count == 0:
        return PlaceView("", "")
    place = place_of(spec.of, siblings, cut)
    if place is None:
        return PlaceView(words.number(None), words.say("place_none"))
    key = "place_shared" if level_with(spec.of, siblings, cut) else "place"
    return PlaceView(words.number(place), _line(key, words.number(place), siblings, words))


def longest_line(edition: Edition, of: str) -> str:
    """A line as long as that of a unit may become, "" for the root."""
    siblings = ranked(edition, of)
    last = edition.words.number(siblings.count)
    return _line("place_shared", last, siblings, edition.words) if siblings.count else ""


def head_width(edition: Edition, of: str, name_size: float, line_size: float) -> float:
    """The width of a unit's name with the longest line that it may have below, in the unit of the two sizes."""
    name = name_size * NAME_REAL * width_em(edition.words.full_name(edition.tree[of]))
    return max(name, line_size * LINE_REAL * width_em(longest_line(edition, of)))


def _line(key: str, rank: str, siblings: Ranked, words: Words) -> str:
    of, by = words.number(siblings.count), words.say(f"by_{siblings.by}")
    return words.say(key, rank=rank, of=of, kinds=siblings.kinds, by=by)


PLACE = Part("place", ask, view)
