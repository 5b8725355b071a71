"""The control room in a browser, on a real server: decisions, alarms, two operators, a broken line."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from server.auth.accounts import Accounts
from server.folder.files import ADMIN_FILE
from streaming.ledger.reader import Reader
from tests.browser.conftest import Open, until
from tests.browser.control_room import (
    DISTRICT,
    DISTRICT_NAME,
    OTHER_WARD,
    WARD,
    WARD_NAME,
    ControlRoom,
    control_room,
)
from tests.browser.open_contest import OPENS
from tests.browser.reading import AGE_WAIT_MS, number
from tests.worlds.people import PASSWORD

OTHER_DISTRICT = "Huyện Đồng Văn"
SILENT_S = 2
REVOKED_WAIT_MS = 4_000
LATE_MS = 500
HEARD_WAIT_MS = 15_000
"""The time up to which all have been heard stands in clock rows, of which there is one every 10 s."""


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


def shown(page: Page, name: str) -> Locator:
    """A figure of the program: "public-completed", "whole-completed", "kept-completed", "mark"."""
    return page.locator(f"[data-totals] [data-text={name}]")


def line(page: Page, unit: str) -> Locator:
    """A unit's line."""
    return page.locator("[data-units] tr").filter(has=page.get_by_role("rowheader").get_by_text(unit, exact=True))


def numpad(page: Page, digit: int, key: str) -> None:
    """Press a key of the number pad; without NumLock it is another key in the same place."""
    page.evaluate(
        "(init) => void document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...init}))",
        {"code": f"Numpad{digit}", "key": key},
    )


def toast(page: Page) -> Locator:
    return page.locator("[data-toast]")


# The gate.


def test_a_unit_is_held_the_effect_is_seen_and_it_is_released(room: ControlRoom) -> None:
    room.send(3)
    room.send(5, OTHER_WARD)
    page = room.enter("lan")
    hall = room.open_page(room.server.url)
    expect(shown(page, "public-completed")).to_have_text("8")
    line(page, DISTRICT_NAME).get_by_role("button", name="Tạm giữ").click()
    expect(line(page, DISTRICT_NAME)).to_have_attribute("data-held", "held")
    room.send(4)
    expect(shown(page, "whole-completed")).to_have_text("12")
    expect(shown(page, "public-completed")).to_have_text("8")
    expect(shown(page, "kept-completed")).to_have_text("+4")
    expect(shown(page, "kept-what")).to_have_text("tạm giữ 1 đơn vị")
    assert line(page, DISTRICT_NAME).locator("td.num").all_inner_texts() == ["3", "2", "7", "1", "7", "+4", "+7"]
    assert number(hall, "lead") == "8"

    # Two clicks: ask, and confirm what was seen.
    line(page, DISTRICT_NAME).get_by_role("button", name="Cho lên hình").click()
    dialog = page.locator("[data-effect]")
    expect(dialog).to_be_visible()
    expect(dialog.locator("[data-effect-total]")).to_have_text("+4 lượt thi (8 → 12)")
    expect(dialog.locator("[data-effect-people]")).to_have_text("+4 người dự thi (8 → 12)")
    expect(dialog.locator("li").filter(has_text=DISTRICT_NAME).first).to_contain_text("hạng 2 → 1")
    dialog.get_by_role("button", name="Cho lên hình").click()
    expect(dialog).to_be_hidden()
    expect(shown(page, "public-completed")).to_have_text("12")
    until(hall, "document.querySelector('[data-num=lead]').textContent.includes('12')")
    expect(line(page, DISTRICT_NAME)).to_have_attribute("data-held", "")
    expect(shown(page, "kept-completed")).to_have_text("0")


def test_numbers_are_final_by_one_key_and_move_on_by_two(room: ControlRoom) -> None:
    room.send(21)
    page = room.enter("lan")
    hall = room.open_page(room.server.url)
    expect(shown(page, "public-completed")).to_have_text("21")
    page.keyboard.press("Digit1")
    expect(shown(page, "mark")).to_have_text("ĐÃ CHỐT SỐ")
    expect(shown(page, "heard")).to_contain_text("Số liệu chốt lúc")
    expect(shown(page, "spoken")).to_have_text("hai mươi mốt lượt thi")
    seq = shown(page, "public-seq").inner_text()
    room.send(13)
    expect(shown(page, "whole-completed")).to_have_text("34")
    host = page.context.new_page()
    host.goto(f"{room.server.url}/control/presenter")
    expect(host.locator("[data-text=mark]")).to_have_text("ĐÃ CHỐT SỐ")
    expect(host.locator("[data-text=completed-spoken]")).to_have_text("hai mươi mốt")
    expect(hall.locator("[data-text=heard]")).to_contain_text("Số liệu chốt lúc")
    assert number(hall, "lead") == "21"
    assert shown(page, "public-seq").inner_text() == seq

    page.keyboard.press("Digit3")
    expect(page.locator("[data-effect-note]")).to_contain_text("Bỏ chốt số")
    expect(page.locator("[data-effect-confirm]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(shown(page, "public-completed")).to_have_text("34")
    expect(host.locator("[data-text=completed-spoken]")).to_have_text("ba mươi tư")
    expect(host.locator("[data-text=mark]")).to_have_text("CHƯA CHỐT – số còn thay đổi")
    expect(shown(page, "mark")).not_to_have_text("ĐÃ CHỐT SỐ")


def test_a_release_that_is_left_releases_nothing(room: ControlRoom) -> None:
    room.send(2)
    page = room.enter("lan")
    numpad(page, 2, "ArrowDown")
    numpad(page, 1, "End")
    expect(shown(page, "mark")).to_have_text("TRỰC TIẾP")
    numpad(page, 2, "2")
    expect(shown(page, "mark")).to_have_text("ĐANG TẠM GIỮ")
    room.send(1)
    page.keyboard.press("Digit3")
    expect(page.locator("[data-effect-confirm]")).to_be_focused()
    page.keyboard.press("Digit1")  # A dialog has keys of its own.
    page.keyboard.press("Escape")
    expect(page.locator("[data-effect]")).to_be_hidden()
    expect(shown(page, "whole-completed")).to_have_text("3")
    expect(shown(page, "public-completed")).to_have_text("2")
    expect(shown(page, "mark")).to_have_text("ĐANG TẠM GIỮ")


def test_keys_are_dead_in_a_field_with_another_key_and_for_who_may_only_see(room: ControlRoom) -> None:
    page = room.enter("lan", "/control/gate")
    field = page.get_by_label("Đơn vị cần tạm giữ")
    field.click()
    page.keyboard.type("123")
    assert field.input_value() == "123"
    page.get_by_role("heading", name="Kiểm soát lên hình").click()
    for press in ("Control+Digit1", "Alt+Digit1", "Shift+Digit1", "KeyA", "KeyF", "Space"):
        page.keyboard.press(press)
    viewer = room.enter("xuan")
    viewer.keyboard.press("Digit1")
    viewer.keyboard.press("Digit2")
    expect(viewer.locator("[data-act]")).to_have_count(0)
    page.keyboard.press("Digit2")
    expect(viewer.locator("[data-last]")).to_contain_text("Nguyễn Thị Lan tạm giữ tất cả")
    assert decisions(room) == ["hold"]


def decisions(room: ControlRoom) -> list[str]:
    """The decisions of people, in the order of the ledger."""
    rows = Reader(room.server.data / "ledger.db").read()
    return [
        str(msgspec.json.decode(row.body)["kind"])
        for row in rows
        if row.type == "decision" and row.by.startswith("account:")
    ]


def test_two_operators_and_the_stale_action_is_refused_with_its_reason(room: ControlRoom) -> None:
    room.send(2)
    lan, minh = room.enter("lan"), room.enter("minh")
    lan.keyboard.press("Digit2")
    expect(shown(minh, "mark")).to_have_text("ĐANG TẠM GIỮ")
    room.send(3)
    minh.keyboard.press("Digit3")
    expect(minh.locator("[data-effect-total]")).to_have_text("+3 lượt thi (2 → 5)")
    expect(minh.locator("[data-effect-confirm]")).to_be_focused()
    line(lan, OTHER_DISTRICT).get_by_role("button", name="Tạm giữ").click()
    expect(minh.locator("[data-last]")).to_contain_text(f"Nguyễn Thị Lan tạm giữ {OTHER_DISTRICT}")
    minh.keyboard.press("Enter")
    expect(toast(minh)).to_contain_text("Chưa thực hiện: có quyết định mới.")
    expect(toast(minh)).to_contain_text(f"Nguyễn Thị Lan tạm giữ {OTHER_DISTRICT}")
    expect(shown(minh, "public-completed")).to_have_text("2")
    # Having seen it, Minh may.
    minh.keyboard.press("Digit3")
    expect(minh.locator("[data-effect-confirm]")).to_be_focused()
    minh.keyboard.press("Enter")
    expect(shown(minh, "public-completed")).to_have_text("5")
    expect(line(minh, OTHER_DISTRICT)).to_have_attribute("data-held", "held")


def test_while_the_ledger_cannot_be_written_a_hold_acts_and_a_release_waits(room: ControlRoom) -> None:
    room.send(2)
    page = room.enter("lan")
    with room.locked_ledger():
        page.keyboard.press("Digit1")
        expect(page.locator("[data-banner]")).to_contain_text("chưa ghi sổ")
        expect(page.locator("[data-banner]")).to_contain_text("Không ghi được nhật ký số liệu")
    expect(page.locator("[data-banner]")).not_to_contain_text("chưa ghi sổ")
    expect(shown(page, "mark")).to_have_text("ĐÃ CHỐT SỐ")
    page.keyboard.press("Digit3")
    expect(page.locator("[data-effect-confirm]")).to_be_focused()
    with room.locked_ledger():
        page.keyboard.press("Enter")
        expect(toast(page)).to_contain_text("không ghi được nhật ký số liệu")
    expect(shown(page, "mark")).to_have_text("ĐÃ CHỐT SỐ")


def test_who_enters_too_fast_releases_nothing_and_sees_what_it_would_bring(room: ControlRoom) -> None:
    room.send(2)
    page = room.enter("lan")
    page.keyboard.press("Digit2")
    room.send(1)
    expect(shown(page, "whole-completed")).to_have_text("3")

    def answer_late(route: Route) -> None:
        page.wait_for_timeout(LATE_MS)
        route.continue_()

    page.route("**/control/effect?**", answer_late)
    page.keyboard.press("Digit3")
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(page.locator("[data-effect-confirm]")).to_be_focused()
    expect(page.locator("[data-effect-total]")).to_have_text("+1 lượt thi (2 → 3)")
    expect(shown(page, "public-completed")).to_have_text("2")
    page.keyboard.press("Enter")
    expect(shown(page, "public-completed")).to_have_text("3")


def test_a_hold_may_follow_a_release_at_once(room: ControlRoom) -> None:
    room.send(2)
    page = room.enter("lan")
    page.keyboard.press("Digit1")
    expect(shown(page, "mark")).to_have_text("ĐÃ CHỐT SỐ")
    page.keyboard.press("Digit3")
    expect(page.locator("[data-effect-confirm]")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Digit2")
    expect(page.locator("[data-last]")).to_contain_text("tạm giữ tất cả")
    expect(shown(page, "mark")).to_have_text("ĐANG TẠM GIỮ")
    room.send(1)
    expect(shown(page, "whole-completed")).to_have_text("3")
    expect(shown(page, "public-completed")).to_have_text("2")


def test_a_point_is_told_that_its_figures_are_looked_at_if_the_operator_lets_it(room: ControlRoom) -> None:
    room.send(2)
    page = room.enter("lan", "/control/gate")
    point = room.enter("cau", f"/units/{DISTRICT}")
    anybody = room.open_page(f"{room.server.url}/units/{DISTRICT}")
    review = point.locator("[data-text=review]")
    expect(review).to_be_hidden()
    page.get_by_label("Đơn vị cần tạm giữ").fill(DISTRICT_NAME)
    page.get_by_label("Báo cho điểm cầu").check()
    page.locator("[data-hold-form] button").click()
    expect(review).to_have_text("Số liệu đang được rà soát")
    expect(page.locator("[data-holds]")).to_contain_text("điểm cầu được báo")
    expect(anybody.locator("[data-text=review]")).to_have_count(0)
    point.reload()
    expect(review).to_be_visible()
    page.locator("[data-holds]").get_by_role("button", name="Cho lên hình").click()
    expect(page.locator("[data-effect-confirm]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(review).to_be_hidden()


# What the watch says.


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
    page.locator("[data-alarms] li").get_by_role("button", name="Cho lên hình").click()
    expect(page.locator("[data-effect-confirm]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(shown(page, "public-completed")).to_have_text("8")


# Corrections, entries, schedules.


def test_a_correction_is_made_labelled_and_listed(room: ControlRoom) -> None:
    room.send(3)
    page = room.enter("lan", "/control/corrections")
    hall = room.open_page(room.server.url)
    page.get_by_label("Đơn vị cơ sở").fill(WARD_NAME)
    page.get_by_label("Cộng (+) hoặc trừ (−)").fill("39")
    page.get_by_label("Lý do").fill("Bài thi giấy của trường")
    page.get_by_role("button", name="Đính chính", exact=True).click()
    expect(toast(page)).to_have_text(f"Đã đính chính {WARD_NAME}")
    row = page.locator("[data-corrections] tr")
    expect(row).to_contain_text("+39 lượt thi")
    expect(row).to_contain_text("Bài thi giấy của trường")
    expect(row).to_contain_text("Nguyễn Thị Lan")
    expect(shown(page, "public-completed")).to_have_text("42")
    until(hall, "document.querySelector('[data-num=lead]').textContent.includes('42')")
    expect(hall.locator("[data-text=corrected]")).to_have_text("Đã điều chỉnh số liệu 1 đơn vị")
    page.get_by_label("Đơn vị cơ sở").fill(WARD_NAME)
    page.get_by_label("Cộng (+) hoặc trừ (−)").fill("-43")
    page.get_by_label("Lý do").fill("nhầm")
    page.get_by_role("button", name="Đính chính", exact=True).click()
    expect(toast(page)).to_contain_text("không số nào được nhỏ hơn 0")
    expect(shown(page, "public-completed")).to_have_text("42")
    page.goto(f"{room.server.url}/control/evidence")
    expect(page.locator(".evidence tbody tr").first).to_contain_text(f"Đính chính {WARD_NAME}, Tuần 1: +39 lượt thi")


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
    expect(shown(page, "kept-what")).to_have_text("lên hình chậm 10 phút")
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
    lan.get_by_label("Đơn vị cơ sở").fill(WARD_NAME)
    lan.get_by_label("Cộng (+) hoặc trừ (−)").fill("39")
    minh.locator("[data-delay-form]").get_by_label("Chậm (phút)").fill("1")
    minh.locator("[data-delay-form] button").click()
    expect(lan.locator("[data-totals] [data-text=kept-what]")).to_have_text("lên hình chậm 1 phút")
    lan.get_by_label("Lý do").fill("Bài thi giấy")
    correct = lan.get_by_role("button", name="Đính chính", exact=True)
    correct.click()
    expect(toast(lan)).to_contain_text("Trần Văn Minh đổi mức lên hình chậm")
    expect(lan.locator("[data-corrections] tr")).to_have_count(0)
    correct.click()
    expect(lan.locator("[data-corrections] tr")).to_have_count(1)
    # A form that nobody has touched follows what others decide.
    other = room.enter("lan", "/control/gate")
    closes = minh.locator("#round-closes").input_value()[:11] + "23:58"
    minh.locator("#round-closes").fill(closes)
    minh.locator("[data-round-form] button").click()
    expect(other.locator("#round-closes")).to_have_value(closes)


# When something breaks.


def test_the_room_says_that_its_figures_are_old_and_comes_back_by_itself(room: ControlRoom) -> None:
    room.send(2)
    page = room.enter("lan")
    expect(shown(page, "public-completed")).to_have_text("2")
    room.server.kill()
    expect(page.locator("[data-banner]")).to_contain_text("Mất kết nối với máy chủ", timeout=AGE_WAIT_MS)
    expect(shown(page, "mark")).to_have_text("MẤT KẾT NỐI")
    expect(shown(page, "public-completed")).to_have_text("2")
    page.keyboard.press("Digit1")
    expect(toast(page)).to_contain_text("Không liên lạc được với máy chủ")
    room.server.start()
    expect(page.locator("[data-banner]")).to_be_hidden(timeout=AGE_WAIT_MS)
    room.send(1)
    expect(shown(page, "public-completed")).to_have_text("3")
    page.keyboard.press("Digit1")
    expect(shown(page, "mark")).to_have_text("ĐÃ CHỐT SỐ")


def test_a_session_that_ended_while_the_line_was_down_is_told_as_that(room: ControlRoom) -> None:
    page = room.enter("lan")
    room.server.kill()
    Accounts(room.server.data / ADMIN_FILE).revoke(1)
    expect(page.locator("[data-banner]")).to_contain_text("Mất kết nối", timeout=AGE_WAIT_MS)
    room.server.start()
    expect(page.locator("[data-banner]")).to_contain_text("Phiên đăng nhập đã kết thúc", timeout=AGE_WAIT_MS)


def test_who_is_revoked_is_told_and_sees_nothing_more(room: ControlRoom) -> None:
    page = room.enter("lan")
    Accounts(room.server.data / ADMIN_FILE).revoke(1)
    expect(page.locator("[data-banner]")).to_contain_text("Phiên đăng nhập đã kết thúc", timeout=REVOKED_WAIT_MS)
    page.keyboard.press("Digit1")
    expect(toast(page)).to_contain_text("phiên đăng nhập đã kết thúc")
    room.send(2)
    assert shown(page, "whole-completed").inner_text() == "0"
    page.get_by_role("link", name="Đăng nhập lại").click()
    page.wait_for_url("**/sign-in?lang=vi&next=%2Fcontrol")


@pytest.mark.parametrize("polls", [True, False])
def test_a_room_in_whose_browser_another_has_signed_in_decides_nothing_and_says_so(
    room: ControlRoom, *, polls: bool
) -> None:
    page = room.enter("lan", "/control/corrections?unit=00691")
    if polls:
        page.route_web_socket("**/live/**", lambda socket: socket.close())
        page.reload()
    room.send(2)
    expect(shown(page, "whole-completed")).to_have_text("2", timeout=AGE_WAIT_MS)
    other = page.context.new_page()
    other.goto(f"{room.server.url}/control")
    other.get_by_role("button", name="Đăng xuất").click()
    other.get_by_label("Tên đăng nhập").fill("minh")
    other.get_by_label("Mật khẩu").fill(PASSWORD)
    other.get_by_role("button", name="Đăng nhập", exact=True).click()
    other.wait_for_url("**/control")
    page.keyboard.press("Digit1")
    expect(toast(page)).to_contain_text("đã đăng nhập tài khoản khác")
    expect(page.locator("[data-banner]")).to_contain_text("đã đăng nhập tài khoản khác", timeout=AGE_WAIT_MS)
    room.send(2)
    expect(shown(page, "public-completed")).to_have_text("4", timeout=AGE_WAIT_MS)
    expect(shown(page, "whole-completed")).to_have_text("2")
    page.get_by_role("link", name="Đăng nhập lại").click()
    page.wait_for_url("**/control/corrections?unit=00691")
    expect(page.locator("header")).to_contain_text("Trần Văn Minh")
    assert not decisions(room)


def test_a_room_that_only_polls_says_that_it_is_nobodys_and_its_keys_are_dead(room: ControlRoom) -> None:
    page = room.enter("lan")
    page.route_web_socket("**/live/**", lambda socket: socket.close())
    page.reload()
    room.send(2)
    expect(shown(page, "whole-completed")).to_have_text("2", timeout=AGE_WAIT_MS)
    # As a server with another data folder finds it. The public board is answered all the same.
    page.context.clear_cookies()
    expect(page.locator("[data-banner]")).to_contain_text("Phiên đăng nhập đã kết thúc", timeout=AGE_WAIT_MS)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    polls = page.expect_response(lambda answer: answer.url.endswith("/live/board") and answer.ok)
    with polls:
        pass
    expect(page.get_by_role("button", name="Chốt số")).to_be_disabled()
    for key in ("Digit1", "Digit2", "Digit3"):
        page.keyboard.press(key)
        expect(toast(page)).to_contain_text("phiên đăng nhập đã kết thúc")
        page.keyboard.press("Escape")
        expect(toast(page)).to_be_hidden()
    expect(page.get_by_role("link", name="Đăng nhập lại")).to_be_visible()
    assert not asked
