"""Overlays in the hands of hosts: what each calls in its order, in old engines too, and how a page is loaded anew."""

import base64
import io
import threading
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, ViewportSize

from dashboard.overlays.overlays import OVERLAYS
from dashboard.pages.ograf import PACKAGED
from tests.browser.alike import EDGES, PARTS, apart, look
from tests.browser.boxes import texts
from tests.browser.conftest import WAIT_MS, looks, until
from tests.browser.open_contest import open_contest, post
from tests.worlds.process import Serving, served
from tests.worlds.whole import sized

LINK = '[[links]]\nname = "Trang thi"\nurl = "https://tracnghiem.hagiang.gov.vn"\n'
WARD, DISTRICT = "00691", "024"
SIZE: ViewportSize = {"width": 1920, "height": 1080}
SMALL: ViewportSize = {"width": 960, "height": 540}
GREEN = (0, 177, 64)
READY = "document.querySelector('main').classList.contains('shown')"
XML = "<templateData><componentData id='name'><data id='text' value='Trần Thị B'/></componentData></templateData>"
JSON = '{"name": "Nguyễn Văn A", "titles": "Bí thư|Chủ tịch"}'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("hosts")
    with served(folder / "data", open_contest(folder, LINK)) as serving:
        post(serving, serving.secret(), WARD, range(12))
        yield serving


class Quiet(SimpleHTTPRequestHandler):
    """Files, and no line for each."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        """Say nothing."""


@pytest.fixture(scope="module")
def station(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The folder of a station's own server, and its address: another origin than ours."""
    folder = tmp_path_factory.mktemp("station")
    (folder / "spx.html").write_text(SPX, encoding="utf-8")
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        thread = threading.Thread(target=http.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{http.server_port}"
        http.shutdown()
        thread.join()


# What each host is, as far as an overlay sees of it.

SPX = """<!doctype html><meta charset="utf-8"><style>body, iframe { margin: 0; border: 0; }</style>
<iframe id="layer1" width="1920" height="1080"></iframe>
<script>
const query = new URLSearchParams(location.search);
const layer = () => document.getElementById("layer1").contentWindow;
document.getElementById("layer1").src = `${query.get("template")}?random=${Math.random()}`;
</script>"""
"""SPX's page for its renderers: a template of its own disk in a frame, which it calls in there."""
OGRAF = """<!doctype html><meta charset="utf-8"><style>body { margin: 0; }</style>
<script type="module">
const begin = async () => {
  const { id, version } = await (await fetch("%s.ograf.json")).json();
  const tag = `${id}-v${version}`;
  customElements.define(tag, (await import("./graphic.mjs")).default);
  const graphic = document.createElement(tag);
  document.body.append(graphic);
  await graphic.load({ renderType: "realtime" });
  await graphic.playAction({});
};
void begin();
</script>"""


def written(server: Serving, folder: Path, name: str, asked: dict[str, str]) -> Path:
    """The page for a host's disk, in its folder."""
    file = folder / f"{name}.html"
    file.write_text(httpx2.get(f"{server.url}/overlays/{name}/shim.html?{urlencode(asked)}").text, encoding="utf-8")
    return file


def unpacked(server: Serving, folder: Path, name: str, asked: dict[str, str]) -> str:
    """The package of an overlay with a foreign host's page beside it; that page's path."""
    answer = httpx2.get(f"{server.url}/overlays/{name}/ograf.zip?{urlencode(asked)}")
    into = folder / f"ograf-{name}"
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(into)
    (into / "host.html").write_text(OGRAF % name, encoding="utf-8")
    return f"ograf-{name}/host.html"


@contextmanager
def opened(browser: Browser, size: ViewportSize = SMALL) -> Iterator[tuple[Page, list[str]]]:
    """A page, and what its engine complains of."""
    context = browser.new_context(viewport=size, reduced_motion="reduce")
    page, complaints = context.new_page(), list[str]()
    page.set_default_timeout(WAIT_MS)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    try:
        yield page, complaints
    finally:
        context.close()


def overlay_in(page: Page, ready: str = READY) -> Frame:
    """The overlay's own page, however deep it lies, once something is so of it."""
    for _ in looks(page):
        for frame in page.frames:
            # One that is loaded anew meanwhile is none for a moment.
            with suppress(Error):
                if "frame=1" in frame.url and frame.evaluate(f"document.readyState === 'complete' && ({ready})"):
                    return frame
    raise AssertionError(f"no overlay of which {ready} on {page.url}: {[frame.url for frame in page.frames]}")


def is_seen(shown: bool, name: str | None = None) -> str:
    """That an overlay is seen or not, and names somebody."""
    says = f"(document.querySelector('[data-field=name]') || {{}}).textContent === {name!r}" if name else "true"
    return f"{'' if shown else '!'}{READY} && {says}"


# In which order each calls.

ADDS = """addEventListener("load", () => { update(%r); %s });"""
"""CasparCG keeps what is called while a page loads, and calls it when it has."""


ADDED: Sequence[tuple[str, Sequence[str], tuple[bool, str | None]]] = (
    ("play();", ("next()", "remove()", "play()"), (False, None)),
    ("", (f"update('{JSON}')", "play()", "play()"), (True, "Nguyễn Văn A")),
    ("play();", (), (True, "Trần Thị B")),
    ("", (), (False, None)),
    ("play();", ("stop()", "stop()"), (False, "Trần Thị B")),
)
"""Whether it plays on load, what is called then, and whether it is seen and whom it names. All orders stand, without a
browser, in tests/dashboard/js/call_orders.test.js."""


def test_casparcg_adds_a_template_that_plays_on_load_or_waits_for_it(server: Serving, browser: Browser) -> None:
    url = f"{server.url}/overlays/lower-third?wait=1"
    for plays, then, expected in sized(ADDED[:1], whole=ADDED):
        with opened(browser) as (page, complaints):
            page.add_init_script(f"if (window.parent === window) {{ {ADDS % (XML, plays)} }}")
            page.goto(url)
            overlay_in(page, is_seen("play" in plays))
            for call in then:
                page.evaluate(call)
            overlay_in(page, is_seen(*expected))
            assert complaints == []


def test_spx_plays_its_template_from_a_page_of_another_origin(
    server: Serving, browser: Browser, station: tuple[Path, str]
) -> None:
    folder, address = station
    written(server, folder, "lower-third", {"wait": "1"})
    with opened(browser) as (page, complaints):
        page.goto(f"{address}/spx.html?template=lower-third.html")
        overlay_in(page, is_seen(False))
        assert page.evaluate("layer().SPXGCTemplateDefinition.DataFields.length") > 0
        for calls, expected in (
            (f"update('{JSON}'); layer().play()", (True, "Nguyễn Văn A")),
            ("next()", (True, "Nguyễn Văn A")),
            ('update(\'{"name": "Trần Thị B"}\')', (True, "Trần Thị B")),
            ("stop()", (False, "Trần Thị B")),
            (f"update('{JSON}'); layer().play()", (True, "Nguyễn Văn A")),
        ):
            page.evaluate(f"layer().{calls}")
            overlay_in(page, is_seen(*expected))
        assert complaints == []


def test_obs_hides_shows_and_refreshes_its_source(server: Serving, browser: Browser) -> None:
    with opened(browser) as (page, complaints):
        page.add_init_script(f"if (window.parent === window) ({WATCH})()")
        page.goto(f"{server.url}/overlays/total")
        told = overlay_in(page).inner_text("main")
        for visible in ("false", "true", "true"):
            for event in ("Visible", "Active"):
                detail = f"{{ detail: {{ {event.lower()}: {visible} }} }}"
                page.evaluate(f"void dispatchEvent(new CustomEvent('obsSource{event}Changed', {detail}))")
        assert overlay_in(page).inner_text("main") == told
        page.reload()
        # At once as it stands: no entrance, and no count from 0.
        assert overlay_in(page).inner_text("main") == told
        assert overlay_in(page).get_attribute("main", "class") == "frame still shown"
        until(page, "seen.looks > 5")
        assert page.evaluate("seen.blank") == []
        assert complaints == []


# A page that must be loaded anew.

WATCH = """() => {
  window.seen = { looks: 0, blank: [] };
  const wrongIn = (frames) => {
    const inner = frames[0].contentDocument;
    const [main, plate] = [inner && inner.querySelector("main"), inner && inner.querySelector(".plate")];
    if (frames.length !== 1 || !main || !plate) return `${frames.length} frames are shown`;
    const { opacity, visibility } = inner.defaultView.getComputedStyle(main);
    if (opacity !== "1" || visibility !== "visible") return `it is ${visibility}, ${opacity}`;
    if (!/gradient/.test(inner.defaultView.getComputedStyle(plate).backgroundImage)) return "it has no styles";
    return /\\d/.test(plate.textContent) && plate.offsetWidth > 100 ? null : "it says nothing";
  };
  const look = () => {
    const frames = [...document.querySelectorAll("iframe.shown")];
    if (frames.length > 0 || seen.looks > 0) {
      const wrong = frames.length > 0 ? wrongIn(frames) : "nothing is shown";
      seen.looks += 1;
      if (wrong !== null) seen.blank.push(wrong);
    }
    requestAnimationFrame(look);
  };
  look();
}"""
"""Looks at every frame that is painted once an overlay is shown for the first time, for one in which it is not."""
ANOTHER_RELEASE = """() => {
  Math.random = () => 0;
  const source = document.querySelector("iframe.shown").contentWindow;
  const data = { diemCau: "heard", made: "x-y", show: "live" };
  window.dispatchEvent(new MessageEvent("message", { data, origin: location.origin, source }));
  window.first = document.querySelector("iframe.shown");
}"""
"""As if the overlay had heard of another release; every wait that is drawn by lot is the shortest."""


def test_on_air_it_is_loaded_anew_behind_its_last_picture(server: Serving, browser: Browser) -> None:
    with opened(browser) as (page, _):
        page.goto(f"{server.url}/overlays/total?bg=00b140")
        at = plate_of(page, overlay_in(page))
        until(page, "document.querySelector('iframe.shown') !== null")
        cdp = page.context.new_cdp_session(page)
        pictures: list[str] = []
        cdp.on("Page.screencastFrame", lambda told: taken(cdp, told, pictures))
        cdp.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})
        page.evaluate(WATCH)
        # The first try is of a release whose script never arrives.
        dead(page.context, "overlay.js")
        page.evaluate(ANOTHER_RELEASE)
        until(page, "!first.isConnected && document.querySelectorAll('iframe').length === 1")
        page.wait_for_timeout(200)
        cdp.send("Page.stopScreencast")
        assert page.evaluate("[seen.looks > 10, seen.blank, first.isConnected]") == [True, [], False]
        shots = [Image.open(io.BytesIO(base64.b64decode(each))).convert("RGB") for each in pictures]
        assert shots
        assert all(shot.getpixel(at) != GREEN for shot in shots)
        assert all(shot.getpixel((3, 3)) == GREEN for shot in shots)


def plate_of(page: Page, overlay: Frame) -> tuple[int, int]:
    """A place in the ground of its plate, beside its texts."""
    box: dict[str, float] = overlay.evaluate("document.querySelector('.plate').getBoundingClientRect().toJSON()")
    return round(box["left"] + box["width"] / 2), round(box["top"] + 4)


def taken(cdp: Any, told: dict[str, Any], pictures: list[str]) -> None:
    pictures.append(told["data"])
    cdp.send("Page.screencastFrameAck", {"sessionId": told["sessionId"]})


def dead(context: BrowserContext, script: str) -> None:
    """Break off the next request for a script."""
    left = [1]

    def cut(route: Any) -> None:
        left[0] -= 1
        route.abort("connectionreset") if left[0] >= 0 else route.continue_()

    context.route(f"**/{script}", cut)


# How it looks in there.

ASKED: dict[str, dict[str, str]] = {
    "lower-third": {"unit": DISTRICT},
    "countdown": {"to_ms": "1662600000000"},
    "milestone": {"at": "1"},
}
NAMES: Sequence[str] = sized(["lower-third"], whole=[each.name for each in OVERLAYS if each.is_shown])


@pytest.mark.parametrize("name", NAMES)
def test_it_looks_alike_in_old_engines_from_a_disk_on_another_origin_and_in_an_ograf_host(
    old_engine: Browser, browser: Browser, server: Serving, station: tuple[Path, str], name: str
) -> None:
    folder, address = station
    # The time of the numbers goes on while pages are opened.
    asked = {"asof": "0", **ASKED.get(name, {})}
    expected = look(browser, f"{server.url}/overlays/{name}?{urlencode({**asked, 'frame': '1'})}", READY)
    file = written(server, folder, name, asked)
    hosts = [file.as_uri(), f"{address}/spx.html?template={file.name}"]
    if name in PACKAGED:
        hosts.append(f"{address}/{unpacked(server, folder, name, asked)}")
    for host in hosts:
        with opened(old_engine, SIZE) as (page, complaints):
            page.goto(host)
            overlay = overlay_in(page, f"{READY} && document.body.dataset.fresh !== undefined")
            lines = [{"name": box.text} | {edge: getattr(box, edge) for edge in EDGES} for box in texts(overlay)]
            assert apart(expected, lines + overlay.evaluate(PARTS)) == [], host
            assert complaints == [], host
