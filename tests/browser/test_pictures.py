"""Pictures in a browser: what the form says of a file that holds none, and one that comes into sight decoded."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.browser.conftest import Open
from tests.browser.control_room import ControlRoom, control_room, toast
from tests.worlds.pictures import SCRIPTED, bomb, plain

PAGE = "/control/pictures"
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


def file(name: str, body: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="application/octet-stream", buffer=body)


def test_a_file_is_refused_in_its_form_and_a_picture_is_seen_once_it_is_decoded(room: ControlRoom) -> None:
    page = room.enter("lan", PAGE)
    chosen, error = page.locator("#picture-file"), page.locator("[data-upload-error]")
    upload = page.get_by_role("button", name="Tải lên", exact=True)
    for name, body, said in (
        ("pano.png", bytes(LARGE_BYTES), "Chưa nhận: tệp lớn hơn 16 MB"),
        ("cài đặt.png", b"MZ" + bytes(100), "Chưa nhận: tệp này không phải ảnh PNG, JPEG, WebP hoặc SVG (EXE)"),
        ("bom.png", bomb(), "Chưa nhận: ảnh quá lớn (60000 × 60000 px)"),
        ("logo.svg", SCRIPTED, "không mã lệnh"),
    ):
        chosen.set_input_files(file(name, body))
        upload.click()
        expect(error).to_contain_text(said)
        # What was filled in stands there.
        expect(page.locator("#picture-name")).to_have_value(name)
    chosen.set_input_files(file("Quốc kỳ.png", plain(size=(1920, 1280))))
    expect(error).to_be_hidden()
    upload.click()
    expect(toast(page)).to_have_text("Đã tải lên “Quốc kỳ.png”.")
    expect(page.locator(".pictures .picture input")).to_have_value("Quốc kỳ.png")
    wall = room.open_page(room.server.url)
    seen = wall.evaluate_handle(f"({{ seen: {SEEN} }})")
    answered = page.evaluate(
        """async () => (await fetch("/api/v1/outputs/hall/take", { method: "POST", body: JSON.stringify(
          { scene: "picture", settings: { fit: "cover" }, seen: 1 }) })).status"""
    )
    assert answered == 200
    assert seen.evaluate("(held) => held.seen") == [True, 1920]
