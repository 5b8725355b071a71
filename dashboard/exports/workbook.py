"""Reads the cells of a workbook that comes from outside, in a process that can be killed.

A workbook is a ZIP of XML: a few kilobytes may unpack to the memory of the machine. So it is read apart, with bounds on
memory and processor time, and no more of it is told than a rundown or a list of straps may have.
"""

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

import msgspec
import python_calamine

from dashboard.apart import bound

ROWS_MAX = 560
"""Of a sheet: the longest list that comes so has 500 people, and a head."""
COLUMNS_MAX = 40
SHEETS_MAX = 8
NAME_CHARS_MAX = 31
"""Of a sheet's name, as the programs bound it that write workbooks."""
TEXT_CHARS_MAX = 6_000
"""Longest text of a cell that is told: longer than any that is allowed."""
CHARS_MAX = 4_000_000
"""Of all texts together."""
UNPACKED_BYTES_MAX = 64 * 1024 * 1024
PARTS_MAX = 2_000
FORMULAS_TOLD_MAX = 20
MEMORY_BYTES = 1024**3
CPU_S = 10
TOLD_BYTES_MAX = 32 * 1024 * 1024
"""More is not heard of the process: CHARS_MAX Vietnamese letters are 12 MB, all cells that are told 7 MB more."""

_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<(?:\w+:)?f[\s>/]')
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BEGINS = ((b"\xd0\xcf\x11\xe0", "XLS"), (b"%PDF", "PDF"), (b"{\\rtf", "RTF"), (b"<", "XML"), (b"MZ", "EXE"))


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    """A date, with a time unless it has none; as clocks show it, in ISO 8601."""

    at: str


class Span(msgspec.Struct, frozen=True, tag="span"):
    """A time of day, or how long something lasts."""

    ms: int


class Other(msgspec.Struct, frozen=True, tag="other"):
    """A text, a number, a yes or no, or nothing."""

    value: str | float | int | bool | None


Cell = Moment | Span | Other
NOTHING = Other(None)


class Sheet(msgspec.Struct, frozen=True):
    """A sheet: its first rows from the top left on, how many there are, and cells that are worked out."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    rows_total: int
    formulas: tuple[str, ...] = ()


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the process says: the sheets, or by a ``code`` why there are none."""

    sheets: tuple[Sheet, ...] = ()
    code: str = ""
    expected: str = ""
    found: str = ""


class NoWorkbook(Exception):  # noqa: N818 - what is said of a file
    """A file that holds no workbook that can be read."""

    def __init__(self, code: str, expected: str, found: str = "") -> None:
        self.told = Told(code=code, expected=expected, found=found)
        super().__init__(code)


def text_of(cell: Cell) -> str:
    """What stands in a cell, as a text."""
    match cell:
        case Moment(at=at):
            return at
        case Span(ms=ms):
            return str(timedelta(milliseconds=ms))
        case Other(value=None):
            return ""
        case Other(value=float() as number) if number.is_integer():
            return str(int(number))
        case Other(value=value):
            return str(value)


def told(body: bytes) -> Told:
    """What is in a file."""
    try:
        formulas = _formulas(body)
        with python_calamine.load_workbook(io.BytesIO(body)) as book:
            return Told(tuple(_sheets(book, formulas)))
    except NoWorkbook as error:
        return error.told
    except python_calamine.PasswordError:
        return Told(code="locked_workbook", expected="a workbook without a password")
    except (MemoryError, RecursionError):
        return Told(code="large_workbook", expected="a workbook that unpacks to less")
    except Exception as error:  # noqa: BLE001 - whatever a reader says of a file that is none
        return Told(code="broken_workbook", expected="a whole workbook (.xlsx)", found=type(error).__name__)


def _sheets(book: Any, formulas: dict[str, tuple[str, ...]]) -> Iterator[Sheet]:
    chars = 0
    for name in book.sheet_names[:SHEETS_MAX]:
        sheet = book.get_sheet_by_name(name)
        rows = []
        for row in sheet.to_python(skip_empty_area=False, nrows=ROWS_MAX):
            cells = tuple(_cell(value) for value in row[:COLUMNS_MAX])
            chars += sum(len(cell.value) for cell in cells if isinstance(cell, Other) and isinstance(cell.value, str))
            if chars > CHARS_MAX:
                raise NoWorkbook("large_workbook", f"at most {CHARS_MAX} characters")
            rows.append(cells)
        rows_total = 0 if sheet.end is None else sheet.end[0] + 1
        yield Sheet(name[:NAME_CHARS_MAX], tuple(rows), rows_total, formulas.get(name, ()))


def _cell(value: object) -> Cell:
    match value:
        case None | "":
            return NOTHING
        case str():
            return Other(value[:TEXT_CHARS_MAX])
        case bool() | int() | float():
            return Other(value)
        case datetime():
            return Moment(value.isoformat())
        case date():
            return Moment(value.isoformat())
        case time():
            return Span(round(_since_midnight(value).total_seconds() * 1000))
        case timedelta():
            return Span(round(value.total_seconds() * 1000))
    return Other(str(value)[:TEXT_CHARS_MAX])


def _since_midnight(value: time) -> timedelta:
    return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)


def _formulas(body: bytes) -> dict[str, tuple[str, ...]]:
    """The cells of each sheet that are worked out, by the sheet's name; calamine tells what they came to.

    Raises:
        NoWorkbook: If it is no workbook, or one that unpacks to too much.
    """
    if not zipfile.is_zipfile(io.BytesIO(body)):
        found = next((title for begins, title in _BEGINS if body.lstrip().startswith(begins)), "")
        raise NoWorkbook("no_workbook", "a workbook (.xlsx)", found or ("" if body else "0 B"))
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        sizes = [part.file_size for part in parts.infolist()]
        if len(sizes) > PARTS_MAX or sum(sizes) > UNPACKED_BYTES_MAX:
            raise NoWorkbook(
                "large_workbook",
                f"at most {UNPACKED_BYTES_MAX // 1024**2} MiB in {PARTS_MAX} parts unpacked",
                f"{sum(sizes) // 1024**2} MiB",
            )
        if "xl/workbook.xml" not in parts.namelist():
            raise NoWorkbook("no_workbook", "a workbook (.xlsx)", _kind(parts.namelist()))
        found_: dict[str, tuple[str, ...]] = {}
        for name, path in _paths(parts):
            cells = [cell.decode() for cell in _FORMULA.findall(_part(parts, path))]
            found_[name] = tuple(cells[:FORMULAS_TOLD_MAX])
        return found_


def _kind(names: list[str]) -> str:
    if any(name.startswith("word/") for name in names):
        return "DOCX"
    return "ODS" if "content.xml" in names else "ZIP"


def _paths(parts: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The sheets by their names, and where each stands."""
    related = {each.get("Id"): each.get("Target", "") for each in _xml(parts, "xl/_rels/workbook.xml.rels").iter()}
    for each in _xml(parts, "xl/workbook.xml").iter():
        target = related.get(each.get(_RELATED))
        if each.tag.endswith("}sheet") and target:
            path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
            if path in parts.namelist():
                yield each.get("name", ""), path


def _xml(parts: zipfile.ZipFile, name: str) -> ElementTree.Element:
    text = _part(parts, name)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise NoWorkbook("broken_workbook", "a workbook without entities")
    return ElementTree.fromstring(text)  # noqa: S314 - what may expand in it has just been refused


def _part(parts: zipfile.ZipFile, name: str) -> bytes:
    """A part, whose size in the list may be a lie."""
    with parts.open(name) as part:
        text = part.read(UNPACKED_BYTES_MAX + 1)
    if len(text) > UNPACKED_BYTES_MAX:
        raise NoWorkbook("large_workbook", f"at most {UNPACKED_BYTES_MAX // 1024**2} MiB unpacked")
    return text


def main() -> None:
    """Read a workbook from standard input, and say what is in it."""
    bound(MEMORY_BYTES, CPU_S)
    sys.stdout.buffer.write(msgspec.json.encode(told(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
