"""A rundown from the cells of a workbook: what each row says, and what is wrong with it, named by row and column."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

import msgspec

from dashboard.edition import Edition
from dashboard.exports.columns import (
    BETWEEN,
    COLUMNS,
    YES,
    Column,
    heads,
    instant,
    local,
    plain,
    said,
    scenes_called,
)
from dashboard.exports.settings_text import read
from dashboard.exports.workbook import NOTHING, Cell, Moment, Other, Sheet, Span, text_of
from dashboard.words.words import LANGS
from streaming.contests.units import UnitCode
from streaming.program.errors import WrongSteering
from streaming.program.rundown import ITEMS_MAX, Item, Rundown, check

HEAD_ROWS_MAX = 10
"""The head stands within the first rows: some offices put the name of the evening above it."""
FAULTS_MAX = 50
"""Faults that are told; a wrong workbook has one in every cell."""
YESES = frozenset({YES, "có", "co", "yes", "true", "1", "✓", "✔"})
NOES = frozenset({"", "không", "khong", "no", "false", "0", "-"})
FOUND_CHARS_MAX = 60


class RowFault(msgspec.Struct, frozen=True):
    """What is wrong with a cell: its ``row`` and ``column`` as the workbook shows them, ``code`` is what kind of thing
    was expected, for programs and for words of the page; a fault of the whole sheet has no column."""

    row: int
    column: str
    code: str
    found: str
    expected: str


class NoRundown(Exception):  # noqa: N818 - what is said of a file
    """A workbook without a sheet that has these heads; ``lacks`` are those that were missing in the best one."""

    def __init__(self, lacks: Sequence[str]) -> None:
        self.lacks = lacks
        super().__init__(", ".join(lacks))


class _Wrong(Exception):  # noqa: N818 - never leaves this file
    def __init__(self, expected: str, code: str | None = None) -> None:
        self.expected = expected
        self.code = code
        super().__init__(expected)


@dataclass
class RowsRead:
    """What was read: the rundown of all rows without a fault, the row of each item by its id, and the faults."""

    rundown: Rundown
    rows: Mapping[str, int]
    faults: list[RowFault] = field(default_factory=list)


@dataclass(frozen=True)
class Reader:
    """Reads rows. ``check_item`` is what the contest and the scenes have against an item, ``now`` the rundown that is
    there, whose end and day count where the workbook tells none."""

    editions: Sequence[Edition]
    lang: str
    now: Rundown
    now_ms: int
    check_item: Callable[[Item], None]

    def read(self, sheets: Iterable[Sheet]) -> RowsRead:
        """What a workbook says.

        Raises:
            NoRundown: If none of its sheets has the heads.
        """
        sheets = list(sheets)
        sheet, head_row, columns = _found(sheets)
        day, ends_ms = self._about([each for each in sheets if each is not sheet])
        faults = [self._formula(cell) for cell in sheet.formulas if row_of(cell) > head_row]
        items: list[Item] = []
        rows: dict[str, int] = {}
        if sheet.rows_total - head_row > ITEMS_MAX + HEAD_ROWS_MAX + 40:
            # More than were told; some may be empty, yet nobody fills in so many.
            n = sheet.rows_total - head_row
            faults.append(RowFault(head_row + ITEMS_MAX + 1, "", "too_many", str(n), f"at most {ITEMS_MAX} items"))
        for number, row in enumerate(sheet.rows[head_row:], start=head_row + 1):
            cells = {column: row[at] if at < len(row) else NOTHING for column, at in columns.items()}
            if all(text_of(cell).strip() == "" for cell in cells.values()):
                continue
            if len(items) + len(faults) >= ITEMS_MAX + FAULTS_MAX or len(items) >= ITEMS_MAX:
                faults.append(RowFault(number, "", "too_many", str(len(items) + 1), f"at most {ITEMS_MAX} items"))
                break
            found = list(self._item(cells, day, rows))
            faults += [
                RowFault(number, self._head(column), code, value[:FOUND_CHARS_MAX], expected)
                for column, code, value, expected in found
                if isinstance(column, str)
            ]
            for item in (each for each, *_ in found if isinstance(each, Item)):
                items.append(item)
                rows[item.id] = number
        return RowsRead(Rundown(tuple(items), ends_ms), rows, faults[:FAULTS_MAX])

    def _item(
        self, cells: Mapping[Column, Cell], day: date, rows: Mapping[str, int]
    ) -> Iterator[tuple[Column | Item, str, str, str]]:
        """The item of a row, else its faults as (column, code, found, expected)."""
        values: dict[str, Any] = {}
        is_good = True
        for column, cell in cells.items():
            try:
                values[column] = self._value(column, cell, day)
            except _Wrong as error:
                is_good = False
                yield column, error.code or column, text_of(cell), error.expected
        if not is_good:
            return
        item = Item(**values)
        if item.id in rows:
            yield "id", "twice", item.id, f"an id that row {rows[item.id]} does not have"
            return
        if wrong := list(_unfit(item)):
            yield from wrong
            return
        try:
            old = self.now.find(item.id)
            if item.at_ms is not None and item.at_ms < self.now_ms and (old is None or old.at_ms != item.at_ms):
                yield "at_ms", "past", text_of(cells["at_ms"]), "a time to come"
                return
            self.check_item(item)
        except WrongSteering as error:
            column = _column_of(error.field)
            yield column, column, error.value, error.expected
            return
        yield item, "", "", ""

    def _value(self, column: Column, cell: Cell, day: date) -> object:
        text = text_of(cell).strip()
        match column:
            case "at_ms":
                return self._at_ms(cell, day)
            case "duration_s" | "advance_s":
                return _seconds(cell)
            case "hold" | "skip" | "arm":
                return _flag(text)
            case "scene":
                return self._scene(text)
            case "unit":
                return self._unit(text)
            case "settings":
                try:
                    return read(text)
                except ValueError:
                    raise _Wrong("name=value, several with “;” between them") from None
            case "say" | "note":
                return text_of(cell).replace("\r\n", "\n").replace("\r", "\n")
        return " ".join(text.split())

    def _at_ms(self, cell: Cell, day: date) -> int | None:
        zone = self.editions[0].contest.timezone
        match cell:
            case Moment(at=at):
                return instant(_rounded(datetime.fromisoformat(at)), zone)
            case Span(ms=ms):
                return instant(datetime.combine(day, time()) + timedelta(milliseconds=ms), zone)
            case Other(value=str() as said_) if said_.strip():
                since_ms = _span_ms(said_.strip().replace("h", ":").replace("H", ":"))
                if since_ms is None or since_ms >= 24 * 3_600_000:
                    raise _Wrong("a time as 09:30:00")
                return instant(datetime.combine(day, time()) + timedelta(milliseconds=since_ms), zone)
            case Other(value=None) | Other(value=str()):
                return None
        raise _Wrong("a time as 09:30:00")

    def _scene(self, text: str) -> str | None:
        if not text:
            return None
        called = self._scenes
        if (name := called.get(plain(text))) is None:
            raise _Wrong(f"one of {', '.join(sorted(set(called.values())))}, or nothing")
        return name

    def _unit(self, text: str) -> str | None:
        tree = self.editions[0].tree
        code = text.partition(BETWEEN.strip())[0].strip()
        if not text or code in tree:
            return UnitCode(code) if code else None
        named: set[UnitCode] = self._named.get(plain(text), set())
        if len(named) != 1:
            raise _Wrong("the code of a unit of the contest, or a name that one alone has")
        return next(iter(named))

    # Once for all rows: a contest has thousands of units.

    @cached_property
    def _scenes(self) -> Mapping[str, str]:
        return scenes_called(self.editions)

    @cached_property
    def _named(self) -> Mapping[str, set[UnitCode]]:
        """The codes of units by their full names in every language, as ``plain`` writes these."""
        found = defaultdict[str, set[UnitCode]](set)
        for edition in self.editions:
            for unit in self.editions[0].tree:
                found[plain(edition.words.full_name(unit))].add(unit.code)
        return found

    def _about(self, sheets: Iterable[Sheet]) -> tuple[date, int | None]:
        """The day of the evening, and its end."""
        t = [said(lang) for lang in LANGS]
        zone = self.editions[0].contest.timezone
        first = next((item.at_ms for item in self.now.items if item.at_ms is not None), self.now.ends_ms or self.now_ms)
        day, ends_ms = local(first, zone).date(), self.now.ends_ms
        labelled = [(plain(text_of(row[0])), row[1]) for sheet in sheets for row in sheet.rows if len(row) > 1]
        for label, cell in labelled:
            if label in {plain(each["about_day"]) for each in t} and isinstance(cell, Moment):
                day = datetime.fromisoformat(cell.at).date()
        for label, cell in labelled:
            if label in {plain(each["about_ends"]) for each in t}:
                try:
                    ends_ms = self._at_ms(cell, day)
                except _Wrong:
                    continue
        return day, ends_ms

    def _formula(self, cell: str) -> RowFault:
        letters = cell.rstrip("0123456789")
        return RowFault(row_of(cell), letters, "formula", cell, "a value, no formula")

    def _head(self, column: str) -> str:
        return said(self.lang)[f"column_{column}"]


def _found(sheets: Iterable[Sheet]) -> tuple[Sheet, int, Mapping[Column, int]]:
    """The sheet with the heads, the number of their row, and where each stands."""
    best: Mapping[Column, int] = {}
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:HEAD_ROWS_MAX], start=1):
            columns: dict[Column, int] = {}
            for at, cell in enumerate(row):
                if (column := heads().get(plain(text_of(cell)))) is not None:
                    columns.setdefault(column, at)
            if columns.keys() >= set(COLUMNS):
                return sheet, number, columns
            best = columns if len(columns) > len(best) else best
    raise NoRundown([said(LANGS[0])[f"column_{column}"] for column in COLUMNS if column not in best])


def _unfit(item: Item) -> Iterator[tuple[Column, str, str, str]]:
    """Every field of an item that cannot be in any contest; ``check`` alone would tell the first."""
    for column in ("id", "title", "say", "note", "at_ms", "duration_s", "advance_s"):
        try:
            check(Rundown((Item(**({"id": "x", "title": "x"} | {column: getattr(item, column)})),)))
        except WrongSteering as error:
            yield _column_of(error.field), _column_of(error.field), error.value, error.expected


def row_of(cell: str) -> int:
    """The row of a cell, "B12"."""
    return int("".join(char for char in cell if char.isdigit()))


def _column_of(where: str) -> Column:
    """The column of a field that is named, "items[0].settings.lead"."""
    name = where.partition("].")[2].partition(".")[0]
    return next((column for column in COLUMNS if column == name), "id")


def _flag(text: str) -> bool:
    said_ = plain(text)
    if said_ not in YESES | NOES:
        raise _Wrong(f"“{YES}”, or nothing")
    return said_ in YESES


def _seconds(cell: Cell) -> int | None:
    match cell:
        case Span(ms=ms):
            return round(ms / 1000)
        case Other(value=None):
            return None
        case Other(value=str() as said_):
            if not said_.strip():
                return None
            if (span_ms := _span_ms(said_.strip())) is not None:
                return span_ms // 1000
        case Moment(at=at):
            # Some programs write a length of time as one since the beginning of their calendar.
            since = datetime.fromisoformat(at) - datetime(1899, 12, 31)  # noqa: DTZ001 - no zone has a part in it
            if timedelta() <= since < timedelta(days=2):
                return round(since.total_seconds())
    raise _Wrong("hours, minutes and seconds as 0:05:00")


def _span_ms(text: str) -> int | None:
    """ "9:30", "09:30:15" in ms."""
    parts = text.split(":")
    if not (2 <= len(parts) <= 3 and all(part.isascii() and part.isdigit() and len(part) <= 3 for part in parts)):
        return None
    hours, minutes, seconds = (*map(int, parts), 0)[:3]
    return None if minutes > 59 or seconds > 59 else ((hours * 60 + minutes) * 60 + seconds) * 1000


def _rounded(at: datetime) -> datetime:
    """A workbook counts days; a second comes out of that a hair off."""
    at += timedelta(microseconds=500)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)
