"""Workbooks from outside: what is told of a good one, and of those that hold none or too much."""

import io
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from dashboard.exports.workbook import ROWS_MAX, Moment, Other, Span, Told, told
from tests.suite import ROOT
from tests.worlds.workbooks import with_part, zipped


def workbook(rows: list[list[object]], name: str = "Kịch bản") -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(name)
        time, span = book.add_format({"num_format": "hh:mm:ss"}), book.add_format({"num_format": "[h]:mm:ss"})
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                look = time if isinstance(value, datetime) else span if isinstance(value, timedelta) else None
                sheet.write(at, column, value, look)
    return file.getvalue()


def test_cells_are_told_by_what_they_are() -> None:
    at = datetime(2022, 9, 8, 9, 30)  # noqa: DTZ001 - a workbook knows no zones
    (sheet,) = told(workbook([["Mã", "x"], ["024", 5, True, at, timedelta(minutes=5)], [None, "=1+1"]])).sheets
    assert (sheet.name, sheet.rows_total) == ("Kịch bản", 3)
    assert sheet.rows[1] == (
        Other("024"), Other(5.0), Other(value=True), Moment("2022-09-08T09:30:00"), Span(300_000)
    )  # fmt: skip
    assert sheet.formulas == ("B3",)


def test_of_many_rows_no_more_are_told_than_a_rundown_has() -> None:
    (sheet,) = told(workbook([[str(number)] for number in range(10_000)])).sheets
    assert (len(sheet.rows), sheet.rows_total) == (ROWS_MAX, 10_000)


def test_a_name_without_end_is_cut() -> None:
    long = with_part(workbook([["a"]], "Ten"), "xl/workbook.xml", lambda part: part.replace(b"Ten", b"T" * 100_000))
    (sheet,) = told(long).sheets
    assert sheet.name == "T" * 31


@pytest.mark.parametrize(
    ("body", "code", "found"),
    [
        (b"", "no_workbook", "0 B"),
        (b"M\xc3\xa3;N\xe1\xbb\x99i dung", "no_workbook", ""),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "no_workbook", "XLS"),
        (b"<table><tr>", "no_workbook", "XML"),
        (zipped({"word/document.xml": b"<x/>"}), "no_workbook", "DOCX"),
        (workbook([["a"]])[:-30], "no_workbook", ""),
        (zipped({"xl/workbook.xml": b"<x", "xl/_rels/workbook.xml.rels": b"<x/>"}), "broken_workbook", None),
        (zipped({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>', "xl/_rels/workbook.xml.rels": b"<x/>"}),
         "broken_workbook", ""),
        (lambda: zipped({"xl/workbook.xml": b"<x/>", "xl/media/a": bytes(65 * 1024 * 1024)}),
         "large_workbook", "65 MiB"),
    ],
)  # fmt: skip
def test_a_file_that_holds_none_is_told_by_a_code(
    body: bytes | Callable[[], bytes], code: str, found: str | None
) -> None:
    # What takes long is made here, not by each process that reads this file.
    said = told(body if isinstance(body, bytes) else body())
    assert (said.code, said.sheets) == (code, ())
    assert said.expected
    assert found in {None, said.found}


def test_the_process_says_the_same() -> None:
    body = workbook([["Mã"]])
    command = [sys.executable, "-m", "dashboard.exports.workbook"]
    said = subprocess.run(command, cwd=ROOT, input=body, capture_output=True, check=True).stdout
    assert msgspec.json.decode(said, type=Told) == told(body)
