"""Accounts in a browser: forms work without scripts, and fit a phone and an old laptop."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.auth import totp
from server.clock import wall_ms
from tests.browser.conftest import Open
from tests.browser.forms import first_link, press, sign_in
from tests.worlds.people import PASSWORD
from tests.worlds.process import Serving, served

SIZES = [(1366, 768), (375, 740)]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with served(tmp_path / "data") as running:
        yield running


def fits(page: Page) -> bool:
    """Whether nothing stands beside the screen, at each size."""
    kept = page.viewport_size
    wide: list[int] = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        wide.append(page.evaluate("document.documentElement.scrollWidth") - width)
    if kept is not None:
        page.set_viewport_size(kept)
    return max(wide) <= 0


def test_from_the_first_link_to_a_second_person_without_a_script(server: Serving, open_page: Open) -> None:
    page = open_page(f"{server.url}/welcome", SIZES[0], scripts=False)
    page.get_by_label("Đường dẫn").fill(first_link(server))
    press(page, "Tiếp tục")
    # Who types at once types into the form.
    expect(page.get_by_label("Tên đăng nhập")).to_be_focused()
    page.get_by_label("Tên đăng nhập").fill("ha.hoang")
    page.get_by_label("Họ và tên").fill("Hoàng Thị Hà")
    page.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu mới").fill(PASSWORD)
    press(page, "Tạo mật khẩu và đăng nhập")
    page.goto(f"{server.url}/control/accounts")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Họ và tên").fill("Lan")
    page.get_by_label("Vai trò").select_option("viewer")
    press(page, "Thêm và lấy đường dẫn")
    link = page.locator(".handed [data-link]").input_value()
    assert re.fullmatch(rf"{server.url}/welcome#[\w-]+", link)

    other = open_page(link, SIZES[1], scripts=False)
    other.get_by_label("Đường dẫn").fill(link)
    press(other, "Tiếp tục")
    expect(other.get_by_label("Mật khẩu mới", exact=True)).to_be_focused()
    other.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    other.get_by_label("Nhập lại mật khẩu mới").fill(PASSWORD)
    press(other, "Tạo mật khẩu và đăng nhập")
    other.goto(f"{server.url}/account")
    assert "Theo dõi" in other.locator(".facts").inner_text()
    other.goto(f"{server.url}/control/accounts")
    assert "không có quyền" in other.locator("h1").inner_text()

    row = page.get_by_role("row", name="lan ")
    row.get_by_text("Thu hồi", exact=True).click()
    row.get_by_role("button", name="Thu hồi tài khoản").click()
    page.wait_for_load_state()
    assert "Đã thu hồi" in page.get_by_role("status").inner_text()
    other.goto(f"{server.url}/account")
    assert other.url.startswith(f"{server.url}/sign-in")
    expect(other.get_by_label("Tên đăng nhập")).to_be_focused()


def test_a_phone_is_turned_on_and_asked_for(server: Serving, open_page: Open) -> None:
    page = open_page(first_link(server), SIZES[0])
    assert fits(page)
    page.get_by_label("Tên đăng nhập").fill("ha")
    page.get_by_label("Họ và tên").fill("Hà")
    page.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu mới").fill(PASSWORD)
    press(page, "Tạo mật khẩu và đăng nhập")
    for path in ("/account", "/account/phone", "/control/accounts"):
        page.goto(server.url + path)
        assert fits(page), path
    page.goto(f"{server.url}/account/phone")
    # All of the picture is in its frame: three corners by which a phone finds it.
    picture = page.locator("svg.qr")
    drawn = picture.locator("path").last.bounding_box()
    edge = picture.bounding_box()
    assert drawn is not None
    assert edge is not None
    assert drawn["x"] + drawn["width"] < edge["x"] + edge["width"]
    assert drawn["y"] + drawn["height"] < edge["y"] + edge["height"]
    secret = page.locator(".secret").inner_text().replace(" ", "")
    step = wall_ms() // 1000 // totp.STEP_S
    page.get_by_label("Mã xác thực").fill(totp.code_at(secret, step))
    page.get_by_label("Mật khẩu hiện tại").fill(PASSWORD)
    press(page, "Bật xác thực hai bước")
    assert "Đã bật xác thực hai bước" in page.get_by_role("status").inner_text()
    press(page, "Đăng xuất mọi thiết bị")
    assert page.url.startswith(f"{server.url}/sign-in")
    sign_in(page, "ha", PASSWORD)
    assert "không đúng" in page.get_by_role("alert").inner_text()
    assert fits(page)
    sign_in(page, "ha", PASSWORD, totp.code_at(secret, step + 1))
    page.goto(f"{server.url}/account")
    assert "Đang bật" in page.locator("main").inner_text()
