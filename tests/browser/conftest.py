"""A browser for the tests of pages, and what holds on every page: nothing is asked of another origin."""

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Browser, Frame, Page, Playwright, expect, sync_playwright

from tests.browser.cases import folder
from tests.browser.numbers import AT_MS, board_frame
from tests.browser.stand import Air, Stand, standing
from tests.browser.tabs import Tab, Tabs
from tests.worlds.engines import packages, unpacked

UNWANTED = (
    # Each page that has one would be opened in a new process, which compiles all of its scripts.
    "CrossOriginOpenerPolicy",
    # What Playwright asks for is not heard beside another list.
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "MediaRouter",
    "OptimizationHints", "PaintHolding", "ThirdPartyStoragePartitioning",
)  # fmt: skip
"""Features of Chromium that tests do without."""
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--font-render-hinting=none", f"--disable-features={','.join(UNWANTED)}",
]  # fmt: skip
SHELL = "chromium-headless-shell"
"""The same engine without windows: a page costs a third there, for no bar of tabs is drawn that nobody sees."""
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NONE = f"no Chromium on this machine (Debian: apt install {SHELL})"
WAIT_MS = 20_000
"""How long what must come is waited for; on a busy machine a page takes its time."""
POLL_MS, POLL_MS_MAX, POLL_GROWTH = 50, 250, 1.25
expect.set_options(timeout=WAIT_MS)

SCREEN = re.compile("/?|/(units|points)/[^/]+")
"""Addresses of screens that a shell holds."""

Open = Callable[..., Page]


def find_browser(playwright: Playwright, names: Sequence[str] = (*NAMES, SHELL)) -> str | None:
    """The machine's Chromium by the first of the names that it has, or one that playwright has installed."""
    own = Path(playwright.chromium.executable_path)
    return next(filter(None, map(shutil.which, names)), str(own) if own.exists() else None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of a file.

    Not for more: while Playwright is there its event loop stands in this thread, and no test of asyncio can run one.
    """
    with sync_playwright() as playwright:
        path = find_browser(playwright, (SHELL, *NAMES))
        if path is None:
            pytest.skip(NONE)
        opened = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module", params=packages(os.environ), ids=lambda package: package.name)
def old_engine(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Browser]:
    """A browser of the stations' age, driven by what drives the newest."""
    engine = unpacked(request.param)
    if engine is None:
        pytest.skip(f"{request.param}: no engine there (it comes with npm ci)")
    opened = engine.launch(browser.browser_type)
    yield opened
    opened.close()


@pytest.fixture
def air() -> Air:
    """The shipped contest on an ordinary morning, in a test's hand."""
    shipped = folder("ha-giang")
    return Air(shipped, board_frame(shipped, "typical"))


@pytest.fixture
def stand(air: Air) -> Iterator[Stand]:
    """A server for pages that shows it."""
    with standing(air.folder, air.frame_of, AT_MS + 2_000) as opened:
        yield opened


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> Tabs:
    """The tabs of the browser, which the tests of a file use one after the other."""
    return Tabs(browser)


@pytest.fixture
def open_page(tabs: Tabs) -> Iterator[Open]:
    """Opens pages; at the end none of them may have asked another origin for anything, or thrown an error."""
    used: list[Tab] = []
    foreign: list[str] = []
    errors: list[str] = []

    def open_(
        url: str, size: tuple[int, int] = (1920, 1080), *, scripts: bool = True, session: str = "", **options: bool
    ) -> Page:
        """A page at an address; of a screen the screen itself, unless it is wanted as its shell has it, ``held``;
        of a control room without its ``monitor``, unless that is wanted.

        ``session`` is what the server set, in the header's own words, for whoever has signed in.
        """
        if not options.get("held"):
            url = framed(url)
        own = urlsplit(url).netloc
        heard = {
            "request": lambda request: foreign.append(request.url) if _is_foreign(request.url, own) else None,
            "websocket": lambda socket: foreign.append(socket.url) if _is_foreign(socket.url, own) else None,
            "pageerror": lambda error: errors.append(str(error)),
        }
        tab = tabs.tab(scripts=scripts, still=options.get("still", False), monitor=options.get("monitor", False))
        used.append(tab)
        tab.watch(heard)
        page = tab.page
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.set_default_timeout(WAIT_MS)
        for name, kept in SimpleCookie(session).items():
            # Of an address alone it would be a cookie of its folder.
            page.context.add_cookies(
                [
                    {
                        "name": name,
                        "value": kept.value,
                        "domain": urlsplit(url).hostname or "",
                        "path": "/",
                        "httpOnly": True,
                    }
                ]
            )
        page.goto(url)
        if scripts:
            page.evaluate("Promise.all([...document.fonts].map((font) => font.load())).then(() => true)")
        else:
            page.wait_for_load_state("networkidle")
        return page

    yield open_
    # None is to say of the test what happens to it while others are left: its server has ended.
    for tab in used:
        tab.unwatch()
    for tab in used:
        tabs.leave(tab)
    assert foreign == []
    assert errors == []


def framed(url: str) -> str:
    """The address of a screen itself, instead of that of its shell; any other address as it is."""
    parts = urlsplit(url)
    if not SCREEN.fullmatch(parts.path):
        return url
    return parts._replace(path=parts.path or "/", query=urlencode([*parse_qsl(parts.query), ("frame", "1")])).geturl()


def until(page: Page | Frame, expression: str, wait_ms: int = WAIT_MS) -> None:
    """Wait until a JavaScript expression is true; playwright's own way needs eval, which the pages forbid.

    Raises:
        TimeoutError: If it does not become true in time.
    """
    for _ in looks(page, wait_ms):
        if page.evaluate(f"Boolean({expression})"):
            return
    raise TimeoutError(expression)


def looks(page: Page | Frame, wait_ms: float = WAIT_MS) -> Iterator[None]:
    """The times at which to look whether something is so, while the page goes on, until it has been waited for so long.

    Most of what is waited for comes soon, so they are close at first; a look takes two processes and the browser 5 ms.
    """
    deadline_s, pause_ms = time.monotonic() + wait_ms / 1000, float(POLL_MS)
    yield
    while time.monotonic() <= deadline_s:
        page.wait_for_timeout(pause_ms)
        pause_ms = min(pause_ms * POLL_GROWTH, POLL_MS_MAX)
        yield


def _is_foreign(url: str, own: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme not in {"data", "blob"} and parts.netloc != own


@contextmanager
def closing(page: Page) -> Iterator[Page]:
    """The page, closed at the end, so that many in one test do not pile up."""
    try:
        yield page
    finally:
        page.context.close()
