"""The shipped evening, run by keys, past 350 lines for it is one: ninety planned minutes on a driven clock, with
what the operator, the host and the hall see of each; and the rundown that two rooms edit."""

import re
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.scenes.evening import MINUTE_MS
from server.auth.accounts import Accounts
from server.auth.roles import STAGE_PATHS, Role
from server.auth.sources import Sources
from server.folder.files import ADMIN_FILE
from streaming.contests.contest import load_contest, shipped_contest
from streaming.program.names import HALL
from streaming.program.output import Output
from tests.browser.conftest import POLL_MS, WAIT_MS, Open
from tests.browser.control_room import ControlRoom, control_room, toast
from tests.worlds.driven import Driven, driven
from tests.worlds.hashes import quick_hash
from tests.worlds.people import PASSWORD

PAGE = "/control/program"
CONTEST = load_contest(shipped_contest()).contest
OPENS_MS = CONTEST.rounds[0].opens_ms
BEGINS_MS = OPENS_MS - 62 * MINUTE_MS
"""The launch, an hour and two minutes after the first item, is planned for the opening."""
RESTED_MS = 1_000
"""Later than the time within which a second press is refused."""
BEAT_MS = 5_000
"""As long as the slowest scene rests: after it every screen is at another beat."""
DISTRICTS = ("026", "024", "027", "028", "029")
"""In the order of their totals: the first places."""
ENTRIES = (400, 300, 300, 60, 40)
PUBLIC = {"scene", "cue", "overlays", "output"}
"""What the public topic of an output may tell."""


class Evening:
    """The server, its operator, its host, and the wall in the hall."""

    def __init__(self, server: Driven, open_page: Open) -> None:
        self.server = server
        self.secret = Sources(server.app.settings.data / ADMIN_FILE).add("web")
        self.sent = 0
        self.http = httpx2.Client(base_url=server.url, timeout=WAIT_MS / 1000)
        link = server.app.keys.add("mc", HALL, stage="presenter")
        self.lan = self._sign_in(open_page)
        # On a busy machine the wall's page may not be made yet.
        ends_s = time.monotonic() + WAIT_MS / 1000
        while self.http.get("/?frame=1").status_code != httpx2.codes.OK:
            assert time.monotonic() < ends_s, "the wall cannot be opened"
            time.sleep(POLL_MS / 1000)
        self.wall = open_page(f"{server.url}/", (1280, 720))
        self.host = open_page(f"{server.url}{STAGE_PATHS['presenter']}#{link}", (1024, 768))
        self.next = self.lan.locator(".rundown .line[data-state=next] .title")
        self.pace = self.lan.locator("[data-rundown-pace]")

    def _sign_in(self, open_page: Open) -> Page:
        page = open_page(f"{self.server.url}/sign-in?next={PAGE}", (1366, 768), monitor=True)
        # Its timers are the test's too, so that a key need not rest for a second; else it runs as ours do.
        page.clock.install()
        page.get_by_label("Tên đăng nhập").fill("lan")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        page.get_by_role("button", name="Đăng nhập", exact=True).click()
        page.wait_for_url(f"{self.server.url}{PAGE}")
        expect(page.locator("body[data-ready]")).to_be_attached()
        return page

    @property
    def hall(self) -> Output:
        return self.server.app.state.outputs.of(HALL)

    def go_to(self, at_ms: int) -> None:
        """Let time pass until then; it is so late already where the test has taken longer."""
        self.server.go(max(0, at_ms - self.server.clock()))

    def rest(self) -> None:
        """Let a press have its time, in the page and on the server."""
        self.server.go(RESTED_MS)
        self.lan.clock.fast_forward(RESTED_MS)

    def press(self, key: str) -> None:
        """Press a key once the one before has had its time."""
        self.rest()
        expect(self.lan.locator("[data-key=standby]")).to_be_enabled()
        self.lan.keyboard.press(key)

    def press_on(self, button: Locator) -> None:
        """Press a button that has no key of its own, as who walks by keys does."""
        self.rest()
        expect(button).to_be_enabled()
        button.focus()
        self.lan.keyboard.press("Enter")
        self.lan.evaluate("document.activeElement.blur()")

    def take(self, item: str, scene: str, key: str = "Space") -> None:
        """Take the next item by a key, and see it on the wall, and nothing else of it in public."""
        title = self.hall.rundown.item(item).title
        expect(self.next).to_have_text(title)
        self.press(key)
        expect(self.lan.locator(".rundown .line[data-state=on] .title")).to_have_text(title)
        expect(self.host.locator("[data-text=title]")).to_have_text(title)
        self.shows(scene)

    def put(self, scene: str) -> None:
        """Prepare a scene by hand, and take it."""
        self.press_on(self.lan.locator(f"[data-take={scene}] [data-take-prepare]"))
        title = self.lan.locator(f"[data-take={scene}] .name").inner_text()
        expect(self.lan.locator("[data-text=ready]")).to_have_text(title)
        assert self.hall.scene.name != scene, "what is prepared is on no air"
        self.press("Space")
        self.shows(scene)

    def shows(self, scene: str) -> None:
        expect(self.wall.locator(f".scene[data-name={scene}]:not(.waiting)")).to_be_visible()
        expect(self.wall.locator(".scene")).to_have_count(1)
        expect(self.lan.locator(f"[data-take={scene}]")).to_have_attribute("data-state", "on-air")
        told = self.http.get(f"/live/program/{HALL}").text
        state = msgspec.json.decode(told)["state"]
        assert set(state) <= PUBLIC
        assert state["scene"]["name"] == scene
        seen = f"{told} {self.wall.content()}"
        assert [
            item.id for item in self.hall.rundown.items if item.say in seen or (item.note and item.note in seen)
        ] == []

    def post(self, kind: str, counts: Iterable[tuple[str, int]]) -> None:
        """Send so many of a kind from the first ward of each district, each by a person of its own."""
        at = datetime.fromtimestamp(self.server.clock() / 1000, UTC).isoformat()
        items = []
        for district, count in counts:
            ward = CONTEST.tree.children(district)[0].code
            for _ in range(count):
                self.sent += 1
                items.append({"id": f"e{self.sent}", "kind": kind, "unit": ward, "at": at, "person": f"p{self.sent}"})
        answer = self.http.post(
            "/api/v1/participations", json=items, headers={"Authorization": f"Bearer {self.secret}"}
        )
        assert answer.json()["accepted"] == len(items), answer.text

    def public(self) -> Any:
        """How many completed entries everybody may know of."""
        frame = self.http.get("/live/board").json()
        return frame["rows"][CONTEST.tree.root.code][frame["columns"].index("completed")]


@pytest.fixture
def evening(tmp_path: Path, open_page: Open) -> Iterator[Evening]:
    data = tmp_path / "data"
    data.mkdir()
    accounts = Accounts(data / ADMIN_FILE)
    accounts.make()
    accounts.use_link(accounts.add("lan", "Nguyễn Thị Lan", Role.OPERATOR, None, CONTEST.tree), quick_hash(PASSWORD))
    with driven(data, shipped_contest(), BEGINS_MS - 3 * MINUTE_MS) as server:
        made = Evening(server, open_page)
        yield made
        made.http.close()


def test_the_shipped_evening_is_run_by_keys_from_the_first_picture_to_the_last(evening: Evening) -> None:
    evening_until_the_launch(evening)
    the_launch(evening)
    numbers(evening)
    the_end(evening)
    began = [each.item for each in evening.hall.running.began]
    assert began == [item.id for item in evening.hall.rundown.items], "each item once, in its order"


def evening_until_the_launch(evening: Evening) -> None:
    """Countdown, chào cờ, speeches; the last of them fifteen minutes too long."""
    lan, wall, host, go_to = evening.lan, evening.wall, evening.host, evening.go_to
    expect(evening.next).to_have_text("Đón đại biểu, kiểm tra điểm cầu")
    expect(lan.locator(".rundown .line .time").nth(8)).to_have_text("09:30")
    expect(lan.frame_locator("[data-picture=ready] iframe").locator(".scene[data-name=standby]")).to_be_attached()
    # The frames of the page are screens as the wall is, which here is looked at itself.
    lan.locator("[data-monitor-turn]").click()
    for key, title in (("ArrowDown", "Văn nghệ chào mừng"), ("PageUp", "Đón đại biểu, kiểm tra điểm cầu")):
        lan.keyboard.press(key)
        expect(evening.next).to_have_text(title)
    assert evening.hall.running.on is None, "to look ahead touches no air"
    go_to(BEGINS_MS)
    evening.take("don-dai-bieu", "standby")
    clock = wall.locator(".countdown-clock")
    expect(clock).to_have_text(re.compile(r"1:01:\d\d"))
    evening.press("KeyT")
    expect(toast(lan)).to_have_text("Đếm ngược đã tạm dừng")
    held = evening.hall.scene.countdown
    assert held is not None
    assert held.left_ms is not None
    text = f"1:{held.left_ms // MINUTE_MS - 60:02}:{held.left_ms // 1000 % 60:02}"
    expect(clock).to_have_text(text)
    go_to(BEGINS_MS + 5 * MINUTE_MS)
    expect(host.locator("[data-text=clock]")).to_have_text(re.compile("^08:33"))
    assert clock.inner_text() == text, "it stands"
    evening.press("KeyT")
    expect(toast(lan)).to_have_text("Đếm ngược đã chạy tiếp")
    resumed = evening.hall.scene.countdown
    assert resumed is not None
    assert resumed.to_ms is not None
    assert abs(resumed.to_ms - held.left_ms - evening.server.clock()) < MINUTE_MS / 2, "it goes on with what was left"
    expect(clock).not_to_have_text(text)
    go_to(BEGINS_MS + 15 * MINUTE_MS)
    evening.take("van-nghe", "backdrop", "PageDown")
    go_to(BEGINS_MS + 25 * MINUTE_MS)
    evening.take("chao-co", "anthem")
    go_to(BEGINS_MS + 28 * MINUTE_MS)
    evening.take("ly-do", "backdrop")
    backdrop = evening.hall.scene.take
    for item, after in (("diem-danh", 35), ("khai-mac", 40), ("the-le", 47), ("chi-dao", 55)):
        go_to(BEGINS_MS + after * MINUTE_MS)
        evening.take(item, "backdrop", "PageDown")
    assert evening.hall.scene.take == backdrop, "a speech leaves the picture"
    expect(evening.pace).to_have_text(re.compile(r"^Còn 0[67]:\d\d · Đúng giờ · vừa giờ trả sóng$"))
    go_to(BEGINS_MS + (55 + 22) * MINUTE_MS)
    expect(evening.pace).to_have_text(re.compile(r"^Quá 1[45]:\d\d · Muộn 15 phút · trả sóng quá 15 phút$"))
    expect(lan.locator(".rundown .line[data-state=next] .time")).to_have_text("09:45")
    expect(host.locator("[data-text=left]")).to_have_text(re.compile(r"^quá 1[45]:\d\d$"))
    expect(host.locator("[data-text=late]")).to_have_text("muộn 15 phút")
    expect(host.locator("[data-text=over]")).to_have_text("quá 15 phút")
    assert re.search("muộn|quá 1|Muộn|Quá", wall.inner_text("body")) is None, "the hall is told nothing of it"


def the_launch(evening: Evening) -> None:
    """Armed, then one key; a stray press does not end it."""
    lan, wall = evening.lan, evening.wall
    evening.take("phat-dong", "launch")
    launch = lan.locator("[data-key=launch]")
    lan.keyboard.press("KeyL")
    expect(launch).to_be_disabled()
    evening.press("KeyM")
    expect(launch).to_be_enabled()
    assert evening.hall.cue is None
    lan.keyboard.press("KeyL")
    expect(wall.locator(".scene[data-cue=launch]")).to_be_visible()
    cue = evening.hall.cue
    evening.press("Space")
    expect(toast(lan)).to_contain_text("Đang phát động")
    evening.shows("launch")
    evening.server.go(MINUTE_MS)
    expect(evening.pace).to_have_text(re.compile("^Còn 01:"))
    assert evening.hall.cue == cue, "it was given once"


def numbers(evening: Evening) -> None:
    """The first numbers, the hand-over, districts, the final figure, its milestone, and the places one by one."""
    lan, wall, host, server = evening.lan, evening.wall, evening.host, evening.server
    evening.take("so-lieu-dau-tien", "live")
    lead, label = wall.locator(".lead .num"), wall.locator(".scene:not(.waiting) .lead-label")
    evening.post("started", [("026", 1_200)])
    server.go(BEAT_MS)
    expect(label).to_have_text("Lượt vào thi")
    expect(lead).to_contain_text("1.200")
    expect(host.locator("[data-text=first]")).to_have_text("1.200")
    evening.post("completed", zip(DISTRICTS, ENTRIES, strict=True))
    expect(lan.locator("[data-offer-why]")).to_have_text("Đã có 1.100 lượt thi trên 1.200 lượt vào thi.")
    server.go(BEAT_MS)
    expect(label).to_have_text("Lượt vào thi")
    evening.press_on(lan.locator("[data-offer-take]"))
    expect(label).to_have_text("Tổng số lượt thi")
    expect(lan.locator("[data-offer]")).to_be_hidden()
    # A mark counts once the total has stood above it for some seconds.
    server.go(BEAT_MS)
    evening.take("giao-luu", "latest")
    lan.locator("[data-take=wards] [data-setting=of]").select_option("024")
    evening.put("wards")
    expect(wall.locator(".scene-head h2")).to_have_text("Thành phố Hà Giang")
    evening.put("unit")
    evening.take("huong-ung", "unit")
    evening.press("Digit1")
    final = lan.locator("[data-ask=final]")
    expect(final).to_contain_text("1.100: một nghìn một trăm lượt thi")
    assert evening.hall.scene.name == "unit"
    lan.keyboard.press("Enter")
    expect(host.locator("[data-text=mark]")).to_have_text("ĐÃ CHỐT SỐ")
    evening.post("completed", [("031", 5)])
    evening.take("ban-dau", "standings")
    expect(wall.locator("body")).to_contain_text("Số liệu chốt lúc")
    evening.put("milestone")
    expect(wall.locator(".mark-value")).to_have_text("1.000")
    evening.put("results")
    told: list[str] = []
    for step, places in ((1, 1), (2, 2), (3, 4), (2, 2), (3, 4), (4, 5)):
        with lan.expect_response(re.compile(r"/step\b")):
            evening.press("ArrowRight" if places > len(told) else "ArrowLeft")
        expect(wall.locator(".result")).to_have_count(places)
        told = wall.locator(".result").evaluate_all("lines => lines.map((line) => line.dataset.code)")
        assert told == [*DISTRICTS][5 - places :]
        assert evening.hall.scene.step == step
    assert evening.public() == sum(ENTRIES)


def the_end(evening: Evening) -> None:
    """The scene before comes back by a look at it first, numbers run on, thanks."""
    lan, wall = evening.lan, evening.wall
    evening.press_on(lan.locator("[data-key=back]"))
    expect(lan.locator("[data-text=ready]")).to_have_text("Mốc lượt thi")
    evening.shows("results")
    evening.press("Space")
    evening.shows("milestone")
    evening.press("Digit3")
    effect = lan.locator("[data-effect]")
    expect(effect.locator("[data-effect-total]")).to_contain_text("1.105")
    lan.keyboard.press("Enter")
    evening.server.go(BEAT_MS)
    expect(wall.locator(".mark-now .num")).to_contain_text("1.105")
    evening.press("Digit0")
    evening.shows("backdrop")
    evening.take("ket-thuc", "thanks")
    expect(evening.host.locator("[data-text=next]")).to_be_hidden()


@pytest.fixture
def room(tmp_path: Path, open_page: Open) -> Iterator[ControlRoom]:
    with control_room(tmp_path, open_page) as made:
        yield made


def test_an_item_is_edited_and_what_was_typed_outlives_somebody_elses_edit(room: ControlRoom) -> None:
    lan, minh = room.enter("lan", PAGE), room.enter("minh", PAGE)
    first = lan.locator(".rundown .line").first
    first.get_by_role("button", name="Sửa").click()
    dialog = lan.locator("[data-item-dialog]")
    dialog.get_by_label("Nội dung").fill("Đón khách")
    # A time that has passed is tomorrow's only where somebody says so by a second press.
    dialog.get_by_label("Giờ dự kiến").fill("00:00")
    dialog.get_by_role("button", name="Lưu").click()
    expect(dialog.locator("[data-item-fault]")).to_contain_text("00:00 hôm nay đã qua. Lưu lần nữa thì là 00:00 ngày")
    minh.locator(".rundown .line").first.get_by_role("button", name="Bỏ qua").click()
    expect(first).to_have_attribute("data-state", "skipped")
    dialog.get_by_role("button", name="Lưu").click()
    expect(dialog.locator("[data-item-fault]")).to_contain_text("Kịch bản vừa được Trần Văn Minh sửa lúc")
    expect(dialog.get_by_label("Nội dung")).to_have_value("Đón khách")
    # What was read is the first change; a second one since is told again.
    fault = dialog.locator("[data-item-fault]")
    fault.evaluate("element => { element.textContent = ''; }")
    minh.locator(".rundown .line").nth(1).get_by_role("button", name="Bỏ qua").click()
    expect(lan.locator(".rundown .line").nth(1)).to_have_attribute("data-state", "skipped")
    dialog.get_by_role("button", name="Lưu").click()
    expect(fault).to_contain_text("Kịch bản vừa được Trần Văn Minh sửa lúc")
    dialog.get_by_label("Cảnh").select_option("message")
    heading = dialog.locator("[data-setting=heading]")
    heading.fill("Kính chào quý vị")
    dialog.get_by_role("button", name="Lưu").click()
    expect(dialog).to_be_hidden()
    expect(minh.locator(".rundown .line .title").first).to_have_text("Đón khách")
    expect(minh.locator(".rundown .line .time").first).to_have_text("00:00")
    assert [line.get_attribute("data-state") for line in minh.locator(".rundown .line").all()[:2]] == ["skipped"] * 2
    for before, after in (("Kính chào quý vị", ""), ("", "Xin chào")):
        first.get_by_role("button", name="Sửa").click()
        expect(heading).to_have_value(before)
        heading.fill(after)
        dialog.get_by_role("button", name="Lưu").click()
        expect(dialog).to_be_hidden()
