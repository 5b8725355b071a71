"""The page of overlays in a browser: what was typed is shown, or prepared; a key clears; a hand is refused."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.control_room import WARD, WARD_NAME, ControlRoom, control_room, toast
from tests.browser.shells import frame_of

PAGE = "/control/overlays"
TYPED_MS = 1_100
"""Longer than keys are off after a field was left."""
HOLD = """async () => {
  const { version } = await (await fetch('/api/v1/outputs/tv1/overlays')).json();
  return (await fetch('/api/v1/outputs/tv1/lock', { method: 'POST', body: JSON.stringify({ seen: version }) })).status;
}"""


@pytest.fixture
def room(tmp_path: Path, open_page: Open) -> Iterator[ControlRoom]:
    with control_room(tmp_path, open_page) as made:
        yield made


def press(page: Page, overlay: str, what: str) -> None:
    page.locator(f"[data-overlay={overlay}] [data-do={what}]").click()


def test_a_director_shows_what_was_typed_prepares_and_clears_by_a_key(room: ControlRoom, open_page: Open) -> None:
    lan = room.enter("lan", PAGE)
    lan.evaluate("fetch('/api/v1/outputs', {method: 'POST', body: '{\"name\": \"tv1\"}'})")
    dao = room.enter("dao", PAGE)
    on_air = open_page(f"{room.server.url}/overlays/lower-third?out=tv1", (1280, 720))
    stage = frame_of(on_air).locator("main")
    card, form = dao.locator("[data-overlay=lower-third]"), dao.locator("[data-form=lower-third]")
    card.get_by_role("heading").click()
    form.locator("[data-field=name]").fill("Nguyễn Văn A")
    form.locator("[data-field=titles]").fill("Bí thư\nChủ tịch")
    picture = dao.frame_locator("[data-picture] iframe")
    expect(picture.locator("[data-field=name]")).to_have_text("Nguyễn Văn A")
    expect(dao.locator("iframe")).to_have_count(1)
    expect(card.locator("[data-says=unsent]")).to_be_visible()
    expect(stage.locator("[data-field=name]")).to_have_count(0)
    card.locator("[data-keep]").check()
    press(dao, "lower-third", "show")
    expect(toast(dao)).to_contain_text("Chưa lên hình: nội dung bảng tên này chưa được duyệt")
    dao.locator("[data-form-do=arm]").click()
    expect(dao.locator("[data-form-do=arm]")).to_have_attribute("aria-pressed", "true")
    press(dao, "lower-third", "show")
    expect(stage.locator("[data-field=titles] p")).to_have_text(["Bí thư", "Chủ tịch"])
    expect(card).to_have_attribute("data-state", "shown")
    expect(card.locator("[data-says=unsent]")).to_be_hidden()

    # What is typed for the next one is not on air until it is shown.
    press(dao, "lower-third", "hide")
    expect(card).to_have_attribute("data-state", "hidden")
    expect(stage).not_to_have_class("shown")
    form.locator("[data-field=name]").fill("")
    form.locator("[data-field=titles]").fill("")
    form.locator("[data-field=unit]").fill("tran phu")
    form.get_by_role("option", name=WARD_NAME).click()
    dao.locator("[data-form-do=update]").click()
    expect(card.locator("[data-says=what]")).to_have_text(WARD_NAME)
    expect(card).to_have_attribute("data-state", "hidden")
    press(dao, "lower-third", "show")
    expect(stage.locator(f"[data-topic='unit/{WARD}']")).to_have_count(1)
    expect(stage).to_have_class("frame shown")

    # The hall's hand ends where the director holds his output; what it may not do it is told.
    assert dao.evaluate(HOLD) == 200
    lan.goto(f"{room.server.url}{PAGE}?out=tv1")
    expect(lan.locator("[data-line=locked]")).to_contain_text("Phạm Thị Đào đang giữ")
    expect(lan.locator("[data-overlay=lower-third] [data-do=hide]")).to_be_disabled()
    lan.keyboard.press("x")
    expect(toast(lan)).to_contain_text("Phạm Thị Đào đang giữ đầu ra này")
    expect(stage).to_have_class("frame shown")

    # In a field the key is a letter; outside it takes all away.
    form.locator("[data-field=name]").press("x")
    expect(form.locator("[data-field=name]")).to_have_value("x")
    dao.locator("[data-clear]").focus()
    dao.wait_for_timeout(TYPED_MS)
    dao.keyboard.press("x")
    expect(stage).to_have_attribute("class", "frame still")
    expect(dao.locator("[data-state=shown]")).to_have_count(0)

    # What a renderer has to tell is there until somebody has looked.
    on_air.evaluate("update('{')")
    told = dao.locator("[data-renderer-faults-list] li")
    expect(told).to_contain_text("máy 127.0.0.1 · Dải chữ · thông tin máy phát gửi không đọc được (JSON sai cú pháp)")
    expect(lan.locator("[data-renderer-faults-list] li")).to_have_count(1)
    dao.locator("[data-renderer-faults-seen]").click()
    expect(told).to_have_count(0)
    expect(lan.locator("[data-renderer-faults]")).to_be_hidden()


LOGO = {"left": 1560, "top": 54, "width": 264, "height": 120}


def test_a_box_that_is_drawn_moves_what_is_on_air_and_a_theme_dresses_it(room: ControlRoom, open_page: Open) -> None:
    lan = room.enter("lan", PAGE)
    lan.evaluate("fetch('/api/v1/outputs', {method: 'POST', body: '{\"name\": \"tv1\"}'})")
    dao = room.enter("dao", PAGE)
    renderer = frame_of(open_page(f"{room.server.url}/overlays/bug?out=tv1&safe=1", (1280, 720)))
    stage = renderer.locator("main.shown")
    before = stage.locator(".plate").bounding_box()
    dao.locator("[data-frame] summary").click()
    frame = dao.locator("[data-box-frame]")
    frame.scroll_into_view_if_needed()
    place = frame.bounding_box()
    assert before is not None
    assert place is not None
    scale = place["width"] / 1920
    dao.mouse.move(place["x"] + scale * LOGO["left"], place["y"] + scale * LOGO["top"])
    dao.mouse.down()
    dao.mouse.move(place["x"] + scale * 1824, place["y"] + scale * 174, steps=3)
    dao.mouse.up()
    expect(dao.locator("[data-boxes] input")).to_have_count(4)
    for name in ("left", "top", "width", "height"):
        dao.locator(f"[data-box={name}]").fill(str(LOGO[name]))
    dao.locator("[data-boxes] select").select_option("logo")
    dao.locator("[data-frame-theme]").select_option("light")
    expect(dao.locator("[data-frame-unsaved]")).to_be_visible()
    dao.locator("[data-frame-save]").click()
    expect(toast(dao)).to_contain_text("Đã lưu vùng chừa và giao diện")
    expect(dao.locator("[data-frame-unsaved]")).to_be_hidden()

    # In the renderer, without loading it anew: to the other corner, in the other theme, the box drawn for who looks.
    expect(stage).to_have_attribute("data-at", "top-left")
    expect(renderer.locator("link[data-theme][href$='/light.css']")).to_have_count(1)
    expect(renderer.locator(".kept-out")).to_have_count(1)
    after = stage.locator(".plate").bounding_box()
    assert after is not None
    assert after["x"] < before["x"] / 2

    # One that leaves no room is refused, and stays to be mended.
    for name, value in {"left": "0", "width": "1920", "height": "1026"}.items():
        dao.locator(f"[data-box={name}]").fill(value)
    dao.locator("[data-frame-save]").click()
    expect(toast(dao)).to_contain_text("không còn đủ chỗ cho lớp phủ")
    expect(dao.locator("[data-frame-unsaved]")).to_be_visible()
    expect(stage).to_have_attribute("data-at", "top-left")
    dao.reload()
    dao.locator("[data-frame] summary").click()
    expect(dao.locator("[data-box=width]")).to_have_value("264")
    expect(dao.locator("[data-frame-theme]")).to_have_value("light")
