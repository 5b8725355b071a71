"""The sheet of all connection points as a workbook: a line for each, with what opens it and the message to paste."""

import io

import xlsxwriter  # type: ignore[import-untyped]

from dashboard.exports.rundown_xlsx import FONT
from dashboard.point_sheet import PointSheet, said

WIDTHS = {
    "nth": 6, "unit": 34, "unit_code": 12, "above": 30, "link": 60, "address": 46, "code": 12, "message": 90,
}  # fmt: skip
"""The columns, by the keys of their heads, in characters."""


def point_sheet_xlsx(sheet: PointSheet) -> bytes:
    """The workbook."""
    file, t = io.BytesIO(), said(sheet.lang)
    # A text that begins with "=" or "http" stays a text.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        plain = {"font_name": FONT, "font_size": 11, "valign": "top", "num_format": "@"}
        text, wrapped = book.add_format(plain), book.add_format(plain | {"text_wrap": True})
        strong = book.add_format(plain | {"bold": True})
        number = book.add_format(plain | {"num_format": "0"})
        code = book.add_format(plain | {"font_name": "Consolas", "bold": True})
        head = book.add_format(
            plain | {"bold": True, "text_wrap": True, "bg_color": "#0E2A45", "font_color": "#FFFFFF", "border": 1}
        )
        page = book.add_worksheet(t["sheet_list"])
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.freeze_panes(1, 2)
        page.repeat_rows(0)
        for at, (column, width) in enumerate(WIDTHS.items()):
            page.set_column(at, at, width)
            page.write_string(0, at, t[f"sheet_{column}"], head)
        page.autofilter(0, 0, len(sheet.lines), len(WIDTHS) - 1)
        for row, line in enumerate(sheet.lines, start=1):
            page.write_number(row, 0, line.nth, number)
            name = strong if line.is_head else text
            cells = (
                (line.name, name), (line.unit, text), (line.above, text), (line.link, text), (line.address, text),
                (line.code or t["sheet_revoked"], code), (line.message, wrapped),
            )  # fmt: skip
            for at, (said_, look) in enumerate(cells, start=1):
                page.write_string(row, at, said_, look)
            # One line: the message is copied, not read here.
            page.set_row(row, 15)
    return file.getvalue()
