"""The control room in a browser: what the watch says, and the forms of corrections, entries and schedules."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import expect

from streaming.ledger.reader import Reader
from tests.browser.conftest import Open, until
from tests.browser.control_room import (
    DISTRICT,
    HEARD_WAIT_MS,
    SILENT_S,
    WARD,
    WARD_NAME,
    ControlRoom,
    control_room,
    line,
    shown,
    toast,
)
from tests.browser.open_contest import OPENS


@pytest.fixture
def contest() -> str:
    """More lines of contest.toml."""
    return ""


@pytest.fixture
def room(tmp_path: Path, open_page: Open, contest: str) -> Iterator[ControlRoom]:
    with ExitStack() as stack:
        made = stack.enter_context(control_room(tmp_path, open_page, contest))
        made.add_source()
        yield made


def test_a_source_that_falls_silent_alarms_beside_the_program(room: ControlRoom) -> None:
    room.other = room.secret
    room.add_source("app", heartbeat_s=SILENT_S)
    room.send(1)
    page = room.enter("lan")
    source = page.locator("[data-sources] li").filter(has_text="app")
    alarm = page.locator("[data-alarms] li").filter(has_text="Nguồn app không gửi tín hiệu")
    expect(alarm).to_be_visible()
    expect(source).to_have_attribute("data-state", "silent")
    expect(source).to_contain_text("MẤT TÍN HIỆU")
    heard = shown(page, "heard").inner_text()
    silent, room.secret = room.secret, room.other
    room.send(3)
    expect(shown(page, "public-completed")).to_have_text("4")
    assert shown(page, "heard").inner_text() == heard, "its silence stops the time of the figures"
    page.keyboard.press("Digit4")
    expect(alarm).to_have_attribute("data-state", "seen")
    expect(toast(page)).to_contain_text("Nguồn app không gửi tín hiệu")
    room.secret = silent
    room.post([])
    expect(source).to_have_attribute("data-state", "live")
    expect(shown(page, "heard")).not_to_have_text(heard, timeout=HEARD_WAIT_MS)


@pytest.mark.parametrize("contest", ["", '[rules]\nhold = ["person_rate"]\n'], ids=["alerts", "holds"])
def test_a_rule_alerts_and_holds_where_the_contest_says_so(room: ControlRoom, contest: str) -> None:
    page = room.enter("lan")
    room.send(6, person="one")
    alarm = page.locator("[data-alarms] li").filter(has_text=f"{WARD_NAME}: một người có 6 lượt thi trong 1 phút.")
    expect(alarm).to_be_visible()
    room.send(2)
    expect(shown(page, "whole-completed")).to_have_text("8")
    if not contest:
        expect(alarm).to_have_attribute("data-state", "alert")
        expect(shown(page, "public-completed")).to_have_text("8")
        alarm.get_by_role("button", name="Tạm giữ").click()
        expect(shown(page, "kept-what")).to_have_text("tạm giữ 1 đơn vị")
        return
    expect(alarm).to_have_attribute("data-state", "hold")
    expect(shown(page, "kept-completed")).to_have_text("+2")
    page.goto(f"{room.server.url}/control?unit={DISTRICT}")
    expect(line(page, WARD_NAME).locator(".badge")).to_have_text("tự động tạm giữ")
    page.locator("[data-alarms] li").get_by_role("button", name="Cho chạy tiếp").click()
    expect(page.locator("[data-effect-confirm]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(shown(page, "public-completed")).to_have_text("8")


def test_a_correction_is_made_labelled_and_listed(room: ControlRoom) -> None:
    room.send(3)
    page = room.enter("lan", "/control/corrections")
    hall = room.open_page(room.server.url)
    page.get_by_label("Đơn vị", exact=True).fill(WARD_NAME)
    page.get_by_label("Cộng (+) hoặc trừ (−)").fill("39")
    page.get_by_label("Lý do").fill("Bài thi giấy của trường")
    page.get_by_role("button", name="Đính chính", exact=True).click()
    question = page.locator("[data-ask=fix]")
    expect(question).to_contain_text(f"{WARD_NAME}, Tuần 1: 3 → 42 lượt thi")
    question.locator("[data-ask-confirm]").click()
    expect(toast(page)).to_have_text(f"Đã đính chính {WARD_NAME}")
    row = page.locator("[data-corrections] tr")
    expect(row).to_contain_text("+39 lượt thi")
    expect(row).to_contain_text("Bài thi giấy của trường")
    expect(row).to_contain_text("Nguyễn Thị Lan")
    expect(shown(page, "public-completed")).to_have_text("42")
    until(hall, "document.querySelector('.lead .num').textContent.includes('42')")
    expect(hall.locator("[data-text=corrected]")).to_have_text("Đã điều chỉnh số liệu 1 đơn vị")
    page.get_by_label("Đơn vị", exact=True).fill(WARD_NAME)
    page.get_by_label("Cộng (+) hoặc trừ (−)").fill("-43")
    page.get_by_label("Lý do").fill("nhầm")
    page.get_by_role("button", name="Đính chính", exact=True).click()
    expect(toast(page)).to_contain_text("không số nào được nhỏ hơn 0")
    expect(shown(page, "public-completed")).to_have_text("42")
    row.get_by_role("button", name="Hoàn tác").click()
    expect(shown(page, "public-completed")).to_have_text("3")
    expect(page.locator("[data-corrections] tr")).to_have_count(2)
    expect(page.locator("[data-corrections] tr").last).to_contain_text("đã hoàn tác")
    expect(hall.locator("[data-text=corrected]")).to_be_hidden()
    page.goto(f"{room.server.url}/control/evidence")
    expect(page.locator(".evidence tbody tr").nth(1)).to_contain_text(f"Đính chính {WARD_NAME}, Tuần 1: +39 lượt thi")


def test_entries_are_kept_out_counted_and_voided_one_by_one(room: ControlRoom) -> None:
    room.send(4)
    page = room.enter("lan", f"/control/gate?entries={WARD}")
    rows = page.locator("[data-entries] tr")
    expect(rows).to_have_count(4)
    for nth in (0, 1):
        rows.nth(nth).get_by_role("checkbox").check()
    page.get_by_role("button", name="Chờ xác minh (2)").click()
    expect(shown(page, "public-completed")).to_have_text("2")
    expect(rows.nth(0)).to_have_attribute("data-state", "quarantined")
    expect(shown(page, "kept-what")).to_have_text("2 lượt chờ xác minh")
    page.get_by_role("button", name="Xem các lượt chờ xác minh").click()
    expect(rows).to_have_count(2)
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(rows).to_have_count(4)
    rows.nth(0).get_by_role("checkbox").check()
    page.get_by_role("button", name="Công nhận (1)").click()
    expect(shown(page, "public-completed")).to_have_text("3")
    expect(rows.nth(0)).to_have_attribute("data-state", "shown")
    rows.nth(1).get_by_role("checkbox").check()
    page.get_by_role("button", name="Loại bỏ (1)").click()
    assert page.locator("#entries-reason").evaluate("(field) => field.validity.customError")
    page.locator("#entries-reason").fill("thi hộ")
    page.get_by_role("button", name="Loại bỏ (1)").click()
    expect(rows.nth(1)).to_have_attribute("data-state", "voided")
    expect(rows.nth(1).get_by_role("checkbox")).to_be_disabled()
    expect(shown(page, "kept-what")).to_have_text("Không giữ lại số liệu nào")
    expect(shown(page, "whole-completed")).to_have_text("3")


def test_a_delay_a_schedule_and_a_round_are_set(room: ControlRoom) -> None:
    page = room.enter("lan", "/control/gate")
    delay = page.locator("[data-delay-form]")
    delay.get_by_label("Chậm (phút)").fill("10")
    delay.get_by_role("button").click()
    expect(shown(page, "kept-what")).to_have_text("số hiện chậm 10 phút")
    schedule = page.locator("[data-schedule-form]")
    schedule.get_by_label("Trước giờ đóng (giờ)").fill("1.5")
    schedule.get_by_role("button").click()
    expect(page.locator("[data-holds]")).to_contain_text("Sẽ chốt số lúc")
    schedule.get_by_label("Việc cần làm").select_option("none")
    schedule.get_by_role("button").click()
    expect(page.locator("[data-holds]")).not_to_contain_text("Sẽ chốt số lúc")
    moved = page.locator("[data-round-form]")
    before = moved.get_by_label("Giờ đóng").input_value()
    later = before[:11] + ("23:58" if not before.endswith("23:58") else "23:57")
    moved.get_by_label("Giờ đóng").fill(later)
    moved.get_by_role("button").click()
    expect(toast(page)).to_have_text("Đã đổi giờ Tuần 1")
    page.reload()
    expect(page.locator("#round-closes")).to_have_value(later)
    # Nobody has touched the opening: it stays where it was, to the second.
    rows = Reader(room.server.data / "ledger.db").read()
    made = [msgspec.json.decode(row.body) for row in rows if row.type == "decision"][-1]
    assert (made["kind"], made["opens_ms"]) == ("round", OPENS.timestamp() * 1000)


def test_a_form_that_was_filled_in_before_another_decided_is_refused_with_the_reason(room: ControlRoom) -> None:
    room.send(3)
    lan, minh = room.enter("lan", "/control/corrections"), room.enter("minh", "/control/gate")
    lan.get_by_label("Đơn vị", exact=True).fill(WARD_NAME)
    lan.get_by_label("Cộng (+) hoặc trừ (−)").fill("39")
    minh.locator("[data-delay-form]").get_by_label("Chậm (phút)").fill("1")
    minh.locator("[data-delay-form] button").click()
    expect(lan.locator("[data-totals] [data-text=kept-what]")).to_have_text("số hiện chậm 1 phút")
    lan.get_by_label("Lý do").fill("Bài thi giấy")
    correct = lan.get_by_role("button", name="Đính chính", exact=True)
    correct.click()
    lan.locator("[data-ask=fix] [data-ask-confirm]").click()
    expect(toast(lan)).to_contain_text("Trần Văn Minh đổi mức chậm của số")
    expect(lan.locator("[data-corrections] tr")).to_have_count(0)
    correct.click()
    lan.locator("[data-ask=fix] [data-ask-confirm]").click()
    expect(lan.locator("[data-corrections] tr")).to_have_count(1)
    # A form that nobody has touched follows what others decide.
    other = room.enter("lan", "/control/gate")
    closes = minh.locator("#round-closes").input_value()[:11] + "23:58"
    minh.locator("#round-closes").fill(closes)
    minh.locator("[data-round-form] button").click()
    expect(other.locator("#round-closes")).to_have_value(closes)
