"""A unit's page as it behaves: at every beat one cut, its place and its neighbours, who is signed in."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.boxes import outside, texts, touching
from tests.browser.conftest import Open, until
from tests.browser.stand import Air, Stand

LANDSCAPE = [(1024, 600), (1366, 768), (1920, 1080), (3840, 2160), (3240, 1080), (1440, 1080), (1280, 1024)]
SAFE = 0.05


def ready(stand: Stand, open_page: Open, code: str) -> Page:
    page = open_page(f"{stand.url}/units/{code}", still=True)
    until(page, "document.body.dataset.fresh === 'live'")
    return page


def rungs(page: Page) -> list[list[str]]:
    """The lines of the ladder: place, name, number, how far."""
    found: list[list[str]] = page.evaluate("""() => [...document.querySelectorAll(".rung")].map((rung) =>
      [".rank", ".name", ".value", ".gap"].map((part) => rung.querySelector(part).textContent))""")
    return found


def test_a_unit_sees_its_place_and_how_far_its_neighbours_are(stand: Stand, air: Air, open_page: Open) -> None:
    page = ready(stand, open_page, "024")
    assert page.locator(".place-line").inner_text() == "Xếp thứ 11/11 huyện, thành phố theo số lượt thi"
    assert page.locator(".badge-place").inner_text() == "11"
    assert rungs(page) == [["10", "H. Mèo Vạc", "461", "cách 226"], ["11", "TP. Hà Giang", "235", ""]]
    air.add("00691", 300)
    stand.show(air.frame_of("unit/024"))
    expect(page.locator(".place-line")).to_contain_text("Xếp thứ 10/11")
    assert page.locator(".badge-place").inner_text() == "10"
    assert page.locator(".total .num").inner_text() == "535"
    assert [line[0] for line in rungs(page)] == ["9", "10", "11"]
    assert rungs(page)[2] == ["11", "H. Mèo Vạc", "461", "hơn 74"]
    assert page.locator(".rung.own .name").inner_text() == "TP. Hà Giang"
    expect(page.locator(".line").first).to_contain_text("Phường Trần Phú")
    expect(page.locator('.map .cells [data-code="00691"]')).to_have_class("s6")


def test_a_ward_sees_new_neighbours_too_and_itself_on_the_map(stand: Stand, air: Air, open_page: Open) -> None:
    page = ready(stand, open_page, "00691")
    assert len(rungs(page)) == 2
    air.add("00691", 70)
    stand.show(air.frame_of("unit/00691"))
    expect(page.locator(".place-line")).to_contain_text("Xếp thứ 2/8 xã, phường")
    assert len(rungs(page)) == 3
    assert rungs(page)[1][1] == "P. Trần Phú"
    assert page.locator(".map .here").count() == 1
    assert page.locator(".below").count() == 0


def test_a_new_order_is_written_into_lines_that_stay(stand: Stand, air: Air, open_page: Open) -> None:
    page = ready(stand, open_page, "026")
    page.evaluate("""() => {
      window.moved = [];
      new MutationObserver((records) => window.moved.push(...records.flatMap((record) =>
        [...record.addedNodes].map((node) => node.dataset.code)))).observe(document.querySelector(".lines"),
        { childList: true });
    }""")
    before = page.evaluate("[...document.querySelectorAll('.line')].map((line) => line.dataset.code)")
    last = before[-1]
    air.add(last, 5_000)
    stand.show(air.frame_of("unit/026"))
    until(page, f"document.querySelector('.line').dataset.code === '{last}'")
    assert page.evaluate("window.moved") == []
    after = page.evaluate("""[...document.querySelectorAll('.line')].map((line) =>
      [line.dataset.code, line.querySelector('a').getAttribute('href')])""")
    assert after == [[code, f"/units/{code}?lang=vi"] for code in (last, *before[:-1])]
    tree = stand.folder.contest.tree
    assert page.locator(".line .name").all_text_contents() == [tree[code].full_name for code, _ in after]
    # Below the picture it is not drawn before somebody scrolls there.
    assert page.locator(".line .rank").first.text_content() == "1"


def test_links_lead_up_and_down_the_tree(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/units/02?lang=en")
    page.locator(".lines a", has_text="Huyện Mèo Vạc").click()
    expect(page.locator("h1")).to_have_text("Huyện Mèo Vạc")
    page.locator(".nav-links a").first.click()
    expect(page.locator("h1")).to_have_text("Tỉnh Hà Giang")
    assert page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("code", ["02", "026", "00712", "HG-CQ"])
def test_the_picture_fills_every_landscape_screen_and_stands_in_its_box(
    stand: Stand, open_page: Open, code: str
) -> None:
    page = ready(stand, open_page, code)
    for width, height in LANDSCAPE:
        page.set_viewport_size({"width": width, "height": height})
        boxes = [box for box in texts(page) if box.top < height]
        edges = (width * SAFE, height * SAFE, width * (1 - SAFE), height * (1 - SAFE))
        assert outside(boxes, *edges) == [], (width, height)
        assert touching(boxes) == [], (width, height)
        assert page.evaluate("document.querySelector('.picture').offsetHeight") == height
        assert page.evaluate("document.documentElement.scrollWidth") == width
