"""The CSV of units: what is refused with which words, and whatever a spreadsheet saves is read."""

from pathlib import Path

import msgspec
import pytest

from streaming.contests.units import UNITS_MAX, Unit
from streaming.contests.units_csv import SHORT_NAME_CHARS_MAX, read_units_csv, rows_of
from streaming.errors import ContestError

HEADER = "code,parent,kind,name,full_name,target,place\n"
GOOD = HEADER + "02,,tỉnh,Hà Giang,Tỉnh Hà Giang,,true\n024,02,thành phố,Hà Giang,Thành phố Hà Giang,,true\n"


def read(folder: Path, text: str | bytes) -> tuple[Unit, ...]:
    path = folder / "units.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_units_csv(path)


FAULTS = [
    (
        "unknown parent, with the near one",
        GOOD + "00688,0024,phường,A,Phường A,,\n",
        "units.csv, row 4, column parent: found “0024”, expected the code of a unit of this list (did you mean “024”?)",
    ),
    (
        "second root",
        GOOD + "04,,tỉnh,Cao Bằng,Tỉnh Cao Bằng,,\n",
        "units.csv, row 4, column parent: found “04”, expected a parent: the root is “02” already",
    ),
    (
        "no root",
        HEADER + "1,2,xã,A,Xã A,,\n2,1,xã,B,Xã B,,\n",
        "units.csv, row 2, column parent: expected one unit without a parent, the root (and 1 more)",
    ),
    (
        "cycle",
        GOOD + "1,3,xã,A,Xã A,,\n2,1,xã,B,Xã B,,\n3,2,xã,C,Xã C,,\n",
        "units.csv, row 4, column parent: found “3”, expected parents that end at the root, no cycle (1 → 3 → 2 → 1)",
    ),
    (
        "its own parent",
        GOOD + "1,1,xã,A,Xã A,,\n",
        "units.csv, row 4, column parent: found “1”, expected parents that end at the root, no cycle (1 → 1)",
    ),
    (
        "doubled code",
        GOOD + "024,02,huyện,B,Huyện B,,\n",
        "units.csv, row 4, column code: found “024”, expected a code used once (row 3 has it too)",
    ),
    (
        "target that is no number",
        GOOD + "1,02,xã,A,Xã A,nhiều,\n",
        (
            "units.csv, row 4, column target: found “nhiều”, expected nothing, or a whole number"
            " from 1 to 999999999 without dots"
        ),
    ),
    (
        "place under what is none",
        GOOD + "CQ,02,khối,CQ,Khối CQ,,false\n1,CQ,xã,A,Xã A,,true\n",
        "units.csv, row 5, column place: found “true”, expected false, as its parent “CQ” is no place",
    ),
    (
        "a root that is no place",
        HEADER + "02,,tỉnh,A,Tỉnh A,,false\n",
        "units.csv, row 2, column place: found “false”, expected true: the root is a place",
    ),
    (
        "place that is neither",
        GOOD + "1,02,xã,A,Xã A,,maybe\n",
        "units.csv, row 4, column place: found “maybe”, expected true or false",
    ),
    (
        "empty name",
        GOOD + "1,02,xã,  ,Xã A,,\n",
        "units.csv, row 4, column name: found “  ”, expected some text",
    ),
    (
        "over-long name",
        GOOD + f"1,02,xã,{'a' * 101},Xã A,,\n",
        f"units.csv, row 4, column name: found “{'a' * 80}…”, expected at most 100 characters (it has 101)",
    ),
    (
        "bidi mark in a name",
        GOOD + "1,02,xã,Nấm \u202eDẩn,Xã A,,\n",
        (
            "units.csv, row 4, column name: found “Nấm \\u202eDẩn”, expected no control, bidi or other"
            " invisible character (it has U+202E)"
        ),
    ),
    (
        "line break in a name; the row is where the record begins",
        GOOD + '1,02,xã,"A\nB",Xã A,,\n2,02,xã,C,,,\n',
        (
            "units.csv, row 4, column name: found “A\\nB”, expected no control, bidi or other"
            " invisible character (it has U+000A) (and 1 more)"
        ),
    ),
    (
        "a name that is only a mark",
        GOOD + "1,02,xã,\u0301a,Xã A,,\n",
        "units.csv, row 4, column name: found “\u0301a”, expected a letter before the first mark",
    ),
    (
        "code with a slash",
        GOOD + "1/2,02,xã,A,Xã A,,\n",
        "units.csv, row 4, column code: found “1/2”, expected a code of 1 to 32 letters A-Z, digits, “.”, “_”, “-”",
    ),
    (
        "too few cells",
        GOOD + "1,02,xã\n",
        "units.csv, row 4: found “3 cells”, expected 7 cells as in the header (write a name with a comma in quotes)",
    ),
    (
        "missing column",
        "code,parent,kind,name,full_name,place\n02,,tỉnh,A,Tỉnh A,\n",
        "units.csv, row 1, column target: expected this column in the header",
    ),
    (
        "mistyped column",
        GOOD.replace("target", "taget", 1),
        (
            "units.csv, row 1, column taget: found “taget”, expected one of the columns code, parent, kind, name,"
            " full_name, target, place, name_en, short_name, short_name_en, population (did you mean “target”?)"
        ),
    ),
    (
        "doubled column",
        GOOD.replace("full_name", "name", 1),
        "units.csv, row 1, column name: found “name”, expected each column once",
    ),
    ("nothing", "", "units.csv, row 1: expected a header: code,parent,kind,name,full_name,target,place"),
    ("header alone", HEADER, "units.csv, row 1: expected at least one unit below the header"),
    ("open quote", GOOD + '1,02,xã,"A,Xã A,,\n', "units.csv, row 4: expected a readable CSV row"),
    (
        "UTF-16 cut off",
        GOOD.encode("utf-16")[:-1],
        "units.csv: expected UTF-8 (this looks like UTF-16 that was cut off)",
    ),
    (
        "UTF-16 without its mark",
        GOOD.encode("utf-16-le"),
        "units.csv: expected UTF-8 (this is no text, or UTF-16 without its mark: save it as UTF-8)",
    ),
    (
        "a workbook",
        b"PK\x03\x04" + bytes(99),
        "units.csv: expected UTF-8 (this is a workbook: save its sheet as “CSV UTF-8”)",
    ),
    (
        "windows-1258",
        HEADER.encode() + "02,,x,Hà,Hà,,\n".encode("cp1258"),
        (
            "units.csv, row 2: found “byte 0xE0”, expected UTF-8 (this looks like windows-1258 or another old"
            " encoding: save it again as UTF-8)"
        ),
    ),
]


@pytest.mark.parametrize(("text", "message"), [case[1:] for case in FAULTS], ids=[case[0] for case in FAULTS])
def test_a_fault_is_named_by_file_row_column_value_and_what_was_expected(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    with pytest.raises(ContestError) as caught:
        read(tmp_path, text)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("target", ["-1", "0", "1.200", "1e9", "1000000000", "１２", "9" * 5000, "NaN", "²"])
def test_a_target_is_a_plain_whole_number(tmp_path: Path, target: str) -> None:
    with pytest.raises(ContestError, match=r"column target: .*expected nothing, or a whole number"):
        read(tmp_path, GOOD + f"1,02,xã,A,Xã A,{target},\n")


def test_the_first_fault_is_told_and_the_rest_counted(tmp_path: Path) -> None:
    with pytest.raises(ContestError) as caught:
        read(tmp_path, GOOD + "1,09,xã,A,Xã A,,\n2,08,xã,B,Xã B,,\n024,02,xã,C,Xã C,,\n")
    assert caught.value.row == 4
    assert caught.value.column == "parent"
    assert caught.value.more == 2


def test_too_many_units_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"{n},02,xã,A,Xã A,,\n" for n in range(100_000, 100_000 + UNITS_MAX))
    with pytest.raises(ContestError, match=f"at most {UNITS_MAX} units"):
        read(tmp_path, GOOD + rows)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContestError, match=r"units\.csv: expected a file that can be read"):
        read_units_csv(tmp_path / "units.csv")


def test_blank_lines_a_byte_order_mark_and_any_order_of_columns_are_fine(tmp_path: Path) -> None:
    text = "\ufeffname,code,parent,place,kind,target,full_name\r\n\r\nA,1,,TRUE,tỉnh,, Tỉnh  A \r\n,,,,,,\r\n"
    (root,) = read(tmp_path, text + "B,2,1,0,khối,1200,Khối B\r\n")[:1]
    assert (root.full_name, root.place, root.target) == ("Tỉnh A", True, None)
    assert rows_of(tmp_path / "units.csv")["2"] == 5


def test_a_cell_over_two_lines_does_not_put_the_rows_out_of_step(tmp_path: Path) -> None:
    with pytest.raises(ContestError) as caught:
        read(tmp_path, GOOD + '1,02,xã,A,Xã A,"\n",true\n2,02,xã,B,Xã B,x,\n')
    assert caught.value.row == 6


NAMED = "code,parent,kind,name,full_name,target,place,short_name,short_name_en\n02,,tỉnh,A,Tỉnh A,,,,\n"


def test_a_unit_may_bring_its_short_name(tmp_path: Path) -> None:
    root, outside = read(tmp_path, NAMED + "NT,02,khác,Ngoài,Người dự thi ngoài tỉnh A,,false,Ngoài  tỉnh,Outside\n")
    assert (outside.short_name, outside.short_name_en) == ("Ngoài tỉnh", "Outside")
    assert not root.short_name
    assert b"short_name" not in msgspec.json.encode(root), "a contest without any keeps its digest"


def test_a_short_name_is_short(tmp_path: Path) -> None:
    expected = f"column short_name: .*expected at most {SHORT_NAME_CHARS_MAX} characters"
    with pytest.raises(ContestError, match=expected):
        read(tmp_path, NAMED + f"NT,02,khác,Ngoài,Ngoài,,false,{'a' * 25},\n")


@pytest.mark.parametrize("separator", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("before", ["", "sep=\n", "\n", ",,,,,,\r\n\r\n"])
def test_whatever_a_spreadsheet_saves_is_read(tmp_path: Path, separator: str, encoding: str, before: str) -> None:
    text = GOOD + '1,02,xã,"A; B",Xã A,12,\n'
    lines = before.replace("sep=", "sep=,").replace(",", separator) + text.replace("; ", "\0").replace(",", separator)
    units = read(tmp_path, lines.replace("\0", "; ").encode(encoding))
    assert [(one.code, one.name, one.target) for one in units][1:] == [("024", "Hà Giang", None), ("1", "A; B", 12)]
    assert rows_of(tmp_path / "units.csv")["1"] == 4 + lines.count("\n") - text.count("\n")


def test_empty_columns_without_a_name_are_dropped(tmp_path: Path) -> None:
    beside = "".join(f"{line},,\n" for line in GOOD.splitlines())
    assert read(tmp_path, beside) == read(tmp_path, GOOD)
    with pytest.raises(ContestError, match="row 4: found “x”, expected nothing in a column without a name"):
        read(tmp_path, beside + "1,02,xã,A,Xã A,,,x,\n")
