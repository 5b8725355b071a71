"""The page of the roll call in a browser: held by keys, heard live, and by a district for its own alone."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.control_room import DISTRICT, WARD, WARD_NAME, control_room, toast


def test_the_roll_is_called_by_keys_and_what_is_ticked_stays_where_it_stands(tmp_path: Path, open_page: Open) -> None:
    with control_room(tmp_path, open_page) as room:
        page = room.enter("lan", "/control/points")
        rows = page.locator("[data-roll-points] tr:visible")
        chosen = page.locator("[data-roll-points] [aria-selected=true]")
        expect(rows).to_have_count(205)
        expect(chosen).to_have_attribute("data-code", "02")
        page.keyboard.press("Enter")
        expect(page.locator("[data-roll=connected]")).to_have_text("1/205")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("m")
        expect(chosen).to_have_attribute("data-bridge", "0")
        expect(chosen).to_have_attribute("data-code", DISTRICT)
        page.locator("[data-roll-filter=left]").click()
        expect(rows).to_have_count(204)
        page.keyboard.press("/")
        page.keyboard.type("tran phu")
        expect(rows).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.locator("[data-card=name]")).to_have_text(WARD_NAME)
        page.keyboard.press("Enter")
        # It is connected now, and does not leave from under the cursor.
        expect(chosen).to_have_attribute("data-bridge", "1")
        expect(rows).to_have_count(1)
        page.keyboard.press("Escape")
        expect(rows).to_have_count(204)
        expect(page.locator("[data-card=name]")).to_have_text(WARD_NAME)
        page.locator("#people-chair").fill("Lò Thị Mỷ")
        page.locator("#people-present").fill("24")
        page.get_by_role("button", name="Lưu").click()
        expect(toast(page)).to_contain_text(WARD_NAME)
        expect(chosen.locator(".chair")).to_have_text("Lò Thị Mỷ")
        page.locator("[data-card-call=soon]").click()
        expect(chosen.locator("[data-call]")).to_have_text("Sắp lên hình")
        page.locator("[data-roll-list]").click()
        page.locator("#roll-list-text").fill("TT. Phó Bảng\nĐồng Văn\n00691")
        page.get_by_role("button", name="Xem trước").click()
        expect(page.locator("[data-list-faults]")).to_contain_text("Dòng 2: “Đồng Văn”, nhiều đơn vị cùng tên")
        page.get_by_role("button", name="Ghi đã kết nối").click()
        expect(page.locator("[data-roll=connected]")).to_have_text("3/205")
        expect(page.locator("[data-roll=present]")).to_have_text("24")
        district = room.enter("cau", "/control/points")
        expect(district.locator("[data-roll-points] tr")).to_have_count(9)
        expect(district.locator("[data-roll=connected]")).to_have_text("1/9")
        expect(district.locator("nav a")).to_have_text(["Điểm cầu"])
        expect(district.locator(f"[data-code='{WARD}'] .chair")).to_have_text("Lò Thị Mỷ")
        # What is told is on disk: the server is cut off, and the pages go on when it is back.
        room.server.kill()
        room.server.start()
        expect(district.locator("[data-roll=connected]")).to_have_text("1/9")
        district.locator("[data-card-missing]").click()
        expect(page.locator(f"[data-code='{DISTRICT}']")).to_have_attribute("data-bridge", "0")
        expect(page.locator("[data-roll=connected]")).to_have_text("3/205")
