"""Cells of a table that goes out as text: what no spreadsheet may take for a formula."""

import re

_FORMULA = re.compile(r"(^|[;\t\r\n])(?=\s*[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin to work something out: at the head of a cell, and, as those of many countries part
cells at semicolons whatever quotes say, behind one."""


def harmless(cell: str | int | None) -> str | int | None:
    """A cell that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell
