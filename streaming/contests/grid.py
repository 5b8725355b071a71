"""The hexagon map of a contest: which cell each place of the lowest level has."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from streaming.contests.text import did_you_mean, read_text
from streaming.contests.units import Tree, UnitCode
from streaming.errors import ContestError

CELL_MAX = 1_000
"""Bound of q and r; a map that wide could not be drawn."""


@dataclass(frozen=True)
class Grid:
    """Pointy-top hexagons in offset rows: `cells` holds (q, r) of a unit, r = 0 is the northern row.

    Rows where (r + shift_parity) is odd stand half a cell further east.
    """

    cells: dict[UnitCode, tuple[int, int]]
    shift_parity: int

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of where every unit stands, in whatever order they were written."""
        placed = json.dumps([self.shift_parity, sorted(self.cells.items())])
        return hashlib.sha256(placed.encode()).hexdigest()


def read_grid(path: Path, tree: Tree) -> Grid:
    """Return the grid of `hexgrid.json`, checked against the units.

    Every leaf that is a place has one cell, nothing else has any, and no two share one: else a ward
    would be counted and never seen.

    Raises:
        ContestError: Naming the row, the unit and the cell.
    """
    text = read_text(path)
    rows = _Rows(text, path.name)
    try:
        pairs = json.loads(text, object_pairs_hook=lambda pairs: pairs)
    except json.JSONDecodeError as error:
        raise ContestError(f"valid JSON ({error.msg})", file=path.name, row=error.lineno) from error
    except (RecursionError, ValueError) as error:
        raise ContestError(f"valid JSON ({error})", file=path.name) from error
    top = dict(pairs) if _is_object(pairs) else {}
    cells, parity = top.get("cells"), top.get("shift_parity")
    if not isinstance(parity, int) or parity not in {0, 1}:
        raise rows.error("shift_parity", parity, "0 or 1: which rows stand half a cell further east")
    if not isinstance(cells, list) or not _is_object(cells):
        raise rows.error("cells", None, 'an object {"unit code": {"q": 0, "r": 0}, …}')
    found: dict[UnitCode, tuple[int, int]] = {}
    taken: dict[tuple[int, int], str] = {}
    for code, cell in cells:
        at = _cell(cell)
        if code not in tree:
            near = did_you_mean(code, [unit.code for unit in tree.leaves])
            raise rows.error(code, code, f"the code of a unit in units.csv{near}")
        if not tree.is_leaf(code) or not tree[code].place:
            raise rows.error(code, code, "a place with nothing below it: no other unit is on the map")
        if code in found:
            raise rows.error(code, code, "one cell for each unit", last=True)
        if at is None:
            raise rows.error(code, dict(cell) if _is_object(cell) else cell, "whole numbers q and r")
        if at in taken:
            expected = f"a cell of its own (“{taken[at]}” stands there too)"
            raise rows.error(code, f"q {at[0]}, r {at[1]}", expected)
        found[UnitCode(code)] = at
        taken[at] = code
    for unit in tree.leaves:
        if unit.place and unit.code not in found:
            raise rows.error("cells", None, f"a cell for “{unit.code}” {unit.full_name} too")
    return Grid(found, parity)


def _is_object(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(pair, tuple) for pair in value)


def _cell(value: object) -> tuple[int, int] | None:
    """Return (q, r), or None where the value is no cell within CELL_MAX."""
    if not isinstance(value, list) or not _is_object(value):
        return None
    cell = dict(value)
    q, r = cell.get("q"), cell.get("r")
    if type(q) is not int or type(r) is not int or max(abs(q), abs(r)) > CELL_MAX:
        return None
    return q, r


@dataclass(frozen=True)
class _Rows:
    """The text of the file, to find the row that an error is about."""

    text: str
    file: str

    def error(self, key: str, value: object, expected: str, *, last: bool = False) -> ContestError:
        quoted = json.dumps(key, ensure_ascii=False)
        at = self.text.rfind(quoted) if last else self.text.find(quoted)
        row = None if at < 0 else self.text.count("\n", 0, at) + 1
        return ContestError(expected, file=self.file, row=row, column=key, value=value)
