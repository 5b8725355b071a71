"""The real server and a real browser: from a participation at a ward to the big screen and the unit's page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open, until
from tests.browser.open_contest import post, serving_open
from tests.browser.reading import number
from tests.worlds.process import Serving


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with serving_open(tmp_path) as serving:
        yield serving


def test_a_participation_reaches_both_screens_and_outlives_a_kill(server: Serving, open_page: Open) -> None:
    secret = server.secret()
    hall = open_page(f"{server.url}/?scene=live")
    unit = open_page(f"{server.url}/units/024")
    assert number(hall, "lead") == "0"
    until(hall, "document.body.dataset.fresh === 'quiet'")
    post(server, secret, "00691", range(12))
    post(server, secret, "HG-NT", range(3))
    until(hall, "document.querySelector('.map [data-code=\"00691\"]').getAttribute('class') !== 's0'")
    until(hall, "document.querySelector('.lead .num').textContent.startsWith('15')")
    until(unit, "document.querySelector('.total .num').textContent.startsWith('12')")
    expect(unit.locator(".place-line")).to_have_text("Xếp thứ 1/11 huyện, thành phố theo số lượt thi")
    until(hall, "document.body.dataset.fresh === 'live'")
    server.kill()
    until(hall, "document.body.dataset.fresh === 'stale'")
    assert number(hall, "lead") == "15"
    server.start()
    until(hall, "document.body.dataset.fresh === 'live'")
    post(server, secret, "00691", range(8, 20))
    until(hall, "document.querySelector('.lead .num').textContent.includes('23')")
