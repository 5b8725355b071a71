"""The page of people's straps in a browser: in from a file, found without marks, approved, and approved no more."""

from pathlib import Path

from playwright.sync_api import expect

from dashboard.exports.strap_xlsx import straps_xlsx
from dashboard.overlays.straps import Strap, StrapList
from tests.browser.conftest import Open
from tests.browser.control_room import control_room, toast
from tests.browser.payloads import file


def workbook(*names: str) -> bytes:
    people = (Strap(id=name, version=1, name=name, titles=("Ủy viên",)) for name in names)
    return straps_xlsx(StrapList(1, tuple(people)), "vi")


def test_the_office_takes_a_list_in_and_approves_it_and_a_director_sees_what_is_approved(
    tmp_path: Path, open_page: Open
) -> None:
    with control_room(tmp_path, open_page) as room:
        page = room.enter("lan", "/control/straps")
        chosen, look = page.locator("#straps-file"), page.get_by_role("button", name="Xem thay đổi…")
        chosen.set_input_files(file("ds.xlsx", workbook("Nguyễn Văn A", "nguyễn văn a")))
        look.click()
        expect(page.locator("[data-straps-faults] li")).to_contain_text("Dòng 3, cột “Họ và tên”: tên này đã có")
        expect(page.locator("[data-straps-do]")).to_be_hidden()
        chosen.set_input_files(file("ds.xlsx", workbook("Trần Thị B", "Nguyễn Văn A")))
        look.click()
        expect(page.locator("[data-straps-changes] li")).to_have_text(
            ["Thêm “Trần Thị B” (dòng 2)", "Thêm “Nguyễn Văn A” (dòng 3)"]
        )
        page.locator("[data-straps-do]").click()
        rows = page.locator("[data-straps] tr")
        expect(rows).to_have_count(2)
        page.locator("#strap-search").fill("nguyen van a")
        expect(rows).to_have_count(1)
        rows.get_by_role("button", name="Duyệt", exact=True).click()
        expect(toast(page)).to_have_text("Đã duyệt “Nguyễn Văn A”.")
        expect(rows.locator(".approval")).to_contain_text("Đã duyệtNguyễn Thị Lan")
        director = room.enter("dao", "/control/straps")
        expect(director.locator("[data-state=approved] .called")).to_have_text("Nguyễn Văn A")
        expect(director.locator("main button")).to_have_count(0)
        desk = room.enter("minh", "/control/overlays")
        card = desk.locator("[data-overlay=lower-third]")
        card.get_by_role("heading").click()
        desk.locator("[data-prepared-search]").fill("nguyen van a")
        desk.locator("[data-prepared-list] button").click()
        expect(desk.locator("[data-form-do=arm]")).to_be_hidden()
        card.locator("[data-do=show]").click()
        expect(card).to_have_attribute("data-state", "shown")
        expect(card.locator("[data-says=what]")).to_contain_text("Nguyễn Văn A")
        rows.get_by_role("button", name="Sửa").click()
        page.get_by_label("Viết hoa toàn bộ tên").check()
        page.get_by_role("button", name="Lưu").click()
        expect(rows.locator(".called")).to_have_text("NGUYỄN VĂN A")
        expect(rows.locator(".state")).to_have_text("Chưa duyệt")
