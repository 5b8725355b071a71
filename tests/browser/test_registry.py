"""The registry of screens over real windows: they are listed, named, told another address, loaded anew, found."""

from pathlib import Path

from playwright.sync_api import Frame, Locator, Page, expect

from tests.browser.conftest import Open, looks
from tests.browser.control_room import control_room

WAIT_MS = 60_000
"""A screen reports at most each 10 s, and a second window of a profile waits 5 s for the first one's answer."""
SWAPPED = """() => {
    window.naked = 0;
    const look = () => {
        if (document.querySelectorAll("iframe.shown").length !== 1) window.naked += 1;
        requestAnimationFrame(look);
    };
    look();
}"""
"""Counts the painted frames from now on in which not exactly one screen is seen."""


def frame(page: Page) -> Frame:
    held = page.query_selector("iframe.shown")
    found = held.content_frame() if held else None
    assert found is not None
    return found


def eventually(page: Page, expression: str) -> None:
    assert any(page.evaluate(f"Boolean({expression})") for _ in looks(page, WAIT_MS)), expression


def change(page: Page, of: Locator, name: str, show: str) -> None:
    of.get_by_role("button", name="Sửa").click()
    page.locator("#screen-name").fill(name)
    page.locator("#screen-show").fill(show)
    page.get_by_role("button", name="Lưu").click()


def test_windows_are_named_told_what_to_show_loaded_anew_and_found_to_be_old(tmp_path: Path, open_page: Open) -> None:
    expect.set_options(timeout=WAIT_MS)
    with control_room(tmp_path, open_page) as room:
        wall = open_page(room.server.url, (1024, 576), held=True, still=True)
        page = room.enter("lan", "/control/screens")
        of_wall = page.locator("[data-strangers] tr").filter(has_text="Hội trường")
        expect(of_wall).to_have_count(1)
        expect(of_wall.locator(".place")).to_contain_text("board · hàng")
        expect(of_wall.locator(".machine")).to_contain_text("1024×576")

        # Named, it is one of ours; what cannot be is refused where it was typed, and changes nothing.
        change(page, of_wall, "Sảnh A", "/units/xx")
        expect(page.locator("[data-screen-error]")).to_have_text(
            "Chưa lưu: không có địa chỉ như vậy (/units/xx). Ví dụ: /?out=tv1, /units/024."
        )
        page.locator("#screen-show").fill("")
        page.get_by_role("button", name="Lưu").click()
        named = page.locator("[data-screens] tr").filter(has_text="Sảnh A")
        expect(named).to_have_count(1)

        # It shows its name.
        named.get_by_role("button", name="Hiện tên").click()
        wall.wait_for_timeout(50)
        expect(wall.frame_locator("iframe.shown").locator(".identified")).to_have_text("Sảnh A")
        expect(wall.frame_locator("iframe.shown").locator(".identified")).to_have_count(0)

        # Another address comes as a new load does: the old picture stands until it is painted.
        wall.evaluate(SWAPPED)
        change(page, named, "Sảnh A", f"{room.server.url}/units/024?lang=vi")
        eventually(wall, "location.pathname === '/units/024'")
        expect(named.locator(".called")).to_contain_text("/units/024?lang=vi")
        eventually(wall, "document.querySelectorAll('iframe').length === 1")
        wall.evaluate("void (document.querySelector('iframe').dataset.before = '')")
        named.get_by_role("button", name="Tải lại").click()
        eventually(wall, "document.querySelector('iframe.shown:not([data-before])')")
        assert wall.evaluate("window.naked") == 0

        # A second window of the same profile at the same address is another screen.
        second = wall.context.new_page()
        second.goto(room.server.url)
        expect(page.locator("[data-strangers] tr").filter(has_text="Hội trường")).to_have_count(1)
        expect(named).to_have_count(1)

        # A page of another release says so.
        frame(wall).evaluate("document.querySelector('meta[name=made]').content = 'an-older-release'")
        expect(named.locator(".state")).to_contain_text("Trang cũ")
        expect(page.locator("[data-screens-count]")).to_contain_text("1 trang cũ")

        # Closed and opened again at the address that it was opened with, it takes the one that it was given.
        wall.close()
        again = second.context.new_page()
        again.goto(room.server.url)
        eventually(again, "location.pathname === '/units/024'")
        expect(named.locator(".state")).to_contain_text("Đang mở")
