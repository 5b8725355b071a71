"""The phone of a connection point's operator, on a real server: two phones see the same, and nothing said is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from server.auth.points import PointKeyState
from streaming.contests.contest import load_contest, shipped_contest
from streaming.points.actions import MakeCall, ModerateLine
from streaming.points.roll_call import Entry
from tests.browser.conftest import until
from tests.worlds.driven import Driven, driven

UNIT = "00712"
WIDTH, HEIGHT = 360, 640
VIBRATES = "navigator.vibrate = (pattern) => { (window.vibrated = window.vibrated || []).push(pattern.length); };"
NO_SOCKETS = "window.WebSocket = class { constructor() { throw new Error('blocked'); } };"
CONTEST = load_contest(shipped_contest()).contest


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driven]:
    (data := tmp_path_factory.mktemp("phone") / "data").mkdir(mode=0o700)
    with driven(data, Path(shipped_contest()), CONTEST.rounds[0].opens_ms + 60_000) as made:
        yield made


def phone(browser: Browser, server: Driven, script: str = "") -> Page:
    """A phone that has opened the point's link."""
    page = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}).new_page()
    page.add_init_script(VIBRATES + script)
    link = server.app.state.point_keys.link(PointKeyState(UNIT), server.url)
    page.goto(link)
    expect(page.locator("body.phone")).to_be_visible()
    return page


def entry(server: Driven) -> Entry:
    return server.app.state.points.entry(UNIT)


def said(page: Page, name: str) -> str:
    return page.inner_text(f"[data-text={name}]")


def test_two_phones_of_a_point_see_the_same_and_what_is_told_them(browser: Browser, server: Driven) -> None:
    # The other's network lets no socket through.
    one, other = phone(browser, server), phone(browser, server, NO_SOCKETS)
    one.click("[data-ready=yes]")
    one.fill("#present", "−5")
    one.press("#present", "Enter")
    assert said(one, "present") == "Nhập số người từ 0 đến 9.999"
    one.fill("#present", "1.200")
    one.press("#present", "Enter")
    one.fill("#line", "Xin <b>kiểm tra</b> âm thanh")
    one.press("#line", "Enter")
    for page in (one, other):
        expect(page.locator("[data-ready=yes]")).to_have_attribute("aria-pressed", "true")
        expect(page.locator("[data-text=present]")).to_have_text("Hội trường đã nhận: 1.200 người")
        expect(page.locator("[data-text=line]")).to_have_text("“Xin <b>kiểm tra</b> âm thanh” · chờ duyệt")
    told = entry(server)
    assert (told.ready, told.present) == (True, 1_200)
    assert told.line is not None
    line = ModerateLine(code=UNIT, at=told.line.at, state="shown")
    server.do(lambda: server.app.state.points.act(line, "lan"))
    call = MakeCall(code=UNIT, state="on_air", text="Mời đồng chí phát biểu")
    server.do(lambda: server.app.state.points.act(call, "lan"))
    for page in (one, other):
        expect(page.locator("[data-text=line]")).to_contain_text("đã chuyển tới người dẫn")
        expect(page.locator("[data-text=call]")).to_have_text("ĐANG LÊN HÌNH")
        expect(page.locator("[data-text=call-note]")).to_have_text("Mời đồng chí phát biểu")
        assert page.evaluate("window.vibrated.length") == 1
    other.click("[data-ack]")
    expect(one.locator("[data-ack]")).to_be_hidden()
    assert entry(server).acked.startswith("hand/on_air/")


def test_what_is_said_without_a_line_is_sent_once_when_it_is_back(browser: Browser, server: Driven) -> None:
    page = phone(browser, server)
    until(page, "document.querySelector('[data-text=net]').textContent === 'Đã kết nối với hội trường'")
    posts: list[str] = []
    page.on("request", lambda request: posts.append(request.post_data or "") if request.method == "POST" else None)
    # The first answer is lost on its way: the server has heard.
    page.route("**/api/v1/points/**", lambda route: (route.fetch(), route.abort()), times=1)
    page.fill("#line", "Đường truyền chập chờn")
    page.press("#line", "Enter")
    expect(page.locator("[data-text=line]")).to_contain_text("chờ duyệt")
    page.context.set_offline(True)
    page.click("[data-ready=no]")
    page.fill("#present", "45")
    page.press("#present", "Enter")
    assert said(page, "ready") == "Đang chờ gửi"
    assert page.get_attribute("[data-ready=no]", "aria-pressed") == "true"
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("[data-text=present]")).to_have_text("Hội trường đã nhận: 45 người")
    told = entry(server)
    assert (told.ready, told.present) == (False, 45)
    assert sum("Đường truyền" in post for post in posts) == 1
    server.do(lambda: server.app.state.point_keys.revoke(UNIT))
    expect(page.locator("[data-text=net]")).to_contain_text("không còn quyền")
