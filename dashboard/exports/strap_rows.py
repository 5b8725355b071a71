"""Straps of people from the cells of a workbook: what each row says, and what is wrong with it, by row and column."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, get_args

from dashboard.exports.columns import YES, plain
from dashboard.exports.rundown_rows import FAULTS_MAX, FOUND_CHARS_MAX, HEAD_ROWS_MAX, NOES, YESES, RowFault, row_of
from dashboard.exports.workbook import NOTHING, Cell, Sheet, text_of
from dashboard.overlays.lower_third import TITLES_MAX, Honorific
from dashboard.overlays.straps import STRAPS_MAX, Fault, StrapList, StrapText, faults_of, tidy, twice, unseen_in
from dashboard.words.words import LANGS, read_texts, texts

StrapColumn = Literal["nth", "honorific", "name", "title_1", "title_2", "title_3", "capitals", "note"]
COLUMNS: tuple[StrapColumn, ...] = get_args(StrapColumn)
OPTIONAL: tuple[StrapColumn, ...] = ("capitals",)
"""What a workbook of the office's own may leave out; who was in the list keeps what was there."""
TITLES: tuple[StrapColumn, ...] = ("title_1", "title_2", "title_3")
HONORIFICS: tuple[Honorific, ...] = get_args(Honorific)
SHORT: Mapping[str, Honorific] = {"đ/c": "dong-chi", "đ.c": "dong-chi", "đc": "dong-chi"}
"""What offices write for them beside the words themselves."""
NTH_MAX = 100_000

_TITLE_COLUMN = re.compile(r"(?:chức danh|title)\s*\d+")


class NoStraps(Exception):  # noqa: N818 - what is said of a file
    """A workbook without a sheet that has these heads; ``lacks`` are those that were missing in the best one."""

    def __init__(self, lacks: Sequence[str]) -> None:
        self.lacks = lacks
        super().__init__(", ".join(lacks))


@dataclass
class StrapsRead:
    """What was read: everybody without a fault, in the order of the rows; the row of each; and the faults."""

    texts: list[StrapText] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)


@cache
def said(lang: str) -> Mapping[str, str]:
    """The texts of workbooks of straps."""
    return {**texts(lang), **read_texts("files", lang), **read_texts("straps", lang)}


def honorific_words(lang: str) -> Mapping[Honorific, str]:
    """How each is written, "" for none."""
    found = ((it, said(lang)[f"honorific_{it.replace('-', '_')}"]) for it in HONORIFICS if it)
    return {"": "", **dict(found)}


def read_straps(sheets: Iterable[Sheet], now: StrapList, lang: str) -> StrapsRead:
    """What a workbook says; columns are named in a language. ``now`` is the list that is there.

    Raises:
        NoStraps: If none of its sheets has the heads.
    """
    sheet, head_row, columns, extra = _found(list(sheets))
    read = StrapsRead()
    formulas = [cell for cell in sheet.formulas if row_of(cell) > head_row]
    read.faults += [
        RowFault(row_of(cell), cell.rstrip("0123456789"), "formula", cell, "a value, no formula") for cell in formulas
    ]
    names = _Names(lang, extra)
    known = {plain(each.name): each.capitals for each in now.straps}
    last = 0
    for number, row in enumerate(sheet.rows[head_row:], start=head_row + 1):
        cells = {column: row[at] if at < len(row) else NOTHING for column, at in columns.items()}
        further = {at: text_of(row[at]) for at in extra if at < len(row) and tidy(text_of(row[at]))}
        if not further and all(not tidy(text_of(cell)) for column, cell in cells.items() if column != "nth"):
            continue
        if len(read.texts) >= STRAPS_MAX or len(read.faults) >= FAULTS_MAX:
            if len(read.texts) >= STRAPS_MAX:
                read.faults.append(RowFault(number, "", "too_many_straps", "", f"at most {STRAPS_MAX} people"))
            break
        nth, wrong = _nth(cells["nth"], last)
        text, more = _text(cells, known)
        found = [*([wrong] if wrong else []), *more]
        found += [(at, "fourth_title", title, f"at most {TITLES_MAX} lines of titles") for at, title in further.items()]
        if text is not None:
            found += [(_column(each, text, cells), *each[1:]) for each in faults_of(text)]
            if not found and (other := twice(text, read.texts)) is not None:
                where = read.rows[read.texts.index(other)]
                expected = f"a name that row {where} does not have, or notes that tell the two apart"
                found.append(("name", "strap_twice", f"{where}", expected))
        last = nth or last
        if found or text is None:
            read.faults += [names.fault(number, *each) for each in found]
            continue
        read.texts.append(text)
        read.rows.append(number)
    read.faults = read.faults[:FAULTS_MAX]
    return read


_Found = tuple[StrapColumn | int, str, str, str]
"""A fault of a row: the column, or where one stands that we do not know; the code; what was found and expected."""


@dataclass(frozen=True)
class _Names:
    lang: str
    extra: Mapping[int, str]

    def fault(self, row: int, column: StrapColumn | int, code: str, found: str, expected: str) -> RowFault:
        called = self.extra[column] if isinstance(column, int) else said(self.lang)[f"strap_column_{column}"]
        return RowFault(row, called, code, found[:FOUND_CHARS_MAX], expected)


def _text(cells: Mapping[StrapColumn, Cell], known: Mapping[str, bool]) -> tuple[StrapText | None, list[_Found]]:
    """The strap of a row, None with its faults where it cannot be read."""
    found: list[_Found] = []
    called = plain(text_of(cells["honorific"]))
    honorific = _honorifics().get(called)
    if honorific is None:
        words = ", ".join(word for word in honorific_words(LANGS[0]).values() if word)
        found.append(("honorific", "honorific", text_of(cells["honorific"]), f"one of {words}, or nothing"))
    name = text_of(cells["name"])
    capitals = known.get(plain(tidy(name)), False)
    if "capitals" in cells:
        flag = plain(text_of(cells["capitals"]))
        capitals = flag in YESES
        if flag not in YESES | NOES:
            found.append(("capitals", "capitals", flag, f"“{YES}”, or nothing"))
    if honorific is None or found:
        return None, found
    # Offices break a line within a cell where a title ends.
    titles = tuple(line for column in TITLES for line in text_of(cells[column]).splitlines())
    made = StrapText(
        honorific=honorific, name=name, titles=titles, capitals=capitals, note=text_of(cells["note"])
    )  # fmt: skip
    return made.tidied(), []


def _nth(cell: Cell, last: int) -> tuple[int | None, _Found | None]:
    """The number of a row, which only says that the rows stand in order."""
    said_ = text_of(cell).strip().rstrip(".")
    if not said_:
        return None, None
    number = int(said_) if said_.isascii() and said_.isdigit() and len(said_) <= 6 else 0
    if not last < number <= NTH_MAX:
        return None, ("nth", "nth", said_, f"a whole number above {last}, or nothing")
    return number, None


def _column(fault: Fault, text: StrapText, cells: Mapping[StrapColumn, Cell]) -> StrapColumn:
    """The column of what is wrong with a strap; of titles, that of the one that is wrong."""
    if fault.field != "titles":
        return "name" if fault.field == "name" else "note"
    stands = [column for column in TITLES for line in text_of(cells[column]).splitlines() if tidy(line)]
    wrong = (column for column, title in zip(stands, text.titles, strict=True) if title == fault.found)
    if fault.code == "unseen":
        wrong = (column for column, title in zip(stands, text.titles, strict=True) if unseen_in(title) == fault.found)
    return next(wrong, TITLES[-1])


@cache
def _honorifics() -> Mapping[str, Honorific]:
    return {
        **SHORT,
        **{plain(word): it for lang in LANGS for it, word in honorific_words(lang).items()},
    }


@cache
def _heads() -> Mapping[str, StrapColumn]:
    return {plain(said(lang)[f"strap_column_{column}"]): column for lang in LANGS for column in COLUMNS}


def _found(sheets: Sequence[Sheet]) -> tuple[Sheet, int, Mapping[StrapColumn, int], Mapping[int, str]]:
    """The sheet with the heads, the number of their row, where each stands, and heads of further titles."""
    best: Mapping[StrapColumn, int] = {}
    for sheet in sheets:
        for number, row in enumerate(sheet.rows[:HEAD_ROWS_MAX], start=1):
            columns = dict(_columns(row))
            if columns.keys() >= {*COLUMNS} - {*OPTIONAL}:
                heads = {at: tidy(text_of(cell)) for at, cell in enumerate(row)}
                known = {*columns.values()}
                extra = {
                    at: head for at, head in heads.items() if at not in known and _TITLE_COLUMN.fullmatch(plain(head))
                }
                return sheet, number, columns, extra
            best = columns if len(columns) > len(best) else best
    lacks = [column for column in COLUMNS if column not in best and column not in OPTIONAL]
    raise NoStraps([said(LANGS[0])[f"strap_column_{column}"] for column in lacks])


def _columns(row: Sequence[Cell]) -> Iterator[tuple[StrapColumn, int]]:
    """The columns of a row of heads, each where it stands first."""
    seen: set[StrapColumn] = set()
    for at, cell in enumerate(row):
        column = _heads().get(plain(tidy(text_of(cell))))
        if column is not None and column not in seen:
            seen.add(column)
            yield column, at
