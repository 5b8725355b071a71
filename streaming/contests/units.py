"""Unit, and the tree of units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NewType

import msgspec

from streaming.contests.text import did_you_mean
from streaming.errors import ContestError

UnitCode = NewType("UnitCode", str)

UNITS_MAX = 20_000
"""Units of one contest; the whole country of 2022 had 11,368."""
DEPTH_MAX = 8
"""Levels below the root; a participation is counted once on each of them."""
TARGET_MAX = 999_999_999


class Unit(msgspec.Struct, frozen=True):
    """A node of the tree: a place, or a body that is no place (`place` false: agencies, ngoài tỉnh).

    `target` is what the unit was asked to reach, None where nothing was asked. `name_en` is empty where
    the Vietnamese name serves in English too. `short_name` stands where the full one is too wide; where none was given
    it is left out of the JSON too, so that a contest without any keeps the digest that an older release gave it.
    """

    code: UnitCode
    parent: UnitCode | None
    kind: str
    name: str
    full_name: str
    target: int | None = None
    place: bool = True
    name_en: str = ""
    short_name: str | msgspec.UnsetType = msgspec.UNSET
    short_name_en: str | msgspec.UnsetType = msgspec.UNSET


@dataclass(frozen=True)
class Fault:
    """What is wrong with the unit at `index` of a list; `choices` are values that would have been right, `twin` is the
    index of the unit that it clashes with."""

    index: int
    column: str
    value: object
    expected: str
    choices: tuple[str, ...] = ()
    twin: int | None = None


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
        # Those that are told to take part: what is no place is not, unless a contest has nothing else, as a school.
        self.taking_part = tuple(unit for unit in self.leaves if unit.place) or self.leaves
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
            yield Fault(index, "code", unit.code, "a code used once", twin=first[unit.code])
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
    if fault.twin is not None:
        where = f"row {rows[fault.twin]}" if rows else f"unit {fault.twin + 1} of the list"
        near = f" ({where} has it too)"
    return ContestError(
        fault.expected + near,
        file=file,
        row=None if rows is None or not rows else rows[min(fault.index, len(rows) - 1)],
        column=fault.column,
        value=fault.value,
        more=len(faults) - 1,
    )
