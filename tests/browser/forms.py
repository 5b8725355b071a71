"""How a person fills in forms of accounts."""

from playwright.sync_api import Page

from tests.worlds.process import Serving


def first_link(server: Serving) -> str:
    """The link that the server prints once it is ready."""
    assert server.process is not None
    assert server.process.stdout is not None
    return [server.process.stdout.readline() for _ in range(3)][-1].strip()


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_load_state()


def sign_in(page: Page, login: str, password: str, code: str = "") -> None:
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_label("Mã xác thực").fill(code)
    press(page, "Đăng nhập")
