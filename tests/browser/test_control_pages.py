"""Every page that a person opens: nothing beside the screen, nothing over another, and no serious fault for those who
cannot see, or use keys alone. The faults are found by axe-core."""

from collections.abc import Iterator, Sequence
from itertools import cycle, product
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from dashboard.words.words import LANGS
from server.auth.accounts import Accounts
from server.folder.files import ADMIN_FILE
from tests.browser.boxes import Box, outside, texts, touching
from tests.browser.conftest import Open, framed
from tests.browser.control_room import DISTRICT, WARD, ControlRoom, control_room
from tests.suite import ROOT
from tests.worlds.whole import sized

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
ROOM_PAGES = (
    "/control",
    f"/control?unit={DISTRICT}",
    "/control/program",
    f"/control/gate?entries={WARD}",
    "/control/sources",
    "/control/corrections",
    "/control/evidence",
    "/control/accounts",
)
OTHER_PAGES = (
    "/control/presenter", "/account", "/account/phone", "/sign-in", "/", "/?scene=standings", "/?scene=trend",
    "/?scene=latest", "/units/024", "/no-such-page",
)  # fmt: skip
SIZES = [(1366, 768), (1920, 1080), (390, 844)]


def in_turn(paths: Sequence[str], first: str) -> list[tuple[str, str]]:
    """Pages, each in one language: the two take turns, beginning with this one."""
    return [*zip(paths, cycle(LANGS if first == LANGS[0] else LANGS[::-1]), strict=False)]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Makes a room in which something of every sort has happened, once for all tests here."""
    made: list[tuple[Any, ControlRoom]] = []

    def enter(open_page: Open) -> ControlRoom:
        if not made:
            context = control_room(
                tmp_path_factory.mktemp("busy"),
                open_page,
                '[rules]\nhold = ["person_rate"]\n[milestones]\ncompleted = [5]\n',
            )
            made.append((context, context.__enter__()))
            happen(made[0][1])
        made[0][1].open_page = open_page
        return made[0][1]

    yield enter
    for context, _ in made:
        context.__exit__(None, None, None)


def happen(room: ControlRoom) -> None:
    """Entries, an alarm that holds, a silent source, a refusal, a correction, holds, a schedule, final figures."""
    room.add_source("app", heartbeat_s=2)
    room.send(1)
    room.add_source()
    room.send(40, "00715")
    room.send(8, person="one")
    room.post([{"id": "x", "kind": "guessed", "unit": WARD, "at": "2022-09-08T09:31:02+07:00"}])
    page = room.enter("minh", "/control/corrections")
    page.get_by_label("Đơn vị", exact=True).fill("00715")
    page.get_by_label("Cộng (+) hoặc trừ (−)").fill("1234")
    page.get_by_label("Lý do").fill("Bài thi giấy của Trường THPT chuyên, nhập bù theo biên bản số 12/BB-BTC")
    page.get_by_role("button", name="Đính chính", exact=True).click()
    page.locator("[data-ask=fix] [data-ask-confirm]").click()
    expect(page.locator("[data-corrections] tr")).to_have_count(1)
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Đính chính", exact=True).click()
    # A key that comes within a second of a field is still meant for that.
    page.locator("[data-act=final]").click()
    page.keyboard.press("Enter")
    expect(page.locator("[data-totals] [data-text=mark]")).to_have_text("ĐÃ CHỐT SỐ")
    room.send(20, "00715")


def grave_faults(page: Page) -> list[str]:
    if not AXE.exists():
        pytest.skip("axe-core is not there (npm ci)")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    faults = [fault for fault in found["violations"] if fault["impact"] in GRAVE]
    return [
        f"{fault['id']}: {node['html'][:200]} {node['failureSummary']}" for fault in faults for node in fault["nodes"]
    ]


@pytest.mark.parametrize("first", sized(LANGS[:1], whole=LANGS))
def test_no_page_of_the_room_has_a_serious_fault(busy: Any, open_page: Open, first: str) -> None:
    room: ControlRoom = busy(open_page)
    page = room.enter("minh", monitor=True)
    faults = {}
    for path, lang in in_turn(ROOM_PAGES, first):
        page.goto(f"{room.server.url}{path}{'&' if '?' in path else '?'}lang={lang}")
        expect(page.locator("body[data-ready]")).to_be_attached()
        if "entries=" in path:
            expect(page.locator("[data-entries] tr").first).to_be_visible()
        if found := grave_faults(page):
            faults[path] = found
    page.goto(f"{room.server.url}/control?lang={first}")
    expect(page.locator("body[data-ready]")).to_be_attached()
    page.keyboard.press("Digit3")
    expect(page.locator("[data-effect-confirm]")).to_be_focused()
    if found := grave_faults(page):
        faults["the effect of a release"] = found
    assert faults == {}


def test_no_other_page_has_a_serious_fault(busy: Any, open_page: Open) -> None:
    room: ControlRoom = busy(open_page)
    page = room.enter("minh")
    faults = {}
    for path in OTHER_PAGES:
        page.goto(f"{room.server.url}{path}")
        page.wait_for_load_state("load")
        if found := grave_faults(page):
            faults[path] = found
    link = Accounts(room.server.data / ADMIN_FILE).reset(1)
    page.goto(f"{room.server.url}/welcome#{link}")
    page.get_by_label("Mật khẩu mới", exact=True).wait_for()
    if found := grave_faults(page):
        faults["/welcome"] = found
    assert faults == {}


@pytest.mark.parametrize(
    ("size", "first"), sized([*zip(SIZES, cycle(LANGS), strict=False)], whole=[*product(SIZES, LANGS)]), ids=str
)
def test_a_page_of_the_room_is_whole_on_every_screen(
    busy: Any, open_page: Open, size: tuple[int, int], first: str
) -> None:
    room: ControlRoom = busy(open_page)
    page = room.enter("minh", size=size, monitor=True)
    for path, lang in in_turn(ROOM_PAGES, first):
        page.goto(framed(f"{room.server.url}{path}{'&' if '?' in path else '?'}lang={lang}"))
        expect(page.locator("body[data-ready]")).to_be_attached()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if path in ROOM_PAGES[:2] and size[0] > 1_000:
            assert page.evaluate("document.documentElement.scrollHeight <= innerHeight"), path
            for button in page.locator(".actions button").all():
                expect(button).to_be_in_viewport(ratio=1)
        boxes = texts(page)
        assert outside(boxes, 0, 0, float("inf"), float("inf")) == [], path
        # What scrolls within its own frame lies below its edge, and is clipped there.
        assert touching(seen(page, boxes)) == [], path


def test_however_much_stands_on_top_the_keys_of_the_program_stay_where_they_are(busy: Any, open_page: Open) -> None:
    room: ControlRoom = busy(open_page)
    page = room.enter("minh")
    final = page.locator("[data-act=final]")
    before = final.bounding_box()
    page.evaluate(
        """() => { const banner = document.querySelector("[data-banner]"); banner.hidden = false;
        for (let nth = 0; nth < 60; nth += 1) banner.append(Object.assign(document.createElement("p"),
            {className: "banner-line", textContent: "Huyện Hoàng Su Phì: tạm giữ từ 09:42:17, đã quá 5 phút."})); }"""
    )
    assert final.bounding_box() == before
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    expect(page.locator("[data-units]")).to_be_in_viewport(ratio=0.3)


def seen(page: Page, boxes: list[Box]) -> list[Box]:
    """The texts that are not clipped away by a frame that scrolls."""
    frames = page.evaluate(
        "[...document.querySelectorAll('.scroll, .wide, .alarms, .sources, .holds, .side')].map((frame) => {"
        " const {left, right, top, bottom} = frame.getBoundingClientRect(); return {left, right, top, bottom}; })"
    )

    def is_clipped(box: Box) -> bool:
        inside = [
            frame for frame in frames if frame["left"] - 1 <= box.left <= frame["right"] and frame["top"] <= box.bottom
        ]
        return any(box.top > frame["bottom"] - box.size for frame in inside)

    # What is longer than its line in the strip is whole in its tooltip.
    told = page.evaluate(
        "[...document.querySelectorAll('.totals [title]')].filter((one) => one.scrollWidth > one.clientWidth)"
        ".map((one) => one.title.trim())"
    )
    return [box for box in boxes if not is_clipped(box) and not (box.over > 0 and box.text in told)]
