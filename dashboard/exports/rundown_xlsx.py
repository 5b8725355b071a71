"""A rundown as a workbook, to be edited in an office and taken in again."""

import io
from collections.abc import Callable
from datetime import timedelta

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from dashboard.edition import Edition
from dashboard.exports.columns import (
    BETWEEN,
    COLUMNS,
    FLAGS,
    SPANS,
    WIDTHS,
    YES,
    Column,
    local,
    said,
    scene_titles,
)
from dashboard.exports.settings_text import written
from streaming.program.rundown import ITEMS_MAX, Item, Rundown

LINE_PT, HEIGHT_PT_MAX = 15, 400
"""Of a row; not every program fits a row to its text by itself."""
TIME, SPAN, DAY = "hh:mm:ss", "[h]:mm:ss", "dd/mm/yyyy"
FONT = "Arial"


def rundown_xlsx(rundown: Rundown, edition: Edition, now_ms: int) -> bytes:
    """The workbook. ``now_ms`` gives the day of the evening where no item has a time."""
    file = io.BytesIO()
    # A text that begins with "=" or "http" stays a text.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"title": edition.contest.title, "subject": said(edition.lang)["sheet_rundown"]})

        def look(**more: object) -> Format:
            return book.add_format({"font_name": FONT, "font_size": 11, "valign": "top"} | more)

        head = look(bold=True, text_wrap=True, bg_color="#0E2A45", font_color="#FFFFFF", border=1)
        _items(book.add_worksheet(said(edition.lang)["sheet_rundown"]), rundown, edition, look, head)
        _about(book.add_worksheet(said(edition.lang)["sheet_about"]), rundown, edition, now_ms, look, head)
    return file.getvalue()


def _items(sheet: Worksheet, rundown: Rundown, edition: Edition, look: Callable[..., Format], head: Format) -> None:
    t, titles = said(edition.lang), scene_titles(edition)
    text, time, span, flag = (
        look(text_wrap=True, num_format="@"), look(num_format=TIME), look(num_format=SPAN), look(align="center")
    )  # fmt: skip
    formats: dict[Column, Format] = dict.fromkeys(COLUMNS, text) | {"at_ms": time}
    formats |= dict.fromkeys(SPANS, span) | dict.fromkeys(FLAGS, flag)
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, WIDTHS[column], formats[column])
        sheet.write_string(0, at, t[f"column_{column}"], head)
    sheet.freeze_panes(1, 2)
    sheet.set_row(0, 32)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    last = ITEMS_MAX + 1
    for column in FLAGS:
        at = COLUMNS.index(column)
        sheet.data_validation(1, at, last, at, {"validate": "list", "source": [YES], "error_type": "warning"})
    for row, item in enumerate(rundown.items, start=1):
        sheet.set_row(row, _height(*((getattr(item, name), WIDTHS[name]) for name in ("title", "say", "note"))))
        for at, column in enumerate(COLUMNS):
            called = titles.get(item.scene or "", item.scene or "")
            _cell(sheet, row, at, column, item, edition, called, formats[column])


def _cell(
    sheet: Worksheet, row: int, at: int, column: Column, item: Item, edition: Edition, scene: str, look: Format
) -> None:
    match column:
        case "at_ms":
            if item.at_ms is not None:
                sheet.write_datetime(row, at, local(item.at_ms, edition.contest.timezone), look)
        case "duration_s" | "advance_s":
            if (seconds := getattr(item, column)) is not None:
                sheet.write_datetime(row, at, timedelta(seconds=seconds), look)
        case "hold" | "skip" | "arm":
            if getattr(item, column):
                sheet.write_string(row, at, YES, look)
        case "scene":
            sheet.write_string(row, at, scene, look)
        case "settings":
            sheet.write_string(row, at, written(item.settings), look)
        case "unit":
            sheet.write_string(row, at, _unit(item.unit, edition), look)
        case _:
            sheet.write_string(row, at, getattr(item, column), look)


def _height(*texts: tuple[str, int]) -> int:
    """Of a row with these texts in columns of these widths."""
    lines = (sum(1 + len(line) // width for line in text.split("\n")) for text, width in texts)
    return min(HEIGHT_PT_MAX, LINE_PT * max(lines))


def _unit(code: str | None, edition: Edition) -> str:
    if code is None or code not in edition.tree:
        return code or ""
    return f"{code}{BETWEEN}{edition.words.full_name(edition.tree[code])}"


def _about(
    sheet: Worksheet, rundown: Rundown, edition: Edition, now_ms: int, look: Callable[..., Format], head: Format
) -> None:
    """The day of the evening, its end, and how each column is filled in."""
    t, zone = said(edition.lang), edition.contest.timezone
    plain, wrapped = look(), look(text_wrap=True)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_column(0, 0, 22, plain)
    sheet.set_column(1, 1, 90, wrapped)
    first = next((item.at_ms for item in rundown.items if item.at_ms is not None), rundown.ends_ms or now_ms)
    sheet.write_string(0, 0, t["about_day"], head)
    sheet.write_datetime(0, 1, local(first, zone).date(), look(num_format=DAY, align="left"))
    sheet.write_string(1, 0, t["about_ends"], head)
    if rundown.ends_ms is None:
        sheet.write_blank(1, 1, None, look(num_format=TIME, align="left"))
    else:
        sheet.write_datetime(1, 1, local(rundown.ends_ms, zone), look(num_format=TIME, align="left"))
    sheet.write_string(2, 0, t["about_zone"], head)
    sheet.write_string(2, 1, zone, plain)
    titles = ", ".join(scene_titles(edition).values())
    for row, column in enumerate(COLUMNS, start=4):
        text = t[f"about_{column}"].replace("{scenes}", titles)
        sheet.set_row(row, _height((text, 85)))
        sheet.write_string(row, 0, t[f"column_{column}"], head)
        sheet.write_string(row, 1, text, wrapped)
