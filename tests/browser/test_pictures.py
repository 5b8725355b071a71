"""Files in a browser: what their forms say of bad ones, rundowns that come in, the printed sheet, and a picture that
comes into sight decoded."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from dashboard.words.words import LANGS
from tests.browser.conftest import POLL_MS, Open
from tests.browser.control_room import ControlRoom, control_room, toast
from tests.browser.payloads import file
from tests.worlds.pictures import SCRIPTED, bomb, plain
from tests.worlds.workbooks import sheet

PAGE = "/control/pictures"
PAGES = re.compile(rb"/Type\s*/Page\b(?!s)")
"""In a PDF as Chromium writes it."""
OUT_MS = 500
LARGE_BYTES = 17 * 1024 * 1024
SEEN = """
new Promise((resolve) => new MutationObserver(() => {
  const picture = document.querySelector(".scene.picture:not(.waiting) img");
  if (picture !== null) resolve([picture.complete, picture.naturalWidth]);
}).observe(document.querySelector("[data-stage]"), { attributes: true, childList: true, subtree: true }))
"""
"""Whether the picture is there in the very moment in which its scene comes into sight, and how wide it is."""


@pytest.fixture
def room(tmp_path: Path, open_page: Open) -> Iterator[ControlRoom]:
    with control_room(tmp_path, open_page) as made:
        yield made


def look_at_rundowns(page: Page) -> None:
    """Of a workbook the faults are told by their places, of a good one what it changes; then it acts."""
    chosen, look = page.locator("#rundown-file"), page.get_by_role("button", name="Xem thay đổi…")
    title, act = page.locator("[data-rundown-title]"), page.locator("[data-rundown-do]")
    rows = ({"id": "a", "title": "Chào cờ", "unit": "27x19"}, {"id": "b", "title": "Cảm ơn", "say": "Ờ" * 5_000})
    chosen.set_input_files(file("kịch bản.xlsx", sheet(*rows)))
    look.click()
    expect(title).to_have_text("Chưa thay được: 2 chỗ cần sửa trong tệp. Kịch bản hiện tại giữ nguyên.")
    faults = page.locator("[data-rundown-faults] li")
    expect(faults.nth(0)).to_contain_text("Dòng 2, cột “Đơn vị”: cuộc thi không có đơn vị này")
    expect(faults.nth(1)).to_contain_text("Dòng 3, cột “Lời dẫn”: lời dẫn tối đa 4.000 ký tự")
    expect(act).to_be_hidden()
    chosen.set_input_files(file("kịch bản.pdf", b"%PDF-1.7"))
    look.click()
    expect(page.locator("[data-rundown-error]")).to_contain_text("đây không phải tệp Excel (.xlsx) (PDF)")
    chosen.set_input_files(file("kịch bản.xlsx", sheet({"id": "a", "title": "Chào cờ", "scene": "anthem"})))
    look.click()
    expect(page.locator("[data-rundown-changes]")).to_contain_text("Thêm “Chào cờ” (dòng 2)")
    act.click()
    expect(toast(page)).to_have_text("Đã thay kịch bản: 1 mục.")


def pages_of(page: Page) -> int:
    """How many sheets of paper a page takes."""
    return len(PAGES.findall(page.pdf(format="A4", prefer_css_page_size=True)))


def print_the_sheet(page: Page, room: ControlRoom) -> None:
    """It is one page of A4, also with an output for every director."""
    for lang in LANGS:
        page.goto(f"{room.server.url}/control/sheet?lang={lang}")
        assert pages_of(page) == 1, lang
    made = page.evaluate(
        """async () => { for (let n = 1; n <= 16; n += 1) await fetch("/api/v1/outputs",
          { method: "POST", body: JSON.stringify({ name: `tv${n}` }) });
          return (await (await fetch("/api/v1/outputs")).json()).outputs.length; }"""
    )
    assert made == 18
    for lang in LANGS:
        page.goto(f"{room.server.url}/control/sheet?lang={lang}")
        assert pages_of(page) == 1


def test_a_file_is_refused_in_its_form_and_a_picture_is_seen_once_it_is_decoded(
    room: ControlRoom, tmp_path: Path
) -> None:
    page = room.enter("lan", PAGE)
    chosen, error = page.locator("#picture-file"), page.locator("[data-upload-error]")
    upload = page.get_by_role("button", name="Tải lên", exact=True)
    # From the disk, as somebody chooses it: what a test hands over itself goes three times through its own line.
    large = tmp_path / "pano.png"
    large.write_bytes(bytes(LARGE_BYTES))
    for name, body, said in (
        (large.name, None, "Chưa nhận: tệp lớn hơn 16 MB"),
        ("cài đặt.png", b"MZ" + bytes(100), "Chưa nhận: tệp này không phải ảnh PNG, JPEG, WebP hoặc SVG (EXE)"),
        ("bom.png", bomb(), "Chưa nhận: ảnh quá lớn (60000 × 60000 px)"),
        ("logo.svg", SCRIPTED, "không mã lệnh"),
    ):
        chosen.set_input_files(large if body is None else file(name, body))
        upload.click()
        expect(error).to_contain_text(said)
        # What was filled in stands there.
        expect(page.locator("#picture-name")).to_have_value(name)
    chosen.set_input_files(file("Quốc kỳ.png", plain(size=(1920, 1280))))
    expect(error).to_be_hidden()
    upload.click()
    expect(toast(page)).to_have_text("Đã tải lên “Quốc kỳ.png”.")
    expect(page.locator(".pictures .picture input")).to_have_value("Quốc kỳ.png")
    look_at_rundowns(page)
    print_the_sheet(page, room)
    wall = room.open_page(room.server.url)
    asked: list[Route] = []
    held = {"picture"}
    wall.route("**/pictures/*", lambda route: asked.append(route) if held else route.continue_())
    seen = wall.evaluate_handle(f"({{ seen: {SEEN} }})")
    answered = page.evaluate(
        """async () => (await fetch("/api/v1/outputs/hall/take", { method: "POST", body: JSON.stringify(
          { scene: "picture", settings: { fit: "cover" }, seen: 1 }) })).status"""
    )
    assert answered == 200
    while not asked:
        wall.wait_for_timeout(POLL_MS)
    # It is on its way, longer than the scene before takes to go.
    wall.wait_for_timeout(OUT_MS)
    expect(wall.locator(".scene:not(.waiting)[data-name=live]")).to_be_visible()
    held.clear()
    for each in asked:
        each.continue_()
    assert seen.evaluate("(held) => held.seen") == [True, 1920]
    edges = ["::before", "::after"]
    look = "(edges) => edges.map((edge) => getComputedStyle(document.querySelector('.scene.picture'), edge).display)"
    # A theme draws its edge round a unit's `.picture`; none of it lies over one that was uploaded.
    assert wall.evaluate(look, edges) == ["none", "none"]
