"""The CSV of units, as spreadsheets of any regional settings save it: divided by commas, semicolons or tabs."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from streaming.contests.text import clean, did_you_mean, fault_in, read_text
from streaming.contests.units import TARGET_MAX, UNITS_MAX, Fault, Unit, UnitCode, contest_error, tree_faults
from streaming.errors import ContestError

CODE_CHARS_MAX = 32
NAME_CHARS_MAX = 100
SHORT_NAME_CHARS_MAX = 24
"""A longer one would not fit on one line of a list, which is what it is for."""
POPULATION_MAX = 999_999_999

_COLUMNS = ("code", "parent", "kind", "name", "full_name", "target", "place")
_COLUMNS_OPTIONAL = ("name_en", "short_name", "short_name_en", "population")
_SEPARATORS = ",;\t"
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_PLACE = {"": True, "true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class _Row:
    """A row that is not blank: its number as an editor counts, and its cells by column."""

    number: int
    cells: dict[str, str]


def read_units_csv(path: Path) -> tuple[Unit, ...]:
    """Return the units of a CSV in its order, names in NFC.

    Columns: code, parent, kind, name, full_name, target, place, and optionally name_en, short_name, short_name_en and
    population, in any order; an empty target means none, an empty place means true.

    Raises:
        ContestError: Naming row, column, value and what was expected of the first fault.
    """
    rows = _read_rows(path)
    faults: list[Fault] = []
    units = [_unit(index, row.cells, faults) for index, row in enumerate(rows)]
    numbers = [row.number for row in rows]
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
    for row in _read_rows(path):
        text = row.cells.get("population", "").strip()
        if not text:
            continue
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:12]) <= POPULATION_MAX):
            expected = f"nothing, or a whole number from 1 to {POPULATION_MAX} without dots"
            raise ContestError(expected, file=path.name, row=row.number, column="population", value=text)
        found[row.cells["code"].strip()] = int(text)
    return found


def rows_of(path: Path) -> dict[str, int]:
    """Return the row of each unit in its CSV by code, for what shows only later."""
    return {row.cells["code"].strip(): row.number for row in _read_rows(path)}


def _read_rows(path: Path) -> list[_Row]:
    """Return each row below the header that is not blank."""
    text = read_text(path)
    rows: list[_Row] = []
    header: list[str] = []
    for number, cells in _cells(text, path.name):
        if not any(cell.strip() for cell in cells):
            continue
        if not header:
            header = _header(cells, path.name, number)
            continue
        if len(cells) != len(header):
            expected = f"{len(header)} cells as in the header (write a name with a comma in quotes)"
            raise ContestError(expected, file=path.name, row=number, value=f"{len(cells)} cells")
        for name, cell in zip(header, cells, strict=True):
            # A spreadsheet saves the columns beside the table that were once touched.
            if not name and cell.strip():
                raise ContestError("nothing in a column without a name", file=path.name, row=number, value=cell)
        rows.append(_Row(number, dict(zip(header, cells, strict=True))))
        if len(rows) > UNITS_MAX:
            raise ContestError(f"at most {UNITS_MAX} units in one contest", file=path.name, row=number)
    if not header:
        raise ContestError(f"a header: {','.join(_COLUMNS)}", file=path.name, row=1)
    return rows


def _cells(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of every row."""
    lines = io.StringIO(text, newline="")
    skipped = 0
    if told := re.match(r"sep=([,;\t])\r?\n", text):  # What some spreadsheets write to each other.
        separator, skipped = told[1], 1
        lines.readline()
    else:
        separator = _separator(text)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    row = skipped + 1
    try:
        for cells in reader:
            yield row, cells
            row = skipped + reader.line_num + 1
    except csv.Error as error:
        raise ContestError(f"a readable CSV row ({error})", file=file, row=row) from error


def _separator(text: str) -> str:
    """Return what divides the header, the first line with a letter in it; in Viet Nam spreadsheets write semicolons."""
    header = next((line for line in text.splitlines() if any(char.isalpha() for char in line)), "")
    return max(_SEPARATORS, key=header.count)  # The first of them, the comma, where there is none at all.


def _header(cells: list[str], file: str, row: int) -> list[str]:
    header = [cell.strip() for cell in cells]
    known = (*_COLUMNS, *_COLUMNS_OPTIONAL)
    for name in filter(None, header):
        if name not in known:
            expected = f"one of the columns {', '.join(known)}{did_you_mean(name, known)}"
            raise ContestError(expected, file=file, row=row, column=name, value=name)
        if header.count(name) > 1:
            raise ContestError("each column once", file=file, row=row, column=name, value=name)
    for name in _COLUMNS:
        if name not in header:
            raise ContestError("this column in the header", file=file, row=row, column=name)
    return header


def _unit(index: int, cells: dict[str, str], faults: list[Fault]) -> Unit:
    """Return the unit of a row; what is wrong with its cells goes to `faults`."""

    def name(column: str, chars_max: int = NAME_CHARS_MAX) -> str:
        fault = fault_in(cells[column], chars_max)
        if fault is not None:
            faults.append(Fault(index, column, cells[column], fault))
        return clean(cells[column])

    def short(column: str) -> str | msgspec.UnsetType:
        return name(column, SHORT_NAME_CHARS_MAX) if cells.get(column, "").strip() else msgspec.UNSET

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
        short_name=short("short_name"),
        short_name_en=short("short_name_en"),
    )
