"""Fits a unit's name to the space in a line, before any page is laid out."""

import re
from collections.abc import Mapping, Sequence

import msgspec

from dashboard.words.widths import width_em
from dashboard.words.words import Words
from streaming.contests.units import Unit

ROOM_EM: Mapping[str, float] = {"w": 11.6, "n": 8.7}
"""Width that a name has in a line of a 16:9 screen (w) and of a 4:3 screen or a phone (n), in em of its font."""
SMALLER = 0.84
"""The size of a short name that is a little too wide, and of all others that stand in its list."""
ONE_LINE_MAX = 2
"""The last variant of a name on one line."""
LINES_EM = (26.0, 60.0, 110.0)
"""What two, three and four lines of ever smaller type hold of a name in a 16:9 line; a name is never cut."""

_FIT = re.compile(r"([a-z])(\d)")


class Name(msgspec.Struct, frozen=True):
    """A name in full and short, and the classes by which the style sheet shows one of them in the right size."""

    full: str
    short: str
    fit: str


def fit(full: str, short: str, rooms: Mapping[str, float] = ROOM_EM) -> str:
    """The classes for a name: w0 full, w1 short, w2 short and smaller, w3 and on full in ever smaller type on more
    lines; n0… likewise."""
    return " ".join(f"{room}{_variant(width_em(full), width_em(short), em)}" for room, em in rooms.items())


def _variant(full_em: float, short_em: float, room_em: float) -> int:
    if full_em <= room_em:
        return 0
    if short_em <= room_em:
        return 1
    if short_em * SMALLER <= room_em:
        return 2
    lines = [full_em * ROOM_EM["w"] / room_em <= held for held in LINES_EM]
    return 3 + (lines.index(True) if True in lines else len(lines))


def named(unit: Unit, words: Words) -> Name:
    """The unit's name in the words' language."""
    full, short = words.full_name(unit), words.short_name(unit)
    return Name(full, short, fit(full, short))


def together(names: Mapping[str, Name]) -> dict[str, Name]:
    """The names that stand in one list: all in the size, and shortened or not, as the one that needs it most. One that
    does not fit on one line stands on more lines by itself: for its sake the others would be too small to be read."""
    fits = {code: dict(_FIT.findall(name.fit)) for code, name in names.items()}
    shared = {
        room: max((each[room] for each in fits.values() if int(each[room]) <= ONE_LINE_MAX), default="0")
        for room in ROOM_EM
    }
    return {
        code: msgspec.structs.replace(
            name, fit=" ".join(f"{room}{max(level, fits[code][room])}" for room, level in shared.items())
        )
        for code, name in names.items()
    }


def rest(apart: Sequence[Unit], words: Words, *, others: bool, room_em: float) -> Name:
    """The name of a list's last line, which holds what the list leaves out: the units ranked ``apart`` and, with
    ``others``, units that it would have ranked.

    As many of ``apart`` are named as the room of a 16:9 screen holds, from the last one on: folders list agencies
    first and "ngoài tỉnh" and "chưa khai báo" last. What is not named is one of the other units.
    """
    others_text = words.say("rest_units")
    if len(apart) == 1 and not others:
        only = named(apart[0], words)
        return msgspec.structs.replace(only, fit=fit(only.full, only.short, {**ROOM_EM, "w": room_em}))
    for unnamed in range(len(apart) + 1):
        told = [_bare(unit, words) for unit in apart[unnamed:]]
        first = [others_text] if others or unnamed else []
        full = words.say("kinds_join").join([*first, *told][:1] + [_within(name) for name in [*first, *told][1:]])
        if width_em(full) <= room_em:
            break
    return Name(full, others_text, fit(full, others_text, {**ROOM_EM, "w": room_em}))


def _bare(unit: Unit, words: Words) -> str:
    """The name of a unit that is no place, without the kind that its full name may begin with."""
    given = unit.short_name_en or unit.name_en if words.lang == "en" else unit.short_name
    return given or unit.name


def _within(name: str) -> str:
    """A name in the middle of a line: "Ngoài tỉnh" → "ngoài tỉnh"; "LLVT tỉnh" and "Khối Đảng" keep their capitals."""
    return name[:1].lower() + name[1:] if name[1:] == name[1:].lower() else name
