"""A one-time link is a secret that stands in a page's address: nothing that the page asks for may tell it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Request

from tests.browser.conftest import Open
from tests.browser.forms import first_link, press
from tests.worlds.people import PASSWORD
from tests.worlds.process import Serving, served


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with served(tmp_path / "data") as running:
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
