"""Pages that stay open behind a session that has ended: each says so, or shows what it shows to anybody."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.auth.accounts import Accounts
from server.folder.files import ADMIN_FILE
from tests.browser.conftest import Open
from tests.browser.control_room import DISTRICT, DISTRICT_NAME, ControlRoom, control_room

XUAN, CAU = 3, 4
"""The numbers of accounts, as control_room makes them."""
PRESENTER = "/control/presenter"


@pytest.fixture
def room(tmp_path: Path, open_page: Open) -> Iterator[ControlRoom]:
    with control_room(tmp_path, open_page) as made:
        made.add_source()
        yield made


def host_of(room: ControlRoom) -> Page:
    host = room.enter("xuan", "/account")
    host.goto(f"{room.server.url}{PRESENTER}")
    expect(host.locator("body[data-fresh]")).to_be_attached()
    return host


@pytest.mark.parametrize("polls", [True, False])
def test_the_hosts_page_says_that_its_session_has_ended_and_its_figures_go_on(
    room: ControlRoom, *, polls: bool
) -> None:
    host = host_of(room)
    if polls:
        host.route_web_socket("**/live/**", lambda socket: socket.close())
        host.reload()
    ended = host.locator("[data-text=ended]")
    room.send(2)
    expect(host.locator("[data-text=first]")).to_have_text("2")
    expect(ended).to_be_hidden()
    Accounts(room.server.data / ADMIN_FILE).revoke(XUAN)
    expect(ended).to_contain_text("Phiên đăng nhập đã kết thúc")
    room.send(3)
    expect(host.locator("[data-text=first]")).to_have_text("5")
    expect(ended).to_be_visible()
    ended.get_by_role("link").click()
    host.wait_for_url("**/sign-in?lang=vi&next=%2Fcontrol%2Fpresenter%3Flang%3Dvi")


def test_a_page_that_is_its_accounts_again_says_so_no_more(room: ControlRoom) -> None:
    host = host_of(room)
    host.route_web_socket("**/live/**", lambda socket: socket.close())
    host.reload()
    cookies = host.context.cookies()
    host.context.clear_cookies()
    ended = host.locator("[data-text=ended]")
    expect(ended).to_be_visible()
    host.context.add_cookies(cookies)  # type: ignore[arg-type] # what it gave
    expect(ended).to_be_hidden()


def test_what_a_point_alone_may_know_goes_with_its_session(room: ControlRoom) -> None:
    page = room.enter("lan", "/control/gate")
    point = room.enter("cau", f"/units/{DISTRICT}")
    page.get_by_label("Đơn vị cần tạm giữ").fill(DISTRICT_NAME)
    page.get_by_label("Báo cho điểm cầu").check()
    page.locator("[data-decides=hold] button").click()
    review = point.locator("[data-text=review]")
    expect(review).to_be_visible()
    Accounts(room.server.data / ADMIN_FILE).revoke(CAU)
    expect(review).to_be_hidden()
