"""Bad lines between a real server and a real browser: no sockets, silence, cuts, sleep. The screen comes through."""

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open, closing, looks, until
from tests.browser.keys import take
from tests.browser.open_contest import post, serving_open
from tests.browser.proxy import Proxy, Upgrades, proxying
from tests.browser.reading import number
from tests.worlds.process import Serving

WAIT_MS = 30_000
"""Polling begins after 5 s, a dead line is told after 6 s; the rest is patience with a slow machine."""
TWO_POLLS_MS = 5_000
ASLEEP_MS = 8_000
TICK_S = 0.5
"""More than the time between two frames of a topic, so that each entry has a frame of its own."""
TRIPS = 5
WAYS: tuple[Upgrades, ...] = ("refuse", "strip", "swallow")
"""What a line in between may do to the opening of a socket."""
PAGESHOW = "window.dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
ONLINE = "window.dispatchEvent(new Event('online'))"
VISIBLE = "document.dispatchEvent(new Event('visibilitychange'))"
WARD = "00691"
LIVE = "{}/?scene=live"
"""By what the numbers choose: a program would lead with those who have entered, of whom these tests have none."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with serving_open(tmp_path) as serving:
        yield serving


@pytest.fixture
def proxy(server: Serving) -> Iterator[Proxy]:
    with proxying(server.port) as opened:
        yield opened


def eventually(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait until something outside the page is so, while the page goes on."""
    assert any(is_so() for _ in looks(page, WAIT_MS))


def watched(page: Page) -> Page:
    """The page, keeping from now on each value that its total takes, and each way it is marked."""
    page.evaluate("""() => {
        window.totals = [];
        window.blanks = 0;
        const keep = () => {
            const lead = document.querySelector('.lead .num');
            if (lead.textContent !== window.totals[window.totals.length - 1]) window.totals.push(lead.textContent);
            if (document.querySelectorAll(".map .cells path").length !== 193) window.blanks += 1;
        };
        keep();
        new MutationObserver(keep).observe(document.body, {subtree: true, childList: true, characterData: true});
    }""")
    return page


def show(page: Page, total: int) -> None:
    """Wait until the page shows a total."""
    until(page, f"window.totals[window.totals.length - 1] === '{total}'", WAIT_MS)
    assert number(page, "lead") == str(total)


def fresh(page: Page, value: str) -> None:
    """Wait until the page is marked so."""
    until(page, f"document.body.dataset.fresh === '{value}'", WAIT_MS)


@contextmanager
def asleep(browser: Browser) -> Iterator[None]:
    """Have no page of a browser run anything for ASLEEP_MS; what the server says meanwhile queues up for them."""
    began_s = time.monotonic()
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    pages = [process["id"] for process in processes if process["type"] == "renderer"]
    assert pages
    for pid in pages:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
        time.sleep(max(0.0, began_s + ASLEEP_MS / 1000 - time.monotonic()))
    finally:
        for pid in pages:
            os.kill(pid, signal.SIGCONT)
        session.detach()


def totals(page: Page) -> list[str]:
    """Every total since the page is watched; the map was never blank meanwhile."""
    assert page.evaluate("window.blanks") == 0
    found: list[str] = page.evaluate("window.totals")
    return found


def test_where_sockets_do_not_get_through_it_polls_and_later_goes_back(
    server: Serving, proxy: Proxy, open_page: Open
) -> None:
    secret = server.secret()
    before = 0
    for upgrades in WAYS:
        proxy.upgrades, polls = upgrades, proxy.polls
        with closing(watched(open_page(LIVE.format(proxy.url)))) as page:
            post(server, secret, WARD, range(before + 12))
            show(page, before + 12)
            fresh(page, "live")
            assert proxy.polls > polls, upgrades
            eventually(page, lambda: proxy.sockets == 0)  # The last page's is gone, and this one has none.
            post(server, secret, WARD, range(before + 20))
            show(page, before + 20)
            expect(page.locator("[data-text=stale]")).to_be_hidden()
            proxy.upgrades = "pass"
            eventually(page, lambda: proxy.sockets > 0)
            post(server, secret, WARD, range(before + 21))
            show(page, before + 21)
            polls = proxy.polls
            page.wait_for_timeout(TWO_POLLS_MS)
            assert proxy.polls == polls, upgrades
            assert proxy.sockets == 1, upgrades
            assert totals(page) == [str(before + count) for count in (0, 12, 20, 21)], upgrades
        before += 21


def test_on_a_dead_line_it_keeps_its_numbers_marks_their_age_and_recovers(
    server: Serving, proxy: Proxy, open_page: Open
) -> None:
    secret = server.secret()
    page = watched(open_page(LIVE.format(proxy.url)))
    post(server, secret, WARD, range(12))
    show(page, 12)
    fresh(page, "live")
    proxy.freeze(new_ones_too=True)
    post(server, secret, WARD, range(15))
    fresh(page, "stale")
    expect(page.locator("[data-text=stale]")).to_contain_text("Cập nhật cách đây")
    expect(page.locator("[data-text=live]")).to_be_hidden()
    assert number(page, "lead") == "12"
    proxy.thaw()
    show(page, 15)
    fresh(page, "live")
    expect(page.locator("[data-text=stale]")).to_be_hidden()
    assert totals(page) == ["0", "12", "15"]


def test_a_broken_connection_is_replaced_whether_it_is_half_open_or_cut(
    server: Serving, proxy: Proxy, open_page: Open
) -> None:
    secret = server.secret()
    page = watched(open_page(LIVE.format(proxy.url)))
    post(server, secret, WARD, range(12))
    show(page, 12)
    proxy.freeze(new_ones_too=False)
    post(server, secret, WARD, range(15))
    show(page, 15)
    proxy.cut()
    post(server, secret, WARD, range(18))
    show(page, 18)
    post(server, secret, WARD, range(19))
    show(page, 19)
    assert totals(page) == ["0", "12", "15", "18", "19"]


def test_after_sleep_it_jumps_to_now_with_nothing_in_between(
    server: Serving, proxy: Proxy, browser: Browser, open_page: Open
) -> None:
    secret = server.secret()
    page = watched(open_page(LIVE.format(proxy.url)))
    post(server, secret, WARD, range(12))
    show(page, 12)
    asked = proxy.sockets_asked
    with asleep(browser):
        for count in range(13, 20):
            post(server, secret, WARD, range(count))
            time.sleep(TICK_S)
    show(page, 19)
    assert totals(page) == ["0", "12", "19"]
    assert proxy.sockets_asked == asked + 1


def test_a_page_that_was_put_away_comes_back_with_one_socket(server: Serving, proxy: Proxy, open_page: Open) -> None:
    secret = server.secret()
    page = watched(open_page(LIVE.format(proxy.url)))
    post(server, secret, WARD, range(12))
    show(page, 12)
    shown = 12
    for events in ([PAGESHOW], [ONLINE], [VISIBLE], [ONLINE, PAGESHOW, VISIBLE]):
        page.evaluate("void window.dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
        eventually(page, lambda: proxy.sockets == 0)
        post(server, secret, WARD, range(shown + 1))
        asked = proxy.sockets_asked
        page.evaluate("; ".join(f"void {event}" for event in events))
        show(page, shown + 1)
        post(server, secret, WARD, range(shown + 2))
        show(page, shown + 2)
        assert proxy.sockets_asked == asked + 1, events
        shown += 2
    assert totals(page) == ["0", *(str(total) for total in range(12, shown + 1))]


def test_the_clock_is_measured_over_the_socket(server: Serving, proxy: Proxy, open_page: Open) -> None:
    page = open_page(LIVE.format(proxy.url))
    said: list[dict[str, Any]] = []
    page.on("websocket", lambda ws: ws.on("framereceived", lambda data: said.append(json.loads(data))))
    page.reload()
    eventually(page, lambda: sum(word["type"] == "time" for word in said) >= TRIPS)
    assert [word["id"] for word in said if word["type"] == "time"] == list(range(1, TRIPS + 1))


def test_a_screens_key_goes_to_the_live_paths_and_nowhere_else(proxy: Proxy, open_page: Open) -> None:
    proxy.upgrades = "refuse"
    page = open_page(f"{proxy.url}/?scene=live&key=S3cret")
    eventually(page, lambda: proxy.polls > 0 and proxy.sockets_asked > 0)
    take(page, "Digit2", "standings")
    keyed = [head for head in proxy.heads if "S3cret" in head]
    live = [head for head in proxy.heads if head.startswith("GET /live/")]
    assert live
    assert keyed == [proxy.heads[0], *live]
    assert all("key=S3cret" in head.splitlines()[0] and head.count("S3cret") == 1 for head in keyed)
    assert "S3cret" not in page.title() + page.locator("[data-language]").evaluate("(link) => link.href")
