"""The sheet of connection points on paper: its QR codes are read back, and every point has its slip."""

import logging
from itertools import groupby

import msgspec
import pytest

from dashboard.exports import point_sheet_pdf as pdf
from dashboard.exports.point_sheet_pdf import LINES, SLIPS_ACROSS, SLIPS_DOWN, point_sheet_pdf
from dashboard.point_sheet import PointSheet
from server.apart import Apart
from tests.worlds.point_sheets import a_sheet
from tests.worlds.qr_reader import codes_on, pages_of


def slips_of(sheet: PointSheet) -> list[list[str]]:
    """The links on each page of slips: those of each group begin on a page of their own."""
    found, on_page = [], SLIPS_ACROSS * SLIPS_DOWN
    for _, lines in groupby((line for line in sheet.lines if line.link), key=lambda line: line.group):
        links = [line.link for line in lines]
        found += [links[at : at + on_page] for at in range(0, len(links), on_page)]
    return found


def lists_of(sheet: PointSheet) -> int:
    """How many pages the list takes."""
    return len([*pdf._pages(sheet)])


@pytest.mark.parametrize("base", ["http://10.0.0.5:8000", f"https://{'so-lieu.' * 8}example.vn:8443"])
def test_every_point_has_a_slip_whose_code_is_read_back(base: str, caplog: pytest.LogCaptureFixture) -> None:
    sheet = a_sheet(base=base, revoked={"P1D1X2"})
    with caplog.at_level(logging.WARNING):
        pages = pages_of(point_sheet_pdf(sheet))
    assert [codes_on(page) for page in pages[lists_of(sheet) :]] == slips_of(sheet)
    assert len(slips_of(sheet)) > 2
    assert not any("P1D1X2/enter" in link for page in slips_of(sheet) for link in page)
    assert caplog.records == [], "every letter of ours is in our own font"


def test_names_that_are_too_long_stand_within_their_slip() -> None:
    names = {
        "P1D1": "Trung tâm Văn hóa, Thông tin và Truyền thông huyện Đồng Văn", "P1": "THÀI PHÌN TỦNG · GIÀNG CHU PHÌN",
        "VN": "Ủy ban nhân dân " * 12, "P1D1X1": "x" * 200, "P1D1X3": "",
    }  # fmt: skip
    sheet = a_sheet(names=names, hotline="0219 3866 123 (ông Nguyễn Văn Ả, trực từ 7 giờ đến hết chương trình)" * 2)
    with pdf.paper_of(sheet) as paper:
        for text in names.values():
            for pt in pdf.NAME_PT:
                lines = paper.lines_of(text, 60.0, pt, bold=True)
                assert "".join(lines).replace(" ", "") == text.replace(" ", ""), "nothing of it is lost"
                assert all(paper.get_string_width(line) <= 60.0 for line in lines)
    assert codes_on(pages_of(point_sheet_pdf(sheet))[lists_of(sheet)]) == slips_of(sheet)[0]


def test_an_address_is_broken_behind_a_slash() -> None:
    with pdf.paper_of(a_sheet()) as paper:
        lines = paper.lines_of("http://so-lieu.hagiang.gov.vn/points/00688/enter", 46.0, 7.5, bold=True)
    assert lines == ["http://so-lieu.hagiang.gov.vn/", "points/00688/enter"]


def test_the_head_of_a_group_is_never_the_last_line_of_a_page() -> None:
    sheet = a_sheet()
    lines = [*sheet.lines] * 12
    pages = list(pdf._pages(msgspec.structs.replace(sheet, lines=tuple(lines))))
    assert [line for page in pages for line in page] == lines
    assert len(pages) > 2
    assert all(len(page) <= LINES for page in pages)
    assert not any(page[-1].is_head for page in pages[:-1])


async def test_it_is_made_apart() -> None:
    sheet = a_sheet(lang="en")
    body = msgspec.json.encode(sheet)
    made = await Apart().run(pdf.__name__, body, within_s=pdf.WITHIN_S, answer_bytes_max=pdf.PDF_BYTES_MAX)
    assert made.startswith(b"%PDF-")
    assert codes_on(pages_of(made)[lists_of(sheet)]) == slips_of(sheet)[0]
