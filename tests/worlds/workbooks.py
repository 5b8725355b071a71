"""Workbooks as somebody types them, for tests of rundowns that come in."""

import io
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
