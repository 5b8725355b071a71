"""Fits a unit's name to the space in a line, before any page is laid out."""

from collections.abc import Mapping

import msgspec

from dashboard.words.widths import width_em
from dashboard.words.words import Words, short_name
from streaming.contests.units import Unit

ROOM_EM = {"w": 11.6, "n": 8.7}
"""Width that a name has in a line of a 16:9 screen (w) and of a 4:3 screen or a phone (n), in em of its font."""
LINES_EM = (26.0, 60.0, 110.0)
"""What two, three and four lines of ever smaller type hold of a name in a 16:9 line; a name is never cut."""


class Name(msgspec.Struct, frozen=True):
    """A name in full and short, and the classes by which the style sheet shows one of them in the right size."""

    full: str
    short: str
    fit: str


def fit(full: str, short: str) -> str:
    """The classes for a name: w0 full, w1 short, w2 and on full in smaller type on more lines; n0… likewise."""
    return " ".join(f"{room}{_variant(width_em(full), width_em(short), em)}" for room, em in ROOM_EM.items())


def _variant(full_em: float, short_em: float, room_em: float) -> int:
    if full_em <= room_em:
        return 0
    if short_em <= room_em:
        return 1
    lines = [full_em * ROOM_EM["w"] / room_em <= held for held in LINES_EM]
    return 2 + (lines.index(True) if True in lines else len(lines))


def named(unit: Unit, words: Words) -> Name:
    """The unit's name in the words' language."""
    full = words.full_name(unit)
    short = short_name(full)
    return Name(full, short, fit(full, short))


def together(names: Mapping[str, Name]) -> dict[str, Name]:
    """The names that stand in one list: where one has to be shortened, all are."""
    names = dict(names)
    for room in ROOM_EM:
        if any(f"{room}1" in name.fit for name in names.values()):
            names = {
                code: msgspec.structs.replace(name, fit=name.fit.replace(f"{room}0", f"{room}1"))
                for code, name in names.items()
            }
    return names
