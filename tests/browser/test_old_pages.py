"""Pages that no shell holds: they come up whatever failed on their way, and an old control room decides nothing."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Error, Route, expect

from tests.browser.conftest import POLL_MS, Open
from tests.browser.control_room import ControlRoom, control_room

WAIT_MS = 60_000
REHEARSAL = {"DIEMCAU_SHOW": "rehearsal"}


@pytest.fixture
def room(tmp_path: Path, open_page: Open) -> Iterator[ControlRoom]:
    with control_room(tmp_path, open_page) as made:
        yield made


def seqs(room: ControlRoom) -> dict[str, int]:
    """The seq of each store: a decision would move one."""
    return {name: pump["seq"] for name, pump in room.server.get("/healthz")["pumps"].items()}


def test_a_page_that_got_a_portal_for_a_style_sheet_is_loaded_anew(room: ControlRoom) -> None:
    page = room.enter("lan", "/account")
    given: list[str] = []

    def answer(route: Route) -> None:
        given.append(route.request.url)
        if len(given) == 1:
            route.fulfill(status=200, content_type="text/html", body="<html>Sign in</html>")
        else:
            route.continue_()

    page.context.route("**/css/pages/presenter.css", answer)
    page.goto(f"{room.server.url}/control/presenter")
    expect(page.locator("main")).to_have_css("display", "grid", timeout=WAIT_MS)
    assert len(given) > 1


@pytest.mark.parametrize(
    ("path", "name", "stands"),
    [
        ("/control", "js/control/banner.js", "'ready' in document.body.dataset"),
        ("/control/presenter", "js/pages/presenter.js", "document.body.dataset.fresh !== undefined"),
        (
            "/control/presenter",
            "css/pages/presenter.css",
            "getComputedStyle(document.querySelector('main')).display === 'grid'",
        ),
        (
            "/account",
            "css/pages/accounts.css",
            "document.readyState === 'complete'",
        ),
    ],
)
def test_a_page_comes_up_whichever_of_its_files_was_cut(room: ControlRoom, path: str, name: str, stands: str) -> None:
    page = room.enter("lan", "/account")
    cuts: list[str] = []

    def cut(route: Route) -> None:
        cuts.append(route.request.url)
        if len(cuts) == 1:
            route.abort("connectionreset")
        else:
            route.continue_()

    page.context.route(f"**/{name}", cut)
    page.goto(f"{room.server.url}{path}")
    deadline_s = time.monotonic() + WAIT_MS / 1000
    is_there = False
    while not is_there:
        assert time.monotonic() < deadline_s, name
        page.wait_for_timeout(POLL_MS)
        with contextlib.suppress(Error):  # It is just being loaded anew.
            is_there = page.evaluate(f"document.documentElement.dataset.lacks === undefined && Boolean({stands})")
    assert len(cuts) > 1


def test_a_room_goes_over_to_the_store_that_is_shown_and_decides_nothing_before(room: ControlRoom) -> None:
    page = room.enter("lan", "/control/gate")
    page.locator("#hold-unit").fill("Đồng")
    before = seqs(room)
    room.server.kill()
    room.server.environment = REHEARSAL
    room.server.start()
    banner = page.locator("[data-banner]")
    expect(banner).to_contain_text("Phím và biểu mẫu tạm khóa", timeout=WAIT_MS)
    for act in ("final", "hold", "release"):
        expect(page.locator(f"[data-act={act}]")).to_be_disabled()
    page.locator("h1").click()
    # A key that comes within a second of a field is still meant for that.
    page.wait_for_timeout(1_100)
    page.keyboard.press("Digit1")
    expect(page.locator("[data-toast]")).to_contain_text("trang này được mở trước khi máy chủ thay đổi")
    page.locator("[data-decides=hold] button:not([type=button])").click()
    assert seqs(room) == before
    # Somebody has begun to fill in a form: the page says so, and lets them choose.
    bar = page.locator(".guard")
    expect(bar).to_contain_text("Máy chủ đã thay đổi từ khi mở trang này", timeout=WAIT_MS)
    assert page.locator("#hold-unit").input_value() == "Đồng"
    bar.get_by_role("button", name="Tải lại trang").click()
    expect(page.locator("body.is-rehearsal[data-ready]")).to_be_attached(timeout=WAIT_MS)
    expect(banner).not_to_contain_text("tạm khóa")


def test_a_room_in_which_nobody_types_goes_over_by_itself(room: ControlRoom) -> None:
    page = room.enter("xuan", "/control")
    room.server.kill()
    room.server.environment = REHEARSAL
    room.server.start()
    expect(page.locator("body.is-rehearsal[data-ready]")).to_be_attached(timeout=WAIT_MS)
