"""Workbooks as somebody types them, for tests of rundowns that come in."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from dashboard.exports.columns import COLUMNS, said

NOW_MS = 1_662_600_600_000
"""08:30 on 8 September 2022, in the zone of the shipped contest."""
AT_MS = NOW_MS + 3_600_000


def sheet(*rows: dict[str, Any], lang: str = "vi", above: int = 0) -> bytes:
    """A workbook as somebody types it: a head, and rows by their columns."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        made = book.add_worksheet("Sheet1")
        for at, column in enumerate(COLUMNS):
            made.write(above, at, said(lang)[f"column_{column}"])
            for number, row in enumerate(rows, start=above + 1):
                if column in row:
                    made.write(number, at, row[column])
    return file.getvalue()


def foreign() -> bytes:
    """A workbook of something else."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.add_worksheet("Thu chi").write(0, 0, "Số tiền")
    return file.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    """A ZIP of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in parts.items():
            made.writestr(name, body)
    return file.getvalue()


def zip_bomb() -> bytes:
    """70 MB in 70 KB."""
    return zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(70 * 1024 * 1024)})


def with_part(body: bytes, name: str, part: Callable[[bytes], bytes]) -> bytes:
    """A workbook with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        return zipped({each: parts.read(each) if each != name else part(parts.read(each)) for each in parts.namelist()})
