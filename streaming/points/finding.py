"""Finds the points that a list from outside names: one in each line, by its code or its name, with marks or without."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from streaming.contests.units import Tree, Unit

ROW_CHARS_MAX = 200
"""Of a line: no name of a unit is longer."""

CODE_CHARS_MIN = 3
"""Of a code beside other cells, or without its zeros: what is shorter may number the line."""

NEAR = 0.75
"""How like a name must be to what stands in a line to be told as what may be meant, of 1."""

NEAR_LINES_MAX = 50
"""Of so many lines that name no point it is told what may be meant, the first ones: to look for that takes some
milliseconds each, and more of them are a list of something else."""

FaultCode = Literal["unknown_unit", "doubled", "several", "other_subtree", "too_long"]

_SHORT = {"tt": "thi tran", "tp": "thanh pho", "tx": "thi xa", "x": "xa", "p": "phuong", "h": "huyen", "q": "quan"}
_ABBREVIATED = re.compile(r"^(tt|tp|tx|x|p|h|q)\s*\.\s*(?=\S)|^(tt|tp|tx)\s+(?=\S)")
_NUMBERED = re.compile(r"^\s*\d{1,3}\s*[.)]\s+")
_APART = re.compile(r"\s*[,;(\t|–]\s*|\s+-\s+")


class FoundFault(msgspec.Struct, frozen=True):
    """A line that names no point, or not one alone: its ``row`` from 1, what it says, and why not. ``near`` are codes
    of points that may be meant."""

    row: int
    value: str
    code: FaultCode
    near: tuple[str, ...] = ()


class Found(msgspec.Struct, frozen=True):
    """The points that a list names, each once, and what is wrong with other lines; ``rows`` are those that say
    anything."""

    codes: tuple[str, ...]
    faults: tuple[FoundFault, ...]
    rows: int


def folded(text: str) -> str:
    """A name without marks, case and outer spaces: "Xã Sơn Vĩ" and "xa son vi" are the same."""
    text = unicodedata.normalize("NFD", text.replace("Đ", "D").replace("đ", "d"))
    return " ".join("".join(char for char in text if not unicodedata.combining(char)).casefold().split())


class Finder:
    """Finds points by what people call them. ``points`` are those that may be named, of a ``tree``."""

    def __init__(self, tree: Tree, points: Sequence[Unit]) -> None:
        self._tree = tree
        self._points: dict[str, Unit] = {unit.code: unit for unit in points}
        others = [unit for unit in tree.units if unit.place and unit.code not in self._points]
        self._other_codes = frozenset[str](unit.code for unit in others)
        self._other_names = frozenset(folded(name) for unit in others for name in (unit.full_name, unit.name))
        self._by_name: dict[str, list[Unit]] = {}
        self._short_codes: dict[str, list[str]] = {}
        for unit in points:
            for name in {folded(unit.full_name), folded(unit.name)}:
                self._by_name.setdefault(name, []).append(unit)
            self._short_codes.setdefault(unit.code.lstrip("0"), []).append(unit.code)

    def find(self, lines: Iterable[str]) -> Found:
        """The points that lines name; blank ones say nothing."""
        codes: dict[str, None] = {}
        faults: list[FoundFault] = []
        rows = unknown = 0
        for row, line in enumerate(lines, 1):
            text = line.strip()
            if not text:
                continue
            rows += 1
            if len(text) > ROW_CHARS_MAX:
                faults.append(FoundFault(row, text[:ROW_CHARS_MAX], "too_long"))
                continue
            units = self._meant(text)
            if not units:
                faults.append(self._unknown(row, text, looks_near=unknown < NEAR_LINES_MAX))
                unknown += faults[-1].code == "unknown_unit"
            elif len(units) > 1:
                faults.append(FoundFault(row, text, "several", tuple(unit.code for unit in units)))
            elif units[0].code in codes:
                faults.append(FoundFault(row, text, "doubled", (units[0].code,)))
            else:
                codes[units[0].code] = None
        return Found(tuple(codes), tuple(faults), rows)

    def _meant(self, text: str) -> list[Unit]:
        """Which points a line may mean: that of a code, else those of a name, told apart by what stands behind it."""
        if text in self._points:
            return [self._points[text]]
        parts = _parts(text)
        for part in parts if len(parts) > 1 else ():
            # A short one may be the line's own number.
            if part in self._points and len(part) >= CODE_CHARS_MIN:
                return [self._points[part]]
        for part in parts:
            # A workbook has taken the zeros.
            short = (
                self._short_codes.get(part.lstrip("0"), []) if part.isdigit() and len(part) >= CODE_CHARS_MIN else []
            )
            if len(short) == 1:
                return [self._points[short[0]]]
        for at, part in enumerate(parts):
            name = _whole(folded(part))
            units = self._by_name.get(name, [])
            # Its whole name says more than that of another of which it is a part: "thành phố Hà Giang", "Hà Giang".
            units = [unit for unit in units if folded(unit.full_name) == name] or units
            if len(units) > 1 and at + 1 < len(parts):
                above = _whole(folded(parts[at + 1]))
                units = [unit for unit in units if above in self._names_above(unit)] or units
            if units:
                return units
        return []

    def _names_above(self, unit: Unit) -> set[str]:
        over = [self._tree[code] for code in self._tree.path(unit.code)[1:]]
        return {folded(name) for each in over for name in (each.name, each.full_name)}

    def _unknown(self, row: int, text: str, *, looks_near: bool) -> FoundFault:
        name = _whole(folded(next((part for part in _parts(text) if not part.isdigit()), text)))
        if text in self._other_codes or name in self._other_names:
            return FoundFault(row, text, "other_subtree")
        meant = difflib.get_close_matches(name, self._by_name, n=1, cutoff=NEAR) if looks_near else []
        near = [unit for unit in (self._by_name[meant[0]] if meant else []) if _is_near(name, unit)]
        return FoundFault(row, text, "unknown_unit", tuple(unit.code for unit in near))


def _is_near(name: str, unit: Unit) -> bool:
    """Whether a folded name is near a unit's own, its kind set aside: that alone makes no two units alike."""
    own = name.removeprefix(f"{folded(unit.kind)} ")
    return difflib.SequenceMatcher(None, folded(unit.name), own).ratio() >= NEAR


def _parts(text: str) -> list[str]:
    """What a line says, cell by cell, without what numbers it."""
    parts = (part.strip(" )") for part in _APART.split(_NUMBERED.sub("", text)))
    return [part for part in parts if part]


def _whole(name: str) -> str:
    """A folded name with its kind written out."""
    found = _ABBREVIATED.match(name)
    return name if found is None else f"{_SHORT[found[1] or found[2]]} {name[found.end() :]}"
