"""Takes in a browser, past 350 lines by its one set-up: two rooms and two walls in step, refusals, a wall back."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Locator, Page, expect

from server.folder.files import ADMIN_FILE
from streaming.ledger.sqlite import address
from streaming.program.output import Output
from tests.browser.conftest import POLL_MS, WAIT_MS, Open, until
from tests.browser.control_room import WARD, ControlRoom, control_room, toast
from tests.browser.keys import take
from tests.browser.open_contest import AT

PAGE = "/control/program"
RESTED_MS = 1_000
"""Later than the time within which a second press is refused."""
HELD_MS = 700
"""Longer than a key must be held that does something grave."""


@pytest.fixture
def room(tmp_path: Path, open_page: Open) -> Iterator[ControlRoom]:
    with control_room(tmp_path, open_page) as made:
        made.add_source()
        yield made


def press(page: Page, scene: str) -> Locator:
    return page.locator(f"[data-take={scene}] [data-take-button]")


def on_air(page: Page) -> Locator:
    return page.locator("[data-on-air] [data-text=scene]")


def scene_of(wall: Page) -> Any:
    return wall.evaluate("document.querySelector('.scene').dataset.name")


def shows(wall: Page, name: str) -> None:
    expect(wall.locator(f".scene[data-name={name}]:not(.waiting)")).to_be_visible()
    expect(wall.locator(".scene")).to_have_count(1)


def rest(page: Page) -> None:
    page.wait_for_timeout(RESTED_MS)


def hold(page: Page, key: str) -> None:
    """Hold a key down for as long as what is grave asks."""
    *before, last = key.split("+")
    for each in before:
        page.keyboard.down(each)
    page.keyboard.down(last)
    page.wait_for_timeout(HELD_MS)
    for each in (last, *before):
        page.keyboard.up(each)


def kept_scene(admin: sqlite3.Connection) -> str:
    """The scene on air in the hall, as the file has it."""
    (body,) = admin.execute("SELECT body FROM outputs WHERE name = 'hall'").fetchone()
    return msgspec.json.decode(body, type=Output).scene.name


def wait_for_kept(room: ControlRoom, page: Page, scene: str) -> None:
    """Wait until a scene is what the server would come back to: it is told first and written after."""
    deadline_s = time.monotonic() + WAIT_MS / 1000
    with closing(sqlite3.connect(address(room.server.data / ADMIN_FILE, "ro"), uri=True)) as admin:
        while kept_scene(admin) != scene:
            assert time.monotonic() < deadline_s
            page.wait_for_timeout(POLL_MS)


def test_a_press_changes_every_wall_and_both_control_rooms_in_place(room: ControlRoom) -> None:
    room.send(3)
    lan, minh = room.enter("lan", PAGE), room.enter("minh", PAGE)
    walls = [room.open_page(f"{room.server.url}/?lang={lang}") for lang in ("vi", "en")]
    for wall in walls:
        shows(wall, "live")
        wall.evaluate("window.isTheSame = true")
    expect(on_air(minh)).to_have_text("Số liệu trực tiếp")
    press(lan, "standings").click()
    expect(toast(lan)).to_have_text("Đã chuyển sang “Xếp hạng”")
    for wall in walls:
        shows(wall, "standings")
    for page in (lan, minh):
        expect(on_air(page)).to_have_text("Xếp hạng")
        expect(page.locator("[data-text=facts]")).to_contain_text("Nguyễn Thị Lan")
        expect(page.locator("[data-take=standings]")).to_have_attribute("data-state", "on-air")
    rest(lan)
    press(minh, "live").click()
    for wall in walls:
        shows(wall, "live")
        assert wall.evaluate("window.isTheSame"), "a take loads nothing anew"
    expect(on_air(lan)).to_have_text("Số liệu trực tiếp")


def test_keys_on_a_wall_do_nothing_unless_it_was_opened_with_a_scene(room: ControlRoom) -> None:
    room.send(3)
    wall, pinned = room.open_page(f"{room.server.url}/"), room.open_page(f"{room.server.url}/?scene=live")
    wall.keyboard.press("Digit2")
    take(pinned, "Digit2", "standings")
    shows(pinned, "standings")
    assert scene_of(wall) == "live"
    assert wall.locator("nav").count() == 0
    press(room.enter("lan", PAGE), "standby").click()
    shows(wall, "standby")
    shows(pinned, "standings")


def test_a_wall_that_is_loaded_anew_or_comes_back_after_a_kill_shows_what_is_on_air(room: ControlRoom) -> None:
    wall, lan = room.open_page(f"{room.server.url}/"), room.enter("lan", PAGE)
    press(lan, "standby").click()
    shows(wall, "standby")
    expect(on_air(lan)).to_have_text("Chờ bắt đầu")
    wait_for_kept(room, lan, "standby")
    room.server.kill()
    shows(wall, "standby")
    room.server.start()
    wall.reload()
    shows(wall, "standby")
    press(lan, "live").click()
    shows(wall, "live")


def test_who_presses_after_somebody_else_is_told_what_is_on_air(room: ControlRoom) -> None:
    lan, minh = room.enter("lan", PAGE), room.enter("minh", PAGE)
    # The line of one of them is slow: his press is sent as he saw the page, after hers.
    minh.evaluate(
        "() => { const fetched = window.fetch; window.fetch = async (...asked) => {"
        " if (asked[1].method === 'POST') await new Promise((go) => { window.go = go; });"
        " return fetched(...asked); }; }"
    )
    press(minh, "live").click()
    press(lan, "standby").click()
    expect(on_air(lan)).to_have_text("Chờ bắt đầu")
    rest(lan)
    minh.evaluate("() => window.go()")
    expect(toast(minh)).to_contain_text("Chưa thực hiện: Nguyễn Thị Lan vừa chuyển sang “Chờ bắt đầu” lúc")
    expect(on_air(minh)).to_have_text("Chờ bắt đầu")


def test_scenes_without_data_say_what_they_wait_for_and_become_ready_by_themselves(room: ControlRoom) -> None:
    lan = room.enter("lan", PAGE)
    expect(press(lan, "standings")).to_be_disabled()
    expect(lan.locator("[data-take=standings] [data-why]")).to_have_text(
        "Chưa chuyển được: chưa có lượt thi nào hoàn thành"
    )
    expect(press(lan, "standby")).to_be_enabled()
    room.send(1)
    expect(press(lan, "standings")).to_be_enabled()
    expect(lan.locator("[data-take=standings] [data-why]")).to_be_hidden()


def test_the_total_is_offered_and_taken_by_a_person_alone(room: ControlRoom) -> None:
    lan, wall = room.enter("lan", PAGE), room.open_page(f"{room.server.url}/")
    offer = lan.locator("[data-offer]")
    is_next = lan.locator("[data-rundown-items] [data-state=next]")
    room.post([{"id": f"s{n}", "kind": "started", "unit": WARD, "at": AT} for n in range(20)])
    room.send(1)
    expect(press(lan, "standings")).to_be_enabled()
    expect(offer).to_be_hidden()
    room.send(1)
    expect(offer).to_be_visible()
    expect(offer).to_contain_text("Đã có 2 lượt thi trên 20 lượt vào thi.")
    lead = wall.locator(".scene:not(.waiting) .lead-label")
    expect(lead).to_have_text("Lượt vào thi")
    # It may wait for its turn in the rundown, at which somebody takes it.
    lan.locator("[data-offer-item]").click()
    expect(is_next.locator(".title")).to_have_text("Chuyển sang Tổng số lượt thi")
    expect(is_next.locator(".facts")).to_have_text("Số liệu trực tiếp")
    rest(lan)
    lan.keyboard.press("Space")
    expect(wall.locator(".scene")).to_have_count(1)
    expect(lead).to_have_text("Tổng số lượt thi")
    expect(offer).to_be_hidden()
    expect(lan.get_by_role("radio", name="Tổng số lượt thi")).to_be_checked()


def test_an_output_is_stilled_held_and_broken_and_both_control_rooms_say_so(room: ControlRoom) -> None:
    lan, minh = room.enter("lan", f"{PAGE}?out=points"), room.enter("minh", f"{PAGE}?out=points")
    wall = room.open_page(f"{room.server.url}/?out=points")
    shows(wall, "live")
    for page in (lan, minh):
        page.get_by_role("button", name="Khóa phím vào Điểm cầu").click()
    hold(lan, "Shift+Escape")
    tag = minh.locator("[data-on-air] [data-text=tag]")
    expect(tag).to_contain_text("ĐANG DỪNG HÌNH · 00:0")
    expect(minh.locator("[data-card=points] [data-card-mark]")).to_have_text("DỪNG HÌNH")
    lan.keyboard.press("Digit0")
    expect(minh.locator("[data-text=behind]")).to_have_text("Khi đi tiếp sẽ hiện “Phông chính”")
    shows(wall, "live")
    # A blank asks first: a still picture is not left by a stray press.
    minh.keyboard.press("Space")
    expect(minh.locator("[data-ask=resume]")).to_be_visible()
    minh.keyboard.press("Enter")
    expect(tag).to_have_text("Đang hiện")
    shows(wall, "backdrop")
    # The scene before goes into preview alone; a blank puts it on air, whatever was pressed by pointer last.
    rest(lan)
    lan.locator("[data-key=back]").click()
    expect(minh.locator("[data-text=ready]")).to_have_text("Số liệu trực tiếp")
    shows(wall, "backdrop")
    expect(lan.locator("[data-key=ready]")).to_be_enabled()
    lan.keyboard.press("Space")
    shows(wall, "live")
    lan.locator("[data-desk=lock]").click()
    expect(minh.locator("[data-text=held]")).to_have_text("Đạo diễn hình đang giữ: Nguyễn Thị Lan")
    expect(minh.locator("[data-key=panic]")).to_be_disabled()
    minh.locator("button[data-desk=break]").click()
    minh.get_by_label("Lý do").fill("mất liên lạc")
    minh.keyboard.press("Enter")
    expect(lan.locator("[data-line=broken]")).to_contain_text("Trần Văn Minh đã mở khóa của Nguyễn Thị Lan lúc")
    expect(lan.locator("[data-line=broken]")).to_contain_text("Lý do: mất liên lạc")


def test_an_output_is_made_made_late_and_shown_the_rehearsal_after_what_it_does_was_said(room: ControlRoom) -> None:
    lan, minh = room.enter("lan", PAGE), room.enter("minh", PAGE)
    lan.locator("[data-desk=make]").click()
    expect(lan.locator("[data-ask=make]")).to_contain_text(f"{room.server.url}/?out=tv1")
    lan.keyboard.press("Enter")
    expect(lan.locator("[data-card=tv1]")).to_have_attribute("aria-current", "page")
    expect(minh.locator("[data-card=tv1]")).to_contain_text("Riêng")
    delay = lan.locator("form[data-desk=delay]")
    delay.get_by_role("textbox").fill("45")
    delay.get_by_role("button").click()
    # A field that was wrong once can be put right.
    delay.get_by_role("textbox").fill("1,8")
    delay.get_by_role("button").click()
    expect(minh.locator("[data-card=tv1]")).to_contain_text("chậm 1,8 giây")
    lan.locator("form[data-desk=follow] select").select_option("hall")
    lan.locator("form[data-desk=follow] button").click()
    expect(minh.locator("[data-card=tv1]")).to_contain_text("Theo Hội trường")
    lan.locator("[data-copy]").click()
    assert lan.evaluate("document.activeElement === document.body"), "the page's keys are keys again"
    # Right after a press by pointer no button keeps the focus.
    until(
        lan,
        "(document.querySelector('button[data-desk=store]').focus(), document.activeElement.dataset.desk === 'store')",
    )
    for _ in range(3):
        lan.keyboard.down("Enter")
    lan.keyboard.up("Enter")
    # Enter that is held has opened the question, and confirmed nothing.
    expect(lan.locator("[data-ask=store]")).to_contain_text("TỔNG DUYỆT · SỐ LIỆU GIẢ ĐỊNH")
    lan.keyboard.press("Enter")
    expect(minh.locator("[data-card=tv1] [data-card-rehearsal]")).to_be_visible()
    assert minh.locator("[data-card=hall] [data-card-rehearsal]").is_hidden()
    lan.locator("button[data-desk=rehearse]").click()
    lan.locator("[data-ask=rehearse]").get_by_text("×5").click()
    lan.keyboard.press("Enter")
    expect(lan.locator("[data-rundown-pace]")).to_contain_text("Tổng duyệt ×5")
    lan.locator("button[data-desk=remove]").click()
    lan.keyboard.press("Enter")
    expect(lan.locator("[data-card=hall]")).to_have_attribute("aria-current", "page")
    assert lan.locator("[data-card=tv1]").count() == 0
    expect(minh.locator("[data-card=tv1]")).to_be_hidden()


def test_keys_steer_the_hall_until_they_are_locked_into_the_output_that_is_looked_at(room: ControlRoom) -> None:
    room.send(3)
    lan = room.enter("lan", f"{PAGE}?out=points")
    steered, facts = lan.locator("[data-keys-output]"), lan.locator("[data-keys-facts]")
    hall, points = (room.open_page(f"{room.server.url}/?out={out}") for out in ("hall", "points"))
    # Held by hand it goes its own way.
    lan.locator("[data-desk=lock]").click()
    press(lan, "standings").click()
    for wall, scene in ((hall, "live"), (points, "standings")):
        shows(wall, scene)
    expect(steered).to_have_text("Hội trường")
    expect(facts).to_contain_text("Đang hiện: Số liệu trực tiếp")
    expect(lan.locator("[data-key=standby] [data-of-output]")).to_have_text("Hội trường")
    expect(lan.locator("[data-act=hold]")).to_contain_text("mọi đầu ra")
    rest(lan)
    lan.keyboard.press("Digit0")
    shows(hall, "backdrop")
    assert scene_of(points) == "standings"
    lan.get_by_role("button", name="Khóa phím vào Điểm cầu").click()
    expect(lan.locator("[data-key=standby] [data-of-output]")).to_have_text("Điểm cầu")
    # So it stays on the page of another output, and where the page is loaded anew.
    lan.locator("[data-card=hall]").click()
    expect(lan.locator("[data-card=hall]")).to_have_attribute("aria-current", "page")
    expect(steered).to_have_text("Điểm cầu")
    expect(facts).to_contain_text("Đang hiện: Xếp hạng")
    lan.keyboard.press("Digit0")
    shows(points, "backdrop")
    lan.get_by_role("button", name="Trả phím về Hội trường").click()
    expect(steered).to_have_text("Hội trường")
    expect(lan.get_by_role("button", name="Khóa phím vào")).to_have_count(0)


def test_wrong_numbers_are_taken_off_stepped_back_and_put_back_and_a_director_is_told(room: ControlRoom) -> None:
    room.send(3)
    lan = room.enter("lan", PAGE)
    lan.locator("[data-desk=make]").click()
    lan.keyboard.press("Enter")
    expect(lan.locator("[data-card=tv1]")).to_have_attribute("aria-current", "page")
    lan.goto(f"{room.server.url}{PAGE}")
    director = room.enter("dao", PAGE)
    director.locator("[data-desk=lock]").click()
    expect(lan.locator("[data-card=tv1]")).to_contain_text("Đạo diễn hình đang giữ: Phạm Thị Đào")
    wall = room.open_page(f"{room.server.url}/")
    shows(wall, "live")
    lan.locator("[data-key=withdraw]").click()
    said = lan.locator("[data-withdraw]")
    expect(said).to_contain_text("Phông chính hiện ngay ở: Hội trường, Điểm cầu.")
    expect(said).to_contain_text("TV 1: giữ hình của mình")
    lan.keyboard.press("Enter")
    shows(wall, "backdrop")
    expect(director.locator("[data-line=checking]")).to_contain_text("Hội trường đang kiểm tra số liệu")
    rooms = "[data-card], [data-totals], [data-desk=make], [data-keys-here], .keys-sheet"
    expect(director.locator(rooms)).to_have_count(0)
    expect(director.locator("[data-keys-output]")).to_have_text("TV 1")
    expect(director.locator("[data-on-air] [data-text=scene]")).to_have_text("Số liệu trực tiếp")
    expect(lan.locator("[data-line=withdrawn]")).to_contain_text("Đưa số trở lại: bấm giữ G lần nữa.")
    now = lan.evaluate("() => new Date().toLocaleTimeString('en-GB', {timeZone: 'Asia/Ho_Chi_Minh'})")
    hold(lan, "g")
    lan.locator("#withdraw-time").fill("giờ nào")
    lan.keyboard.press("Enter")
    assert lan.locator("[data-withdraw-step]").is_hidden()
    lan.locator("#withdraw-time").fill(now)
    lan.keyboard.press("Enter")
    expect(said.locator("[data-effect-total]")).to_have_text("0 lượt thi (3 → 3)")
    said.get_by_role("button", name=f"Lùi về số lúc {now}").click()
    expect(lan.locator("[data-line=withdrawn]")).to_contain_text(f"Số trên màn hình lùi về lúc {now}")
    lan.locator("[data-key=withdraw]").click()
    said.get_by_role("button", name="Đưa trở lại").click()
    shows(wall, "live")
    expect(director.locator("[data-line]")).to_have_count(0)


def test_a_viewer_sees_what_is_on_air_and_has_no_button(room: ControlRoom) -> None:
    lan = room.enter("lan", PAGE)
    lan.locator("[data-key=ready]").click()
    expect(lan.locator("[data-rundown-pace]")).to_contain_text("Còn")
    xuan = room.enter("xuan", PAGE)
    # How late the evening is, is told to who steers and to the presenter alone.
    expect(xuan.locator("[data-rundown-items] [data-state=on] .title")).not_to_be_empty()
    expect(xuan.locator("[data-rundown-pace]")).to_be_empty()
    rest(lan)
    press(lan, "live").click()
    expect(on_air(xuan)).to_have_text("Số liệu trực tiếp")
    expect(xuan.locator("[data-text=facts]")).to_contain_text("Nguyễn Thị Lan")
    assert xuan.locator("[data-take-button], [data-key], [data-desk]").count() == 0
    rest(lan)
    press(lan, "standby").click()
    expect(on_air(xuan)).to_have_text("Chờ bắt đầu")


def test_the_rundown_is_walked_through_by_keys_and_stray_keys_do_nothing(room: ControlRoom) -> None:
    lan = room.enter("lan", PAGE)
    titles = lan.locator("[data-rundown-items] .title")
    first, second = titles.nth(0).inner_text(), titles.nth(1).inner_text()
    is_on, is_next = lan.locator("[data-state=on] .title"), lan.locator("[data-state=next] .title")
    expect(is_next).to_have_text(first)
    # What the keys are is one press away, and a button says its key.
    expect(lan.locator(".keys-sheet")).to_have_text("Tờ hướng dẫn để in")
    expect(lan.locator("[data-countdown-hold]")).to_have_text("TTạm dừng đếm ngược")
    wait = lan.locator("[data-state=next] .wait")
    for pressed in ("true", "false"):
        lan.locator("[data-state=next]").hover()
        wait.click()
        expect(wait).to_have_attribute("aria-pressed", pressed)
    rest(lan)
    lan.keyboard.press("Space")
    expect(is_on).to_have_text(first)
    expect(is_next).to_have_text(second)
    version = lan.evaluate("document.querySelector('[data-on-air] [data-text=scene]').textContent")
    lan.keyboard.press("ArrowDown")
    expect(is_next).to_have_text(titles.nth(2).inner_text())
    lan.keyboard.press("PageUp")
    expect(is_next).to_have_text(second)
    expect(on_air(lan)).to_have_text(version)
    # What a scene says is typed at it; the press after it is a take like any other.
    lan.locator("[data-take=message] [data-setting=heading]").fill("Xin chờ trong giây lát")
    rest(lan)
    press(lan, "message").click()
    wall = room.open_page(f"{room.server.url}/")
    shows(wall, "message")
    expect(wall.locator(".scene")).to_contain_text("Xin chờ trong giây lát")
    version = on_air(lan).inner_text()
    # What a tool for Telex makes of typing, what is typed, and what clickers send: nothing of it is a press.
    typed = "new KeyboardEvent('keydown', {code: 'Space', key: 'Process', keyCode: 229, bubbles: true})"
    lan.evaluate(f"document.body.dispatchEvent({typed})")
    lan.evaluate("window.isTheSame = true")
    for key in ("F5", "Escape", ".", "b"):
        lan.keyboard.press(key)
    lan.locator("#host-line").fill("Chờ thêm")
    lan.keyboard.press("Space")
    lan.keyboard.type("1 phút")
    lan.keyboard.press("Enter")
    expect(lan.locator("[data-host-told]")).to_contain_text("Chờ thêm 1 phút")
    # What was told takes the focus from its field, and so does Escape: the next blank is meant for the picture.
    expect(lan.locator("#host-line")).to_have_value("")
    expect(lan.locator("#host-line")).not_to_be_focused()
    lan.locator("#host-line").focus()
    lan.keyboard.press("Escape")
    expect(lan.locator("#host-line")).not_to_be_focused()
    lan.keyboard.press("Space")
    lan.locator("[data-key-lock]").click()
    rest(lan)
    lan.keyboard.press("Space")
    expect(is_on).to_have_text(first)
    assert lan.evaluate("window.isTheSame")
    lan.locator("[data-key-lock]").click()
    rest(lan)
    # A focused button is not what a blank presses.
    lan.locator("[data-key=standby]").focus()
    lan.keyboard.press("Space")
    expect(is_on).to_have_text(second)
