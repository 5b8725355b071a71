"""The control room in a browser when something breaks: the line, the session, whoever sits before it."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect

from server.auth.accounts import Accounts
from server.folder.files import ADMIN_FILE
from tests.browser.conftest import Open
from tests.browser.control_room import (
    ControlRoom,
    control_room,
    decisions,
    shown,
    toast,
)
from tests.worlds.people import PASSWORD

SESSION_ENDS_MS = 2_500
"""Within 2 s an ended session follows nothing any more (server/live/hub.py sweeps each second)."""


@pytest.fixture
def contest() -> str:
    """More lines of contest.toml."""
    return ""


@pytest.fixture
def room(tmp_path: Path, open_page: Open, contest: str) -> Iterator[ControlRoom]:
    with ExitStack() as stack:
        made = stack.enter_context(control_room(tmp_path, open_page, contest))
        made.add_source()
        yield made


def test_the_room_says_that_its_figures_are_old_and_comes_back_by_itself(room: ControlRoom) -> None:
    room.send(2)
    page = room.enter("lan")
    expect(shown(page, "public-completed")).to_have_text("2")
    room.server.kill()
    expect(page.locator("[data-banner]")).to_contain_text("Mất kết nối với máy chủ")
    expect(shown(page, "mark")).to_have_text("MẤT KẾT NỐI")
    expect(shown(page, "public-completed")).to_have_text("2")
    page.keyboard.press("Digit1")
    page.keyboard.press("Enter")
    expect(toast(page)).to_contain_text("Không liên lạc được với máy chủ")
    room.server.start()
    expect(page.locator("[data-banner]")).to_be_hidden()
    room.send(1)
    expect(shown(page, "public-completed")).to_have_text("3")
    page.keyboard.press("Digit1")
    page.keyboard.press("Enter")
    expect(shown(page, "mark")).to_have_text("ĐÃ CHỐT SỐ")


def test_a_session_that_ended_while_the_line_was_down_is_told_as_that(room: ControlRoom) -> None:
    page = room.enter("lan")
    room.server.kill()
    Accounts(room.server.data / ADMIN_FILE).revoke(1)
    expect(page.locator("[data-banner]")).to_contain_text("Mất kết nối")
    room.server.start()
    expect(page.locator("[data-banner]")).to_contain_text("Phiên đăng nhập đã kết thúc")


def test_who_is_revoked_is_told_and_sees_nothing_more(room: ControlRoom) -> None:
    page = room.enter("lan")
    Accounts(room.server.data / ADMIN_FILE).revoke(1)
    expect(page.locator("[data-banner]")).to_contain_text("Phiên đăng nhập đã kết thúc")
    page.keyboard.press("Digit1")
    expect(toast(page)).to_contain_text("phiên đăng nhập đã kết thúc")
    room.send(2)
    assert shown(page, "whole-completed").inner_text() == "0"
    page.get_by_role("link", name="Đăng nhập lại").click()
    page.wait_for_url("**/sign-in?lang=vi&next=%2Fcontrol")


@pytest.mark.parametrize("polls", [True, False])
def test_a_room_in_whose_browser_another_has_signed_in_decides_nothing_and_says_so(
    room: ControlRoom, *, polls: bool
) -> None:
    page = room.enter("lan", "/control/corrections?unit=00691")
    if polls:
        page.route_web_socket("**/live/**", lambda socket: socket.close())
        page.reload()
    room.send(2)
    expect(shown(page, "whole-completed")).to_have_text("2")
    other = page.context.new_page()
    other.goto(f"{room.server.url}/control")
    other.get_by_role("button", name="Đăng xuất").click()
    other.get_by_label("Tên đăng nhập").fill("minh")
    other.get_by_label("Mật khẩu").fill(PASSWORD)
    other.get_by_role("button", name="Đăng nhập", exact=True).click()
    other.wait_for_url("**/control")
    page.keyboard.press("Digit1")
    page.keyboard.press("Enter")
    expect(toast(page)).to_contain_text("đã đăng nhập tài khoản khác")
    expect(page.locator("[data-banner]")).to_contain_text("đã đăng nhập tài khoản khác")
    page.wait_for_timeout(SESSION_ENDS_MS)
    room.send(2)
    expect(shown(page, "public-completed")).to_have_text("4")
    expect(shown(page, "whole-completed")).to_have_text("2")
    page.get_by_role("link", name="Đăng nhập lại").click()
    page.wait_for_url("**/control/corrections?unit=00691")
    expect(page.locator("header")).to_contain_text("Trần Văn Minh")
    assert not decisions(room)


def test_a_room_that_only_polls_says_that_it_is_nobodys_and_its_keys_are_dead(room: ControlRoom) -> None:
    page = room.enter("lan")
    page.route_web_socket("**/live/**", lambda socket: socket.close())
    page.reload()
    room.send(2)
    expect(shown(page, "whole-completed")).to_have_text("2")
    # As a server with another data folder finds it. The public board is answered all the same.
    page.context.clear_cookies()
    expect(page.locator("[data-banner]")).to_contain_text("Phiên đăng nhập đã kết thúc")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    polls = page.expect_response(lambda answer: answer.url.endswith("/live/board") and answer.ok)
    with polls:
        pass
    expect(page.get_by_role("button", name="Chốt số")).to_be_disabled()
    for key in ("Digit1", "Digit2", "Digit3"):
        page.keyboard.press(key)
        expect(toast(page)).to_contain_text("phiên đăng nhập đã kết thúc")
        page.keyboard.press("Escape")
        expect(toast(page)).to_be_hidden()
    expect(page.get_by_role("link", name="Đăng nhập lại")).to_be_visible()
    assert not asked
