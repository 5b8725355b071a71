"""The shell: a screen comes up whatever failed on its way, goes over to what the server makes now, is never naked."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, Route

from dashboard import static
from dashboard.scenes.live import LIVE
from dashboard.scenes.sheets import sheets_of
from tests.browser.cases import folder
from tests.browser.conftest import POLL_MS, Open, looks
from tests.browser.keys import press
from tests.browser.open_contest import post, serving_open
from tests.worlds.editions import edition
from tests.worlds.process import Serving
from tests.worlds.whole import sized

WAIT_MS = 60_000
"""A screen whose files were cut needs some tries, and machines that run tests are slow."""
WARD = "00691"
DISTRICT_LINE = "D9,02,huyện,Mới,Huyện Mới,,true,,,,1000\n"
SHIPPED = edition(folder("ha-giang"), "vi")
SHEETS = ["css/tokens.css", "css/base.css", *(sheet.path for sheet in sheets_of(LIVE, SHIPPED))]
MODULES = ["js/pages/hall.js", *static.modules("js/pages/hall.js")]
ONE_OF_EACH = [
    "css/tokens.css",
    "css/scenes/live.css",
    "js/shell.js",
    "js/pages/hall.js",
    "js/scenes/stage.js",
    "js/lib/page.js",
]
"""A sheet of every page's and one of a scene, the scripts of the shell and of the page, what that imports, what this
imports."""
CUT = sized(ONE_OF_EACH, whole=[*SHEETS, *MODULES])
AT_ONCE = 6
SWAPS = 5
HEAR_ANOTHER = """void window.dispatchEvent(new MessageEvent("message", {
    data: {diemCau: "heard", made: "x-y", show: "live"}, origin: location.origin,
    source: document.querySelector("iframe.shown").contentWindow,
}))"""
"""As if the screen that is shown had heard of another release."""

SOONEST = "Math.random = () => 0"
"""Every wait that is drawn by lot, so that not all screens come at once, is the shortest from now on."""

WATCH = """() => {
    window.naked = 0;
    const look = () => {
        for (const frame of document.querySelectorAll("iframe.shown")) {
            const inner = frame.contentDocument;
            const isStyled = inner && inner.body && getComputedStyle(inner.body).margin === "0px";
            if (!isStyled || inner.querySelector("meta[name=made]") === null) window.naked += 1;
        }
        window.hadNone = window.hadNone || (window.seen && document.querySelectorAll("iframe.shown").length !== 1);
        window.seen = window.seen || document.querySelectorAll("iframe.shown").length > 0;
        requestAnimationFrame(look);
    };
    look();
}"""
"""Counts, in every painted frame from now on, what is shown and is no whole screen, and whether nothing was shown after
something had been."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Serving]:
    with serving_open(tmp_path) as serving:
        yield serving


def shown(page: Page) -> Frame | None:
    """The screen that the shell shows now."""
    held = page.query_selector("iframe.shown")
    return held.content_frame() if held else None


def eventually(page: Page, is_so: Callable[[], object], what: str) -> None:
    for _ in looks(page, WAIT_MS):
        # A frame that is replaced while it is looked at shows nothing yet.
        with suppress(Error):
            if is_so():
                return
    raise AssertionError(what)


def scene_of(page: Page) -> object:
    """The scene of the screen that is shown, None while none is."""
    screen = shown(page)
    return screen.evaluate("document.body.dataset.scene") if screen else None


def lead(page: Page) -> str:
    """The large number of the screen that is shown, "" while none is."""
    screen = shown(page)
    if screen is None:
        return ""
    return screen.text_content(".lead .num") or ""


def is_marked(page: Page) -> bool:
    """Whether what is shown is marked as a rehearsal."""
    screen = shown(page)
    return screen is not None and bool(screen.query_selector(".rehearsal-mark"))


def is_real(page: Page) -> bool:
    """Whether something is shown that is no rehearsal."""
    return shown(page) is not None and not is_marked(page)


def shows(page: Page, total: str) -> bool:
    return lead(page) == total


def never_naked(page: Page) -> None:
    assert page.evaluate("[window.naked, Boolean(window.hadNone)]") == [0, False]


def cutting(context: BrowserContext, name: str, times: int = 1) -> None:
    """Break off the next requests for a static file."""
    left = [times]

    def cut(route: Route) -> None:
        left[0] -= 1
        if left[0] >= 0:
            route.abort("connectionreset")
        else:
            route.continue_()

    context.route(f"**/{name}", cut)


@pytest.mark.parametrize("nth", range(-(-len(CUT) // AT_ONCE)))
def test_a_screen_comes_up_whichever_of_its_files_was_cut(server: Serving, browser: Browser, nth: int) -> None:
    secret = server.secret()
    post(server, secret, WARD, range(12))
    names = CUT[nth * AT_ONCE : (nth + 1) * AT_ONCE]
    pages: dict[str, Page] = {}
    for name in names:
        context = browser.new_context(viewport={"width": 640, "height": 360}, reduced_motion="reduce")
        cutting(context, name)
        page = pages[name] = context.new_page()
        page.add_init_script(f"{SOONEST}; if (window.parent === window) ({WATCH})()")
        page.goto(server.url, wait_until="commit")
    for name, page in pages.items():
        eventually(page, partial(shown, page), name)
    post(server, secret, WARD, range(15))
    for name, page in pages.items():
        eventually(page, partial(shows, page, "15"), name)
        never_naked(page)
        page.context.close()


def test_a_screen_is_not_shown_in_what_a_portal_gave_for_a_style_sheet(server: Serving, browser: Browser) -> None:
    wall = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    left = ["css/base.css", "css/hall.css"]

    def answer(route: Route) -> None:
        name = next((name for name in left if route.request.url.endswith(name)), None)
        if name is None:
            route.continue_()
        else:
            left.remove(name)
            route.fulfill(status=200, content_type="text/html", body="<html>Sign in</html>")

    wall.context.route("**/css/*", answer)
    wall.add_init_script(f"if (window.parent === window) ({WATCH})()")
    wall.goto(server.url, wait_until="commit")
    eventually(wall, lambda: shown(wall) is not None, "shown")
    assert not left
    never_naked(wall)
    wall.context.close()


@pytest.mark.parametrize("is_answered", [True, False])
def test_a_screen_whose_fonts_never_come_is_shown_without_and_stands_still(
    server: Serving, browser: Browser, is_answered: bool
) -> None:
    wall = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
    asked: list[str] = []
    wall.on("request", lambda request: asked.append(request.url) if "frame=1" in request.url else None)
    wall.add_init_script(SOONEST)
    wall.context.route("**/fonts/*", lambda route: route.fulfill(status=404) if is_answered else None)
    wall.goto(server.url, wait_until="commit")
    eventually(wall, lambda: shown(wall) is not None, "shown without")
    first = shown(wall)
    eventually(wall, lambda: len(asked) >= (4 if is_answered else 2), "looked for again")
    assert shown(wall) == first
    wall.context.unroute("**/fonts/*")
    eventually(wall, lambda: shown(wall) not in {None, first}, "the whole one at last")
    wall.context.close()


def test_an_open_wall_and_unit_page_go_over_to_the_store_that_the_server_shows_now(
    server: Serving, open_page: Open
) -> None:
    test, real = server.secret("test", test=True), server.secret("real")
    server.kill()
    server.environment = {"DIEMCAU_SHOW": "rehearsal"}
    server.start()
    post(server, test, WARD, range(99))
    post(server, real, WARD, range(7))
    wall = open_page(f"{server.url}/?scene=live&lang=en&key=", held=True)
    unit = open_page(f"{server.url}/units/024?lang=en", held=True)
    for page in (wall, unit):
        eventually(page, partial(is_marked, page), "marked")
        page.evaluate(WATCH)
        page.evaluate(SOONEST)
        assert page.title().startswith("REHEARSAL")
    assert lead(wall) == "99"
    press(wall, "Digit2", lambda: "scene=standings" in wall.url)
    server.kill()
    server.environment = {}
    server.start()
    for page in (wall, unit):
        eventually(page, partial(is_real, page), "live")
        assert not page.title().startswith("REHEARSAL")
        never_naked(page)
        assert page.locator("iframe").count() == 1
    screen = shown(wall)
    assert screen is not None
    assert screen.evaluate("[document.body.dataset.scene, document.documentElement.lang]") == ["standings", "en"]
    press(wall, "Digit1", lambda: scene_of(wall) == "live")
    post(server, real, WARD, range(9))
    eventually(wall, lambda: lead(wall) == "9", "it follows")


def test_a_district_that_is_added_stands_on_the_wall_and_a_unit_that_is_gone_says_so(
    server: Serving, open_page: Open
) -> None:
    secret = server.secret()
    post(server, secret, WARD, range(12))
    wall = open_page(f"{server.url}/?scene=standings", held=True)
    gone = open_page(f"{server.url}/units/HG-NT", held=True)
    for page in (wall, gone):
        eventually(page, partial(shown, page), "open")
        page.evaluate(WATCH)
        page.evaluate(SOONEST)
    server.kill()
    assert server.contest is not None
    # A map would want a cell for the new district.
    (server.contest / "hexgrid.json").unlink()
    units = server.contest / "units.csv"
    lines = units.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("HG-NT,")]
    assert len(kept) == len(lines) - 1
    units.write_text("".join(kept) + DISTRICT_LINE, "utf-8")
    server.start()

    def has(page: Page, selector: str) -> bool:
        screen = shown(page)
        return screen is not None and screen.query_selector(selector) is not None

    eventually(wall, lambda: has(wall, '.scene.standings [data-code="D9"]'), "the new district")
    eventually(gone, lambda: has(gone, "body.error"), "gone")
    press(wall, "Digit1", lambda: scene_of(wall) == "live")
    post(server, secret, WARD, range(14))
    eventually(wall, lambda: lead(wall) == "14", "it follows")
    for page in (wall, gone):
        never_naked(page)


def test_while_the_new_frame_fails_the_old_one_stands_and_follows(server: Serving, open_page: Open) -> None:
    secret = server.secret()
    post(server, secret, WARD, range(12))
    wall = open_page(server.url, held=True)
    eventually(wall, lambda: lead(wall) == "12", "open")
    wall.evaluate(WATCH)
    wall.evaluate(SOONEST)
    wall.add_init_script(SOONEST)
    asked: list[str] = []
    wall.on("request", lambda request: asked.append(request.url) if "frame=1" in request.url else None)
    wall.context.route("**/js/lib/words.js", lambda route: route.abort("connectionreset"))
    # Tell it of another release, as a server after an upgrade would.
    screen = shown(wall)
    assert screen is not None
    screen.evaluate("parent.postMessage({diemCau: 'heard', made: 'x-y', show: 'live'}, location.origin)")
    eventually(wall, lambda: len(asked) >= 3, "it tries again and again")
    post(server, secret, WARD, range(13))
    eventually(wall, lambda: lead(wall) == "13", "the old one follows")
    assert shown(wall) == screen
    wall.context.unroute("**/js/lib/words.js")
    eventually(wall, lambda: shown(wall) != screen, "the new one at last")
    eventually(wall, lambda: wall.locator("iframe").count() == 1, "the old one is dropped")
    assert lead(wall) == "13"
    never_naked(wall)


def test_keys_focus_printing_and_pages_without_scripts(server: Serving, open_page: Open) -> None:
    post(server, server.secret(), WARD, range(12))
    wall = open_page(f"{server.url}/?scene=live&key=S3cret", held=True)
    eventually(wall, lambda: lead(wall) == "12", "open")
    screen = shown(wall)
    assert screen is not None
    assert "S3cret" not in screen.url
    assert wall.evaluate("document.activeElement.tagName") == "IFRAME"
    press(wall, "Digit2", lambda: scene_of(wall) == "standings")
    wall.evaluate("document.activeElement.blur()")
    press(wall, "Digit4", lambda: scene_of(wall) == "latest")
    eventually(wall, lambda: wall.url == f"{server.url}/?scene=latest&key=S3cret", "the address follows")
    assert screen.evaluate("document.querySelector('[data-language]').href") == f"{server.url}/?scene=latest&lang=en"
    plain = open_page(server.url, scripts=False, held=True)
    assert plain.frames[1].locator(".lead .num").inner_text() == "12"
    assert plain.locator("iframe").is_visible()


def test_what_was_swapped_away_is_gone(server: Serving, open_page: Open) -> None:
    post(server, server.secret(), WARD, range(12))
    wall = open_page(server.url, held=True)
    eventually(wall, lambda: lead(wall) == "12", "open")
    wall.evaluate("""() => {
        window.swaps = 0;
        window.addEventListener("message", (event) => { if (event.data.diemCau === "painted") window.swaps += 1; });
    }""")
    wall.evaluate(SOONEST)
    cdp = wall.context.new_cdp_session(wall)
    cdp.send("Performance.enable")

    def kept() -> tuple[float, float, float]:
        wall.wait_for_timeout(POLL_MS * 10)
        cdp.send("HeapProfiler.collectGarbage")
        found = {each["name"]: each["value"] for each in cdp.send("Performance.getMetrics")["metrics"]}
        return found["Documents"], found["Frames"], found["Nodes"]

    def turn() -> None:
        before = wall.evaluate("window.swaps")
        wall.evaluate(HEAR_ANOTHER)
        eventually(wall, lambda: wall.evaluate("window.swaps") > before, "swapped")

    turn()
    at_first = kept()
    for _ in range(SWAPS):
        turn()
    assert kept() == at_first
    assert at_first[1] == 2
