"""The contest's address as a picture and in words."""

import msgspec

from dashboard.pages.hall import cut_of, painted
from dashboard.parts.part import Cut
from dashboard.qr import links
from dashboard.scenes.qr import QR, QrSettings
from streaming.contests.contest import ContestFolder
from streaming.program.state import SceneOnAir
from tests.browser.cases import Case, folder, frame_of
from tests.worlds.editions import edition


def cut(*addresses: str) -> Cut:
    shipped = folder("ha-giang")
    linked = tuple((f"Trang {nth}", address) for nth, address in enumerate(addresses, start=1))
    contest = msgspec.structs.replace(shipped.contest, links=linked)
    return cut_of(frame_of(Case("ha-giang", "zero")), edition(ContestFolder(shipped.path, contest, None, None)))


def test_the_address_stands_beside_its_picture_as_people_type_it() -> None:
    found = cut("https://www.thi.vn/2022/", "http://bao.vn")
    text = str(painted(QR, found, SceneOnAir("qr", {"link": 2}, take=7, since=7)))
    assert "bao.<wbr>vn" in text
    assert "Trang 2" in text
    assert '<svg viewBox="0 0 ' in text
    assert [link.address for link in links(found.contest)] == ["thi.vn/2022", "bao.vn"]
    assert links(found.contest)[0].picture != links(found.contest)[1].picture


def test_a_contest_without_an_address_has_none_to_show() -> None:
    assert QR.lacks(cut()) == "link"
    assert QR.lacks(cut("https://thi.vn")) is None
    assert "<svg" not in str(painted(QR, cut()))


def test_a_link_that_is_gone_is_the_first() -> None:
    assert QR.chosen(QrSettings(link=3), cut("https://thi.vn")).link == 1
    assert QR.chosen(QrSettings(link=2), cut("https://thi.vn", "https://bao.vn")).link == 2


def test_a_long_address_is_set_smaller() -> None:
    sizes = [links(cut(f"https://{'trang-thi.' * n}vn").contest)[0].size for n in (1, 3, 9)]
    assert sizes == [0, 1, 2]
