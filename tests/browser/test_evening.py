"""The evening by keys: the rundown, the launch, and what clickers, input methods and other hands do meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.control_room import ControlRoom, control_room, toast

PAGE = "/control/program"
RESTED_MS = 1_000
"""Later than the time within which a second press is refused."""


@pytest.fixture
def room(tmp_path: Path, open_page: Open) -> Iterator[ControlRoom]:
    with control_room(tmp_path, open_page) as made:
        made.add_source()
        yield made


def scene_of(wall: Page) -> Any:
    return wall.evaluate("document.querySelector('.scene').dataset.name")


def shows(wall: Page, name: str) -> None:
    expect(wall.locator(f".scene[data-name={name}]:not(.waiting)")).to_be_visible()
    expect(wall.locator(".scene")).to_have_count(1)


def rest(page: Page) -> None:
    page.wait_for_timeout(RESTED_MS)


def test_a_launch_is_unlocked_given_and_held_and_the_evening_goes_on_by_keys_alone(room: ControlRoom) -> None:
    room.send(3)
    lan, wall = room.enter("lan", PAGE), room.open_page(f"{room.server.url}/")
    ready, next_ = lan.locator("[data-text=ready]"), lan.locator(".rundown .line[data-state=next] .title")
    expect(next_).to_have_text("Đón đại biểu, kiểm tra điểm cầu")
    expect(lan.frame_locator("[data-picture=ready] iframe").locator(".scene")).to_have_attribute("data-name", "standby")
    lan.keyboard.press("Space")
    shows(wall, "standby")
    for _ in range(7):
        lan.keyboard.press("ArrowDown")
    expect(next_).to_have_text("Nghi thức phát động")
    expect(ready).to_have_text("Nghi thức phát động")
    assert scene_of(wall) == "standby"
    lan.keyboard.press("PageUp")
    expect(next_).to_have_text("Phát biểu chỉ đạo")
    rest(lan)
    lan.keyboard.press("PageDown")
    expect(lan.locator(".rundown .line[data-state=on] .title")).to_have_text("Phát biểu chỉ đạo")
    assert scene_of(wall) == "standby"
    rest(lan)
    lan.keyboard.press("Space")
    shows(wall, "launch")
    lan.keyboard.press("KeyL")
    expect(lan.locator("[data-key=launch]")).to_be_disabled()
    lan.keyboard.press("KeyM")
    expect(lan.locator("[data-key=launch]")).to_be_enabled()
    lan.keyboard.press("KeyL")
    expect(wall.locator(".scene[data-cue=launch]")).to_be_visible()
    rest(lan)
    lan.keyboard.press("Space")
    expect(toast(lan)).to_contain_text("Đang phát động")
    assert scene_of(wall) == "launch"
    lan.keyboard.press("Space")
    shows(wall, "live")


def test_an_item_is_edited_and_what_was_typed_outlives_somebody_elses_edit(room: ControlRoom) -> None:
    lan, minh = room.enter("lan", PAGE), room.enter("minh", PAGE)
    first = lan.locator(".rundown .line").first
    first.get_by_role("button", name="Sửa").click()
    dialog = lan.locator("[data-item-dialog]")
    dialog.get_by_label("Nội dung").fill("Đón khách")
    minh.locator(".rundown .line").first.get_by_role("button", name="Bỏ qua").click()
    expect(first).to_have_attribute("data-state", "skipped")
    dialog.get_by_role("button", name="Lưu").click()
    expect(dialog.locator("[data-item-fault]")).to_contain_text("Kịch bản vừa được Trần Văn Minh sửa lúc")
    expect(dialog.get_by_label("Nội dung")).to_have_value("Đón khách")
    dialog.get_by_role("button", name="Lưu").click()
    expect(dialog).to_be_hidden()
    expect(minh.locator(".rundown .line .title").first).to_have_text("Đón khách")
