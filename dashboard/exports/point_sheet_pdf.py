"""The sheet of all connection points on A4: a list for the office, and a slip for each point, to be cut out.

It is worked out in a process of its own: its QR codes take a second of a processor for some forty points.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import segno
from fpdf import FPDF
from fpdf.fonts import TTFFont

from dashboard.apart import bound
from dashboard.point_sheet import PointLine, PointSheet, said

FONTS = Path(__file__).parents[1] / "static" / "fonts"
FACE = "Be Vietnam Pro"
WIDTH_MM, HEIGHT_MM = 210.0, 297.0
EDGE_MM = 14.0
"""Around the list; printers leave less than half of it blank."""
LINE_MM = 6.4
"""Of the list: a name of 10 pt with two marks above a letter, and its rule."""
COLUMNS = {"nth": 12.0, "unit": 72.0, "unit_code": 28.0, "code": 32.0, "sent": 19.0, "tried": 19.0}
"""Of the list, by the keys of their heads, in mm."""
SLIPS_ACROSS, SLIPS_DOWN = 2, 4
SLIP_WIDTH_MM, SLIP_HEIGHT_MM = WIDTH_MM / SLIPS_ACROSS, HEIGHT_MM / SLIPS_DOWN
SLIP_EDGE_MM = 9.0
QR_MM = 35.0
"""With its quiet edge: a module of 0.7 mm, which a telephone reads from an arm's length."""
QUIET = 4
"""Modules around a code that stay blank."""
NAME_PT = (17.0, 15.0, 13.0, 11.0)
"""Sizes of a slip's name; the first at which it takes two lines at most."""
INK, SOFT, RULE = (6, 19, 32), (84, 96, 108), (190, 198, 206)
MEMORY_BYTES = 1024**3
CPU_S = 120
PDF_BYTES_MAX = 16 * 1024 * 1024
"""Of 1,000 points it is some 4 MB."""
WITHIN_S = 180.0


class Paper(FPDF):
    """Pages of A4 in our letters, with positions in mm."""

    def __init__(self, sheet: PointSheet) -> None:
        super().__init__(format="A4")
        self.sheet, self.t = sheet, said(sheet.lang)
        self.set_auto_page_break(auto=False)
        self.set_margin(0)
        self.c_margin = 0
        self.add_font(FACE, "", FONTS / "BeVietnamPro-Regular.woff2")
        self.add_font(FACE, "B", FONTS / "BeVietnamPro-Bold.woff2")
        self.set_title(f"{self.t['sheet_title']} · {sheet.title}")
        self.set_lang(sheet.lang)
        self.set_creator("Điểm Cầu")

    def write_at(
        self, x: float, y: float, text: str, pt: float, *, bold: bool = False, ink: Any = INK, align: str = "L",
        width: float = 0.0,
    ) -> None:  # fmt: skip
        """One line whose letters stand on ``y``; with a width it is shortened in size until it fits."""
        self.set_text_color(*ink)
        self.set_font(FACE, "B" if bold else "", pt)
        while width and pt > 5 and self.get_string_width(text) > width:
            pt -= 0.5
            self.set_font_size(pt)
        gap = width - self.get_string_width(text)
        self.text(x + {"L": 0.0, "C": gap / 2, "R": gap}[align], y, text)

    def lines_of(self, text: str, width: float, pt: float, *, bold: bool = False) -> list[str]:
        """A text in lines of a width; a word that is wider alone, as an address, is broken."""
        self.set_font(FACE, "B" if bold else "", pt)
        found: list[str] = []
        for word in text.split():
            if found and self.get_string_width(f"{found[-1]} {word}") <= width:
                found[-1] += f" {word}"
                continue
            found.append(word)
            while self.get_string_width(found[-1]) > width and len(found[-1]) > 1:
                whole, kept = found.pop(), 1
                while kept < len(whole) and self.get_string_width(whole[: kept + 1]) <= width:
                    kept += 1
                # An address is read the easier where it is broken behind a slash, but not behind those of "http://".
                slash = whole.rfind("/", 8, kept) + 1
                found += [whole[: slash or kept], whole[slash or kept :]]
        return found

    def rule(self, x1: float, y1: float, x2: float, y2: float, *, ink: Any = RULE, mm: float = 0.2) -> None:
        """A thin line."""
        self.set_draw_color(*ink)
        self.set_line_width(mm)
        self.line(x1, y1, x2, y2)

    def qr(self, x: float, y: float, mm: float, text: str) -> None:
        """A QR code in squares, with its quiet edge within ``mm``."""
        rows = segno.make(text, error="m", micro=False).matrix
        step = mm / (len(rows) + 2 * QUIET)
        self.set_fill_color(0, 0, 0)
        for down, row in enumerate(rows):
            across = 0
            for is_dark, run in groupby(row):
                wide = len(list(run))
                if is_dark:
                    # A hair higher and wider, so that no white shows between two of them.
                    left, top = x + (QUIET + across) * step, y + (QUIET + down) * step
                    self.rect(left, top, wide * step + 0.01, step + 0.01, style="F")
                across += wide


def point_sheet_pdf(sheet: PointSheet) -> bytes:
    """The document: the list, then the slips, those of each group from a page of their own on."""
    with paper_of(sheet) as paper:
        _list(paper)
        for _, lines in groupby((line for line in sheet.lines if line.link), key=lambda line: line.group):
            _slips(paper, tuple(lines))
        return bytes(paper.output())


@contextmanager
def paper_of(sheet: PointSheet) -> Iterator[Paper]:
    """Blank pages for a sheet; the files of its letters are closed at the end."""
    paper = Paper(sheet)
    try:
        yield paper
    finally:
        for font in paper.fonts.values():
            if isinstance(font, TTFFont):
                font.close()


# The list.


def _list(paper: Paper) -> None:
    pages = list(_pages(paper.sheet))
    for nth, lines in enumerate(pages, start=1):
        y = _list_head(paper)
        for line in lines:
            y = _list_line(paper, line, y)
        t, sheet, foot = paper.t, paper.sheet, HEIGHT_MM - 8
        paper.write_at(EDGE_MM, foot, t["sheet_made"].format(made=sheet.made), 8, ink=SOFT)
        told = t["sheet_page"].format(n=nth, of=len(pages))
        paper.write_at(EDGE_MM, foot, told, 8, ink=SOFT, align="R", width=WIDTH_MM - 2 * EDGE_MM)


FIRST_LINE_MM = 50.0
LINES = int((HEIGHT_MM - FIRST_LINE_MM - 14) / LINE_MM)
"""Of a page."""


def _pages(sheet: PointSheet) -> Iterator[Sequence[PointLine]]:
    """The lines of each page; the head of a group is never the last on one."""
    left = list(sheet.lines)
    while left:
        taken = LINES
        while taken > 1 and len(left) > taken and left[taken - 1].is_head:
            taken -= 1
        yield left[:taken]
        del left[:taken]


def _list_head(paper: Paper) -> float:
    """A page's head; where its first line begins."""
    sheet, t, wide = paper.sheet, paper.t, WIDTH_MM - 2 * EDGE_MM
    paper.add_page()
    paper.write_at(EDGE_MM, 17, sheet.title, 9, ink=SOFT, width=wide)
    paper.write_at(EDGE_MM, 25, t["sheet_list"], 18, bold=True)
    paper.write_at(EDGE_MM, 31.5, t["sheet_addresses"].format(base=sheet.base), 9, width=wide)
    paper.write_at(EDGE_MM, 37, t["sheet_inner"], 9, bold=True, width=wide)
    x, y = EDGE_MM, FIRST_LINE_MM - LINE_MM
    for column, width in COLUMNS.items():
        align = "C" if column in {"sent", "tried"} else "L"
        paper.write_at(x, y + 4.4, t[f"sheet_{column}"], 8.5, bold=True, ink=SOFT, width=width - 2, align=align)
        x += width
    paper.rule(EDGE_MM, FIRST_LINE_MM, EDGE_MM + wide, FIRST_LINE_MM, ink=INK, mm=0.4)
    return FIRST_LINE_MM


def _list_line(paper: Paper, line: PointLine, y: float) -> float:
    wide = WIDTH_MM - 2 * EDGE_MM
    if line.is_head:
        paper.set_fill_color(236, 240, 244)
        paper.rect(EDGE_MM, y, wide, LINE_MM, style="F")
    cells = {
        "nth": str(line.nth), "unit": line.name, "unit_code": line.unit, "code": line.code or paper.t["sheet_revoked"],
    }  # fmt: skip
    x = EDGE_MM
    for column, width in COLUMNS.items():
        if column in cells:
            bold = line.is_head if column == "unit" else column == "code" and bool(line.code)
            paper.write_at(x + 0.8, y + 4.5, cells[column], 10, bold=bold, width=width - 2.5)
        elif line.link:
            paper.set_draw_color(*SOFT)
            paper.set_line_width(0.25)
            paper.rect(x + width / 2 - 2.8, y + 1.3, 3.8, 3.8)
        x += width
    paper.rule(EDGE_MM, y + LINE_MM, EDGE_MM + wide, y + LINE_MM)
    return y + LINE_MM


# The slips.


def _slips(paper: Paper, lines: Sequence[PointLine]) -> None:
    on_page = SLIPS_ACROSS * SLIPS_DOWN
    for start in range(0, len(lines), on_page):
        paper.add_page()
        _cuts(paper)
        for nth, line in enumerate(lines[start : start + on_page]):
            _slip(paper, line, nth % SLIPS_ACROSS * SLIP_WIDTH_MM, nth // SLIPS_ACROSS * SLIP_HEIGHT_MM)


def _cuts(paper: Paper) -> None:
    """Where the page is cut."""
    paper.set_dash_pattern(dash=1.2, gap=1.2)
    for nth in range(1, SLIPS_ACROSS):
        paper.rule(nth * SLIP_WIDTH_MM, 0, nth * SLIP_WIDTH_MM, HEIGHT_MM)
    for nth in range(1, SLIPS_DOWN):
        paper.rule(0, nth * SLIP_HEIGHT_MM, WIDTH_MM, nth * SLIP_HEIGHT_MM)
    paper.set_dash_pattern()


def _slip(paper: Paper, line: PointLine, left: float, top: float) -> None:
    sheet, t = paper.sheet, paper.t
    x, wide = left + SLIP_EDGE_MM, SLIP_WIDTH_MM - 2 * SLIP_EDGE_MM
    bottom = top + SLIP_HEIGHT_MM - SLIP_EDGE_MM
    y = top + 10.5
    for text in paper.lines_of(sheet.title, wide, 7.5)[:2]:
        paper.write_at(x, y, text, 7.5, ink=SOFT, width=wide)
        y += 3.5
    y += 3.5
    paper.write_at(
        x, y, t["slip_point"] + (f" · {line.above}" if line.above else ""), 8, bold=True, ink=SOFT, width=wide
    )
    pt, names = next(
        ((pt, found) for pt in NAME_PT if len(found := paper.lines_of(line.name, wide, pt, bold=True)) == 1),
        (NAME_PT[-1], paper.lines_of(line.name, wide, NAME_PT[-1], bold=True)[:2]),
    )
    for text in names:
        y += 3.2 + pt * 0.24
        paper.write_at(x, y, text, pt, bold=True, width=wide)
    paper.qr(left + SLIP_WIDTH_MM - SLIP_EDGE_MM - QR_MM + 3.4, bottom - QR_MM + 3.4, QR_MM, line.link)
    _steps(paper, line, x, bottom, wide - QR_MM)


def _steps(paper: Paper, line: PointLine, x: float, bottom: float, wide: float) -> None:
    """What to do, beside the QR code, from the bottom up."""
    sheet, t, y = paper.sheet, paper.t, bottom
    if sheet.hotline:
        paper.write_at(x, y, t["slip_hotline"].format(hotline=sheet.hotline), 7.5, width=wide)
        y -= 3.8
    paper.write_at(x, y, t["slip_own"], 7.5, ink=SOFT, width=wide)
    y -= 6.5
    paper.write_at(x, y, line.code, 19, bold=True, width=wide)
    y -= 8.2
    steps = [
        *((text, False) for text in paper.lines_of(t["slip_scan"], wide, 7.5)),
        *((text, True) for text in paper.lines_of(f"{sheet.base}/points", wide, 7.5, bold=True)),
        (t["slip_type"], False),
    ]
    for text, bold in reversed(steps):
        paper.write_at(x, y, text, 7.5, bold=bold, width=wide)
        y -= 3.5


def main() -> None:
    """Read a sheet from standard input, and write the document."""
    bound(MEMORY_BYTES, CPU_S)
    sheet = msgspec.json.decode(sys.stdin.buffer.read(), type=PointSheet)
    sys.stdout.buffer.write(point_sheet_pdf(sheet))


if __name__ == "__main__":
    main()
