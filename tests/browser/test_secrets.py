"""A link is a secret that stands in a page's address: nothing that the page asks for may tell it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Request, expect

from tests.browser.conftest import Open
from tests.browser.forms import first_link, press
from tests.worlds.people import PASSWORD
from tests.worlds.process import Serving, run, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with served(tmp_path_factory.mktemp("secrets") / "data") as running:
        yield running


def test_a_one_time_link_is_told_to_its_own_page_alone_and_its_form_is_taken(server: Serving, open_page: Open) -> None:
    link = first_link(server)
    asked: list[Request] = []
    page = open_page(f"{server.url}/healthz")
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - playwright cannot take the bare method
    page.goto(link)
    page.get_by_label("Tên đăng nhập").fill("ha")
    page.get_by_label("Họ và tên").fill("Hà")
    page.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
    page.get_by_label("Nhập lại mật khẩu mới").fill(PASSWORD)
    press(page, "Tạo mật khẩu và đăng nhập")
    assert "/welcome" not in page.url
    page.get_by_text("English").click()
    page.wait_for_load_state()
    token = link.rpartition("#")[2]
    sent = [(request, request.all_headers()) for request in asked]
    # A browser does not send what stands behind the #, though Playwright names it.
    assert [request.url for request, _ in sent if token in request.url.partition("#")[0]] == []
    of_link = [request for request, _ in sent if "/welcome" in request.url and "/static/" not in request.url]
    posted = [(request.method, token in (request.post_data or "")) for request in of_link]
    assert posted == [("GET", False), ("POST", True), ("POST", True)]
    page.go_back()
    assert token not in page.url
    assert [request.url for request, headers in sent if token in str(headers.values())] == []
    assert [headers["origin"] for request, headers in sent if request.method == "POST"] == [server.url] * 2
    referrers = {headers.get("referer") for request, headers in sent if "/static/" in request.url}
    assert referrers == {f"{server.url}/"}


def test_a_points_link_opens_its_page_and_is_told_to_the_door_alone(server: Serving, open_page: Open) -> None:
    listed = run("point", "list", "--url", server.url, "--data", server.data).stdout.splitlines()
    unit, _, code, link = next(line.split("\t") for line in listed if line.startswith("00688\t"))
    token, asked = link.rpartition("#")[2], list[Request]()
    page = open_page(f"{server.url}/healthz")
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108 - playwright cannot take the bare method
    page.goto(link)
    page.wait_for_url(re.compile(rf"/points/{unit}\?lang=vi$"))
    page.wait_for_load_state()
    sent = [(request, request.all_headers()) for request in asked]
    assert [request.url for request, _ in sent if token in request.url.partition("#")[0]] == []
    assert [request.url for request, headers in sent if token in str(headers.values())] == []
    posted = [request for request, _ in sent if token in (request.post_data or "")]
    assert [(request.method, request.url) for request in posted] == [
        ("POST", f"{server.url}/points/{unit}/enter?lang=vi")
    ]
    page.go_back()
    assert token not in page.url
    # Opened again, where the browser is at the point already.
    page.goto(link)
    page.wait_for_url(re.compile(rf"/points/{unit}\?lang=vi$"))
    # On another machine by the code, as it may be typed; on a telephone the other way stands first.
    phone = open_page(f"{server.url}/points/{unit}/enter", (390, 844))
    expect(phone.locator("[data-ways] button").first).to_have_text("Mở trang điện thoại")
    phone.get_by_label("Mã điểm cầu").fill(code.lower().replace("-", " "))
    phone.keyboard.press("Enter")
    phone.wait_for_url(re.compile(rf"/points/{unit}/phone\?lang=vi$"))
    for secret in (token, code):
        assert secret not in server.log_path.read_text()
