"""The straps of people as a workbook, to be filled in by an office and taken in again."""

import io
from collections.abc import Callable, Mapping

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from dashboard.exports.columns import YES
from dashboard.exports.rundown_xlsx import FONT
from dashboard.exports.strap_rows import COLUMNS, TITLES, StrapColumn, honorific_words, said
from dashboard.overlays.lower_third import Honorific
from dashboard.overlays.straps import STRAPS_MAX, Strap, StrapList

WIDTHS: Mapping[StrapColumn, int] = {
    "nth": 6, "honorific": 12, "name": 28, "title_1": 40, "title_2": 40, "title_3": 40, "capitals": 8, "note": 28,
}  # fmt: skip
"""In characters."""
LINE_PT = 15


def straps_xlsx(straps: StrapList, lang: str) -> bytes:
    """The workbook: the list, and how each column is filled in, with an example."""
    file = io.BytesIO()
    # A text that begins with "=" or "http" stays a text.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:

        def look(**more: object) -> Format:
            return book.add_format({"font_name": FONT, "font_size": 11, "valign": "top"} | more)

        head = look(bold=True, text_wrap=True, bg_color="#0E2A45", font_color="#FFFFFF", border=1)
        _people(book.add_worksheet(said(lang)["sheet_straps"]), straps, lang, look, head)
        _about(book.add_worksheet(said(lang)["sheet_about"]), lang, look, head)
    return file.getvalue()


def _people(sheet: Worksheet, straps: StrapList, lang: str, look: Callable[..., Format], head: Format) -> None:
    t, words = said(lang), honorific_words(lang)
    text, flag, number = look(text_wrap=True, num_format="@"), look(align="center"), look(align="right")
    formats = dict.fromkeys(COLUMNS, text) | {"nth": number, "capitals": flag}
    _page(sheet)
    sheet.freeze_panes(1, 3)
    sheet.set_row(0, 32)
    sheet.repeat_rows(0)
    for at, column in enumerate(COLUMNS):
        sheet.set_column(at, at, WIDTHS[column], formats[column])
        sheet.write_string(0, at, t[f"strap_column_{column}"], head)
    for column, choices in (("honorific", [word for word in words.values() if word]), ("capitals", [YES])):
        at = COLUMNS.index(column)
        rule = {"validate": "list", "source": choices, "error_type": "warning"}
        sheet.data_validation(1, at, STRAPS_MAX, at, rule)
    for row, strap in enumerate(straps.straps, start=1):
        sheet.set_row(row, LINE_PT * _lines(strap))
        cells = _cells(strap, words)
        sheet.write_number(row, 0, row, number)
        for at, column in enumerate(COLUMNS):
            if column in cells:
                sheet.write_string(row, at, cells[column], formats[column])


def _cells(strap: Strap, words: Mapping[Honorific, str]) -> Mapping[StrapColumn, str]:
    cells: dict[StrapColumn, str] = {
        "honorific": words[strap.honorific], "name": strap.name, "note": strap.note,
        "capitals": YES if strap.capitals else "",
    }  # fmt: skip
    return cells | dict(zip(TITLES, strap.titles, strict=False))


def _lines(strap: Strap) -> int:
    """Of a row; not every program fits a row to its text by itself."""
    texts = [(strap.name, WIDTHS["name"]), (strap.note, WIDTHS["note"])]
    texts += [(title, WIDTHS["title_1"]) for title in strap.titles]
    return max(1 + len(text) // width for text, width in texts)


def _about(sheet: Worksheet, lang: str, look: Callable[..., Format], head: Format) -> None:
    """How each column is filled in, beside an example."""
    t, wrapped = said(lang), look(text_wrap=True)
    _page(sheet)
    sheet.set_column(0, 0, 16, wrapped)
    sheet.set_column(1, 1, 80, wrapped)
    sheet.set_column(2, 2, 44, wrapped)
    sheet.write_string(0, 0, t["strap_about"], head)
    sheet.write_blank(0, 1, None, head)
    sheet.write_string(0, 2, t["strap_example"], head)
    for row, column in enumerate(COLUMNS, start=1):
        sheet.set_row(row, LINE_PT * (1 + len(t[f"strap_about_{column}"]) // 76))
        sheet.write_string(row, 0, t[f"strap_column_{column}"], head)
        sheet.write_string(row, 1, t[f"strap_about_{column}"], wrapped)
        sheet.write_string(row, 2, t[f"strap_example_{column}"], wrapped)


def _page(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
