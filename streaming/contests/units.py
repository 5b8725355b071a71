"""Unit, the tree of units, and its CSV."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NewType

import msgspec

from streaming.contests.text import clean, did_you_mean, fault_in, read_text
from streaming.errors import ContestError

UnitCode = NewType("UnitCode", str)

UNITS_MAX = 20_000
"""Units of one contest; the whole country of 2022 had 11,368."""
DEPTH_MAX = 8
"""Levels below the root; a participation is counted once on each of them."""
CODE_CHARS_MAX = 32
NAME_CHARS_MAX = 100
TARGET_MAX = 999_999_999
POPULATION_MAX = 999_999_999

_COLUMNS = ("code", "parent", "kind", "name", "full_name", "target", "place")
_COLUMNS_OPTIONAL = ("name_en", "population")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PLACE = {"": True, "true": True, "1": True, "false": False, "0": False}


class Unit(msgspec.Struct, frozen=True):
    """A node of the tree: a place, or a body that is no place (`place` false: agencies, ngoài tỉnh).

    `target` is what the unit was asked to reach, None where nothing was asked. `name_en` is empty where
    the Vietnamese name serves in English too.
    """

    code: UnitCode
    parent: UnitCode | None
    kind: str
    name: str
    full_name: str
    target: int | None = None
    place: bool = True
    name_en: str = ""


@dataclass(frozen=True)
class Fault:
    """What is wrong with the unit at `index` of a list; `choices` are values that would have been right."""

    index: int
    column: str
    value: object
    expected: str
    choices: tuple[str, ...] = ()


class Tree:
    """Units of any depth under one root, in the order of their list.

    Raises:
        ContestError: If there is not exactly one root, a parent is unknown, a code doubled, a chain of
            parents closed or longer than DEPTH_MAX, or a place stands below what is none.
    """

    def __init__(self, units: Sequence[Unit]) -> None:
        faults = tuple(tree_faults(units))
        if faults:
            raise contest_error(faults)
        self.units = tuple(units)
        self._by_code = {unit.code: unit for unit in self.units}
        self.root = next(unit for unit in self.units if unit.parent is None)
        children: dict[UnitCode, list[Unit]] = {unit.code: [] for unit in self.units}
        for unit in self.units:
            if unit.parent is not None:
                children[unit.parent].append(unit)
        self._children = {code: tuple(below) for code, below in children.items()}
        self.leaves = tuple(unit for unit in self.units if not self._children[unit.code])
        self._paths = {unit.code: self._path(unit) for unit in self.units}
        self._below: dict[UnitCode, frozenset[UnitCode]] = {}
        self._targets: dict[UnitCode, int | None] = {}
        # The deepest first, so that the children of a unit have their targets before it asks for them.
        for unit in sorted(self.units, key=lambda unit: -self.depth(unit.code)):
            self._targets[unit.code] = unit.target or self._target_of_children(unit.code)

    def _path(self, unit: Unit) -> tuple[UnitCode, ...]:
        path = [unit.code]
        while unit.parent is not None:
            unit = self._by_code[unit.parent]
            path.append(unit.code)
        return tuple(path)

    def _target_of_children(self, code: UnitCode) -> int | None:
        children = self._children[code]
        asked = [child for child in children if child.place] or children
        if not asked or any(self._targets[child.code] is None for child in asked):
            return None
        return sum(self._targets[child.code] or 0 for child in children)

    def __getitem__(self, code: str) -> Unit:
        return self._by_code[UnitCode(code)]

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def __len__(self) -> int:
        return len(self.units)

    def __iter__(self) -> Iterator[Unit]:
        return iter(self.units)

    def children(self, code: str) -> tuple[Unit, ...]:
        """Return the units right below, in the order of the list."""
        return self._children[UnitCode(code)]

    def siblings(self, code: str) -> tuple[Unit, ...]:
        """Return the units of the same parent and the same `place`, itself among them."""
        unit = self[code]
        if unit.parent is None:
            return (unit,)
        return tuple(other for other in self._children[unit.parent] if other.place == unit.place)

    def path(self, code: str) -> tuple[UnitCode, ...]:
        """Return the codes from the unit itself, first, up to the root, last."""
        return self._paths[UnitCode(code)]

    def is_leaf(self, code: str) -> bool:
        """Whether nothing stands below the unit; only leaves take participations."""
        return not self._children[UnitCode(code)]

    def depth(self, code: str) -> int:
        """Return the steps up to the root, 0 for the root."""
        return len(self._paths[UnitCode(code)]) - 1

    def below(self, code: str) -> frozenset[UnitCode]:
        """Return the codes of the unit and of all units below it."""
        top = self[code].code
        found = self._below.get(top)
        if found is None:
            codes = [top]
            for code_above in codes:  # The list grows while it is walked, level by level.
                codes.extend(child.code for child in self._children[code_above])
            found = self._below[top] = frozenset(codes)
        return found

    def target(self, code: str) -> int | None:
        """Return the unit's own target, else the sum of its children's, else None.

        There is a sum only where every child that is a place has a target (where no child is a place:
        every child): a part of the sum would look like the whole.
        """
        return self._targets[UnitCode(code)]


def tree_faults(units: Sequence[Unit]) -> Iterator[Fault]:
    """Yield what keeps a list of units from being a tree, each fault once, in a steady order."""
    if len(units) > UNITS_MAX:
        yield Fault(UNITS_MAX, "code", len(units), f"at most {UNITS_MAX} units in one contest")
        return
    first: dict[UnitCode, int] = {}
    for index, unit in enumerate(units):
        if unit.code in first:
            expected = f"a code used once (unit {first[unit.code] + 1} of the list has it too)"
            yield Fault(index, "code", unit.code, expected)
        first.setdefault(unit.code, index)
    codes = tuple(first)
    roots = [index for index, unit in enumerate(units) if unit.parent is None]
    if not roots:
        yield Fault(0, "parent", None, "one unit without a parent, the root")
    for index in roots[1:]:
        expected = f"a parent: the root is “{units[roots[0]].code}” already"
        yield Fault(index, "parent", units[index].code, expected)
    for index, unit in enumerate(units):
        if unit.parent is not None and unit.parent not in first:
            yield Fault(index, "parent", unit.parent, "the code of a unit of this list", codes)
    yield from _chain_faults(units, first)
    for index in roots[:1]:
        if not units[index].place:
            yield Fault(index, "place", "false", "true: the root is a place")
    for index, unit in enumerate(units):
        parent = first.get(unit.parent) if unit.parent is not None else None
        if unit.place and parent is not None and not units[parent].place:
            yield Fault(index, "place", "true", f"false, as its parent “{unit.parent}” is no place")


def _chain_faults(units: Sequence[Unit], first: dict[UnitCode, int]) -> Iterator[Fault]:
    """Yield every cycle of parents once, and the units deeper than DEPTH_MAX."""
    depth: dict[UnitCode, int | None] = {}  # None: at or below a cycle, or below an unknown parent
    for index, unit in enumerate(units):
        chain: list[UnitCode] = []
        code: UnitCode | None = unit.code
        seen: set[UnitCode] = set()
        while code is not None and code in first and code not in depth and code not in seen:
            chain.append(code)
            seen.add(code)
            code = units[first[code]].parent
        if code is not None and code in seen:
            ring = " → ".join([*chain[chain.index(code) :], code])
            yield Fault(index, "parent", unit.parent, f"parents that end at the root, no cycle ({ring})")
        above = -1 if code is None else depth.get(code)
        for step in reversed(chain):
            above = None if above is None else above + 1
            depth[step] = above
            if above == DEPTH_MAX + 1:
                yield Fault(first[step], "parent", units[first[step]].parent, f"at most {DEPTH_MAX} levels")


def contest_error(faults: Sequence[Fault], *, file: str = "", rows: Sequence[int] | None = None) -> ContestError:
    """Return the error that names the first fault by its row, and counts the rest."""
    fault = min(faults, key=lambda fault: fault.index)
    near = did_you_mean(str(fault.value), fault.choices) if fault.choices else ""
    return ContestError(
        fault.expected + near,
        file=file,
        row=None if rows is None or not rows else rows[min(fault.index, len(rows) - 1)],
        column=fault.column,
        value=fault.value,
        more=len(faults) - 1,
    )


def read_units_csv(path: Path) -> tuple[Unit, ...]:
    """Return the units of a CSV in its order, names in NFC.

    Columns: code, parent, kind, name, full_name, target, place, and optionally name_en and population, in any order;
    an empty target means none, an empty place means true.

    Raises:
        ContestError: Naming row, column, value and what was expected of the first fault.
    """
    rows = _read_rows(path)
    faults: list[Fault] = []
    units = [_unit(index, cells, faults) for index, (_, cells) in enumerate(rows)]
    numbers = [row for row, _ in rows]
    if not units:
        raise ContestError("at least one unit below the header", file=path.name, row=1)
    # A list with unreadable cells is not checked as a tree: the faults of the first would repeat.
    faults = faults or list(tree_faults(units))
    if faults:
        raise contest_error(faults, file=path.name, rows=numbers)
    return tuple(units)


def read_populations(path: Path) -> dict[str, int]:
    """Return the people who live in each unit of the CSV that says so, by code: no part of the tree, nor of any number.

    Raises:
        ContestError: Naming row, value and what was expected.
    """
    found: dict[str, int] = {}
    for row, cells in _read_rows(path):
        text = cells.get("population", "").strip()
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:12]) <= POPULATION_MAX):
            expected = f"nothing, or a whole number from 1 to {POPULATION_MAX} without dots"
            raise ContestError(expected, file=path.name, row=row, column="population", value=text)
        found[cells["code"].strip()] = int(text)
    return found


def row_of(path: Path, code: str) -> int | None:
    """Return the row of a unit in its CSV, for an error that shows only later."""
    return next((row for row, cells in _read_rows(path) if cells["code"].strip() == code), None)


def _read_rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return (row number as an editor counts, cells by column) of each row that is not blank."""
    reader = csv.reader(io.StringIO(read_text(path), newline=""), strict=True)
    rows: list[tuple[int, dict[str, str]]] = []
    header: list[str] = []
    row = 1
    try:
        for cells in reader:
            if not header:
                header = _header(cells, path.name)
            elif any(cell.strip() for cell in cells):
                if len(cells) != len(header):
                    expected = f"{len(header)} cells as in the header (write a name with a comma in quotes)"
                    raise ContestError(expected, file=path.name, row=row, value=f"{len(cells)} cells")
                rows.append((row, dict(zip(header, cells, strict=True))))
            if len(rows) > UNITS_MAX:
                raise ContestError(f"at most {UNITS_MAX} units in one contest", file=path.name, row=row)
            row = reader.line_num + 1
    except csv.Error as error:
        raise ContestError(f"a readable CSV row ({error})", file=path.name, row=row) from error
    if not header:
        raise ContestError(f"a header: {','.join(_COLUMNS)}", file=path.name, row=1)
    return rows


def _header(cells: list[str], file: str) -> list[str]:
    header = [cell.strip() for cell in cells]
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise ContestError("columns divided by commas", file=file, row=1, value=header[0])
    known = (*_COLUMNS, *_COLUMNS_OPTIONAL)
    for name in header:
        if name not in known:
            expected = f"one of the columns {', '.join(known)}{did_you_mean(name, known)}"
            raise ContestError(expected, file=file, row=1, column=name, value=name)
        if header.count(name) > 1:
            raise ContestError("each column once", file=file, row=1, column=name, value=name)
    for name in _COLUMNS:
        if name not in header:
            raise ContestError("this column in the header", file=file, row=1, column=name)
    return header


def _unit(index: int, cells: dict[str, str], faults: list[Fault]) -> Unit:
    """Return the unit of a row; what is wrong with its cells goes to `faults`."""

    def name(column: str) -> str:
        fault = fault_in(cells[column], NAME_CHARS_MAX)
        if fault is not None:
            faults.append(Fault(index, column, cells[column], fault))
        return clean(cells[column])

    def code(column: str) -> UnitCode:
        text = cells[column].strip()
        if not _CODE.fullmatch(text) or len(text) > CODE_CHARS_MAX:
            expected = f"a code of 1 to {CODE_CHARS_MAX} letters A-Z, digits, “.”, “_”, “-”"
            faults.append(Fault(index, column, cells[column], expected))
        return UnitCode(text)

    target = cells["target"].strip()
    if target and not (target.isascii() and target.isdigit() and 1 <= int(target[:12]) <= TARGET_MAX):
        expected = f"nothing, or a whole number from 1 to {TARGET_MAX} without dots"
        faults.append(Fault(index, "target", cells["target"], expected))
        target = ""
    place = cells["place"].strip().lower()
    if place not in _PLACE:
        faults.append(Fault(index, "place", cells["place"], "true or false"))
    return Unit(
        code=code("code"),
        parent=code("parent") if cells["parent"].strip() else None,
        kind=name("kind"),
        name=name("name"),
        full_name=name("full_name"),
        target=int(target) if target else None,
        place=_PLACE.get(place, True),
        name_en=name("name_en") if cells.get("name_en", "").strip() else "",
    )
