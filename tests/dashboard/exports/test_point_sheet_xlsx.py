"""The sheet of connection points as a workbook."""

import io

import python_calamine

from dashboard.exports.point_sheet_xlsx import WIDTHS, point_sheet_xlsx
from dashboard.exports.workbook import Other, told
from dashboard.point_sheet import said
from tests.worlds.point_sheets import a_sheet


def test_each_point_has_a_line_with_what_opens_it() -> None:
    sheet = a_sheet(revoked={"P1"})
    with python_calamine.load_workbook(io.BytesIO(point_sheet_xlsx(sheet))) as book:
        head, *rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert head == [said("vi")[f"sheet_{column}"] for column in WIDTHS]
    assert [row[1:] for row in rows] == [
        [line.name, line.unit, line.above, line.link, line.address, line.code or "đã thu hồi", line.message]
        for line in sheet.lines
    ]
    assert [row[0] for row in rows] == [line.nth for line in sheet.lines]


def test_what_looks_like_a_formula_stays_a_text() -> None:
    names = {"VN": '=HYPERLINK("http://evil.example","x")', "P1": "@SUM(1+1)", "P1D1": "+84 219", "P1D2": "http://x.vn"}
    read = told(point_sheet_xlsx(a_sheet(names=names, base="http://10.0.0.5")))
    (sheet,) = read.sheets
    assert sheet.formulas == ()
    found = {row[2]: row[1] for row in sheet.rows}
    assert {code: found[Other(code)] for code in names} == {code: Other(name) for code, name in names.items()}
    # A code of digits alone keeps its zeros.
    assert all(isinstance(cell, Other) and isinstance(cell.value or "", str) for row in sheet.rows for cell in row[1:])
