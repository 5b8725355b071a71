"""The presenter's page: figures and words of one cut, whole on every screen."""

import re
from itertools import product

import pytest
from playwright.sync_api import expect

from dashboard.words.words import LANGS
from streaming.contests.contest import ContestFolder, load_contest, shipped_contest
from streaming.topics.frames import Frame
from tests.browser.boxes import outside, texts, touching
from tests.browser.cases import Case, folder, frame_of
from tests.browser.conftest import Open, until
from tests.browser.numbers import AT_MS, board_frame
from tests.browser.stand import Air, Stand, standing

FOLDER = load_contest(shipped_contest())
SIZES = [(1366, 768), (1920, 1080), (1024, 768), (390, 844)]


def test_the_host_reads_figures_and_words_of_one_cut(stand: Stand, air: Air, open_page: Open) -> None:
    page = open_page(f"{stand.url}/control/presenter")
    expect(page.locator("[data-text=first]")).to_have_text("12.734")
    expect(page.locator("[data-text=first-spoken]")).to_have_text("khoảng mười ba nghìn")
    stand.show(air.add("00691", 20_660))
    expect(page.locator("[data-text=first-spoken]")).to_have_text("khoảng ba mươi ba nghìn")
    expect(page.locator("[data-text=first]")).to_have_text("33.394")
    leader = page.locator("[data-leader='0']")
    expect(leader.locator(".name")).to_have_text("Thành phố Hà Giang")
    expect(leader.locator(".spoken")).to_have_text(re.compile("^khoảng "))
    expect(page.locator("[data-text=mark]")).to_have_text("CHƯA CHỐT – số còn thay đổi")
    stand.show(air.say(frozen={"at": AT_MS}))
    expect(page.locator("[data-text=mark]")).to_have_text("ĐÃ CHỐT SỐ")
    # What is final is said exactly.
    expect(page.locator("[data-text=first-spoken]")).to_have_text("ba mươi ba nghìn ba trăm chín mươi tư")
    expect(leader.locator(".spoken")).not_to_have_text(re.compile("^khoảng "))
    expect(page.locator("[data-text=heard]")).to_have_text("Số liệu chốt lúc 9h42")


def test_figures_and_words_stand_from_beat_to_beat(air: Air, open_page: Open) -> None:
    with standing(FOLDER, air.frame_of, AT_MS + 2_000, beat_ms=0) as stand:
        page = open_page(f"{stand.url}/control/presenter")
        assert page.evaluate("document.body.dataset.beatMs") == "3000"
        until(page, "document.body.dataset.fresh === 'live'")
        page.evaluate("""() => {
            window.seen = [];
            const read = (name) => document.querySelector(`[data-text=${name}]`).textContent;
            const look = () => {
                const now = `${read("first")} ${read("first-spoken")}`;
                if (now !== window.seen[window.seen.length - 1]) window.seen.push(now);
                requestAnimationFrame(look);
            };
            look();
        }""")
        for _ in range(10):
            stand.show(air.add("00691", 1_000))
            page.wait_for_timeout(100)
        until(page, "window.seen[window.seen.length - 1].startsWith('22.734')")
        # A second of ten frames is one beat, or two where one falls into it.
        assert len(page.evaluate("window.seen")) <= 3


def test_a_host_finds_the_way_back_and_out(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/control/presenter?lang=en")
    ways = page.locator("footer.ways")
    expect(ways.get_by_role("link", name="Control", exact=True)).to_have_attribute("href", "/control?lang=en")
    expect(ways.get_by_role("button", name="Sign out")).to_be_visible()
    assert page.locator("footer.ways form").get_attribute("action") == "/sign-out"


def absurd() -> tuple[ContestFolder, Frame]:
    case = Case("absurd", "absurd")
    return folder(case.contest), frame_of(case)


@pytest.mark.parametrize("kind", ["zero", "typical", "absurd"])
def test_the_page_is_whole_on_every_screen(kind: str, open_page: Open) -> None:
    contest, board = absurd() if kind == "absurd" else (FOLDER, board_frame(FOLDER, kind))
    with standing(contest, lambda _: board, board.at + 2_000) as stand:
        page = open_page(f"{stand.url}/control/presenter", still=True)
        for size, lang in product(SIZES, LANGS):
            page.set_viewport_size({"width": size[0], "height": size[1]})
            page.goto(f"{stand.url}/control/presenter?lang={lang}")
            until(page, "document.body.dataset.fresh !== undefined")
            boxes = texts(page)
            assert outside(boxes, 0, 0, size[0], float("inf")) == [], (size, lang)
            assert touching(boxes) == [], (size, lang)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (size, lang)
