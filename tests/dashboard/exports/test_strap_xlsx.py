"""Lists of straps as workbooks: out and in again the same, and what is wrong is told by row and column."""

import io
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from dashboard.exports.strap_rows import COLUMNS, NoStraps, StrapsRead, read_straps, said
from dashboard.exports.strap_xlsx import straps_xlsx
from dashboard.exports.workbook import told
from dashboard.overlays.straps import STRAPS_MAX, Strap, StrapList, StrapText
from dashboard.words.words import LANGS
from tests.worlds.workbooks import foreign

HEADS = [said("vi")[f"strap_column_{column}"] for column in COLUMNS]
PEOPLE = StrapList(7, (
    Strap(id="a", version=7, honorific="dong-chi", name="Nguyễn Văn A", titles=("Ủy viên", "=1+1", "Trưởng ban")),
    Strap(id="b", version=7, honorific="em", name="Trần Thị B", capitals=True, note="Giải nhất"),
    Strap(id="c", version=7, name="Ờ" * 80, titles=("Ờ" * 120,)),
))  # fmt: skip


def sheet(*rows: list[Any], heads: list[str] = HEADS) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        made = book.add_worksheet("Danh sách")
        for number, row in enumerate([heads, *rows]):
            made.write_row(number, 0, row)
    return file.getvalue()


def read(body: bytes, now: StrapList = PEOPLE) -> StrapsRead:
    return read_straps(told(body).sheets, now, "vi")


def codes(body: bytes) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.code) for fault in read(body).faults]


@pytest.mark.parametrize("lang", LANGS)
def test_a_list_comes_in_as_it_went_out(lang: str) -> None:
    found = read(straps_xlsx(PEOPLE, lang), StrapList())
    expected = [
        StrapText(**{name: getattr(each, name) for name in StrapText.__struct_fields__}) for each in PEOPLE.straps
    ]
    assert (found.texts, found.rows, found.faults) == (expected, [2, 3, 4], [])
    assert read(straps_xlsx(StrapList(), lang), StrapList()) == StrapsRead()


def test_what_offices_write_is_understood() -> None:
    found = read(
        sheet(
            [1, "Đ/c", " Nguyễn\u00a0Văn  A", "Ủy viên\nPhó Chủ tịch", "Trưởng ban"],
            ["", "", ""],
            ["2.", "bà", "Trần Thị B", "", "", "Giám đốc"],
            heads=[head for head in HEADS if head != "Viết hoa"],
        )
    )
    assert found.faults == []
    assert found.texts == [
        StrapText(honorific="dong-chi", name="Nguyễn Văn A", titles=("Ủy viên", "Phó Chủ tịch", "Trưởng ban")),
        # Whoever was in capitals stays so where the workbook does not tell.
        StrapText(honorific="ba", name="Trần Thị B", titles=("Giám đốc",), capitals=True),
    ]


def test_faults_are_told_by_row_and_column_and_keep_nobody_else_out() -> None:
    body = sheet(
        [1, "Ngài", "A"],
        [2, "", "Ờ" * 81, "", "Ờ" * 121],
        [3, "", "Lê Văn C", "một\nhai", "ba", "bốn"],
        [4, "", "Phạm D\u200b", "", "", "", "có lẽ"],
        [4, "", "Phạm D"],
        ["", "", "", "Giám đốc"],
        [5, "", "Phạm E", "", "", "", "", "", "dòng bốn"],
        [6, "", "Phạm G"],
        [7, "", "phạm g"],
        heads=[*HEADS, "Chức danh 4"],
    )
    assert codes(body) == [
        (2, "Xưng hô", "honorific"), (3, "Họ và tên", "strap_name"), (3, "Chức danh 2", "strap_title"),
        (4, "Chức danh 3", "fourth_title"), (5, "Viết hoa", "capitals"), (6, "STT", "nth"),
        (7, "Họ và tên", "strap_name"), (8, "Chức danh 4", "fourth_title"), (10, "Họ và tên", "strap_twice"),
    ]  # fmt: skip
    assert [each.name for each in read(body).texts] == ["Phạm G"]


def test_a_list_that_is_none_or_too_long_is_told() -> None:
    with pytest.raises(NoStraps) as lacks:
        read(sheet(heads=["STT", "Họ và tên", "Chức danh 1"]))
    assert lacks.value.lacks == ["Xưng hô", "Chức danh 2", "Chức danh 3", "Ghi chú"]
    with pytest.raises(NoStraps):
        read(foreign())
    many = read(sheet(*([number, "", f"Người {number}"] for number in range(1, STRAPS_MAX + 30))))
    assert (len(many.texts), [fault.code for fault in many.faults]) == (STRAPS_MAX, ["too_many_straps"])
    formula = sheet([1, "", "=UPPER(B1)"])
    assert codes(formula)[0] == (2, "C", "formula")
