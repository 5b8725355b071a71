"""Pages in an engine of the stations' age: the same texts at the same places as in the newest one, and no complaint."""

import pytest
from playwright.sync_api import Browser

from tests.browser.alike import apart, look
from tests.browser.conftest import framed
from tests.browser.stand import Stand

PAGES = ("/?scene=live", "/?scene=standings&lang=en", "/units/024", "/points/024")
"""What may go on air: a row each."""
OBS_28 = 103
"""The Chromium of OBS 28 to 30."""


@pytest.mark.parametrize("path", PAGES)
def test_a_page_looks_alike_in_an_older_engine(old_engine: Browser, browser: Browser, stand: Stand, path: str) -> None:
    url = framed(f"{stand.url}{path}")
    assert apart(look(browser, url), look(old_engine, url)) == []


def test_the_older_engine_is_none_of_today(old_engine: Browser) -> None:
    assert int(old_engine.version.partition(".")[0]) <= OBS_28
