"""Overlays in a browser: in the hand of their output and of their playout host, and over clear ground."""

import io
import threading
import time
import zipfile
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2
import pytest
from PIL import Image, ImageChops
from playwright.sync_api import Browser, expect

from server.auth.keys import Keys
from server.folder.files import ADMIN_FILE
from tests.browser.conftest import Open
from tests.browser.control_room import WARD, ControlRoom, control_room
from tests.browser.shells import frame_of


@pytest.fixture
def room(tmp_path: Path, open_page: Open) -> Iterator[ControlRoom]:
    with control_room(tmp_path, open_page) as made:
        made.add_source()
        yield made


def test_what_is_seen_is_what_the_output_shows_and_the_host_plays(room: ControlRoom, open_page: Open) -> None:
    desk = Desk(room)
    page = open_page(f"{room.server.url}/overlays/lower-third?unit={WARD}", (1920, 1080))
    stage = frame_of(page).locator("main")
    seen = "frame still shown"
    expect(stage).to_have_attribute("class", seen)
    name = frame_of(page).locator(".unit-name").inner_text()
    assert name
    page.evaluate("stop()")
    expect(stage).not_to_have_class("shown")
    page.evaluate("play()")
    page.evaluate("""update('{"name": "Nguyễn Văn A", "titles": "Bí thư|Chủ tịch"}')""")
    expect(frame_of(page).locator("[data-field=name]")).to_have_text("Nguyễn Văn A")
    expect(frame_of(page).locator("[data-field=titles] p")).to_have_text(["Bí thư", "Chủ tịch"])
    before = frame_of(page).inner_html("main")
    for bad, _ in BAD:
        page.evaluate("text => update(text)", bad)
    until_told(desk, {*(told for _, told in BAD), ("strap", "Nguyễn Văn A · Bí thư · Chủ tịch")})
    assert frame_of(page).inner_html("main") == before
    expect(stage).to_have_class("frame shown")
    desk.do("clear")
    expect(stage).to_have_attribute("class", "frame still")
    desk.do("lower-third/show", data={"unit": WARD})
    expect(stage).to_have_class("frame shown")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert frame_of(page).evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgba(0, 0, 0, 0)"


def test_one_that_waits_is_seen_once_its_host_plays_it_and_calls_before_that_are_kept(
    room: ControlRoom, open_page: Open
) -> None:
    page = open_page(f"{room.server.url}/overlays/total?wait=1", (1280, 720))
    stage = frame_of(page).locator("main")
    expect(stage).to_have_attribute("class", "frame still")
    page.evaluate("update('{\"asof\": false}'); play()")
    expect(stage).to_have_class("frame shown")
    expect(frame_of(page).locator(".strap-heard")).to_have_count(0)


BAD = (
    ('{"name"', ("host_data", "json")),
    ('{"titles": ["1", "2", "3", "4"]}', ("host_value", "titles")),
    ('{"unit": "nowhere"}', ("host_value", "unit")),
)
"""What a host may give that is none, and as what it is told."""


def until_told(desk: "Desk", faults: set[tuple[str, str]]) -> None:
    """Wait until whoever directs the output is told of all of these, and of nothing else."""
    deadline_s = time.monotonic() + 40
    while (told := desk.faults()) != faults and time.monotonic() < deadline_s:
        time.sleep(0.2)
    assert told == faults


class Desk:
    """A device that steers the hall."""

    def __init__(self, room: ControlRoom) -> None:
        self.url = f"{room.server.url}/api/v1/outputs/hall/overlays"
        key = Keys(room.server.data / ADMIN_FILE).add("companion", "hall")
        self.headers = {"Authorization": f"Bearer {key}"}

    def do(self, what: str, **body: object) -> None:
        """Do something to the overlays of the hall."""
        answer = httpx2.post(f"{self.url}/{what}", json=body, headers=self.headers)
        assert answer.status_code == 200, answer.text

    def faults(self) -> set[tuple[str, str]]:
        """What renderers have told."""
        answer = httpx2.get(self.url, headers=self.headers)
        return {(each["code"], each["what"]) for each in answer.json()["faults"]}


XML = (
    "<templateData><componentData id='name'><data id='text' value='Trần Thị B'/></componentData>"
    "<componentData id='titles'><data id='text' value='Giám đốc'/></componentData></templateData>"
)


def test_a_page_on_disk_shows_it_once_the_server_answers_and_hands_on_what_the_host_calls(
    room: ControlRoom, browser: Browser, tmp_path: Path
) -> None:
    shim = httpx2.get(f"{room.server.url}/overlays/lower-third/shim.html?wait=1")
    assert shim.headers["content-disposition"] == 'attachment; filename="lower-third.html"'
    file = tmp_path / "lower-third.html"
    file.write_text(shim.text, encoding="utf-8")
    room.server.kill()
    page = browser.new_page()
    page.goto(file.as_uri())
    page.evaluate("text => { update(text); play(); }", XML)
    assert page.evaluate("JSON.parse(document.querySelector('#spx').textContent).DataFields.length") > 0
    room.server.start()
    name = page.frame_locator("iframe").frame_locator("iframe").locator("[data-field=name]")
    expect(name).to_have_text("Trần Thị B")
    expect(name).to_be_visible()
    page.evaluate("text => update(text)", '<!DOCTYPE x [<!ENTITY a "b">]>' + XML.replace("Trần", "&a;"))
    page.evaluate("remove()")
    expect(name).to_have_count(0)
    page.close()


OGRAF_HOST = """<!doctype html><meta charset="utf-8"><style>body { margin: 0; background: #00b140; }</style>
<script type="module">
const { id, version } = await (await fetch("lower-third.ograf.json")).json();
const tag = `${id}-v${version}`;
customElements.define(tag, (await import("./graphic.mjs")).default);
window.graphic = document.createElement(tag);
document.body.append(window.graphic);
</script>"""
KEY_GREEN = (0, 177, 64)


@pytest.fixture
def ograf_host(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """The folder of a renderer of somebody else, and the address of its page: another origin than the server's."""
    folder = tmp_path / "renderer"
    folder.mkdir()
    (folder / "host.html").write_text(OGRAF_HOST, encoding="utf-8")
    handler = partial(Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield folder, f"http://127.0.0.1:{server.server_port}/host.html"
        server.shutdown()
        thread.join()


class Quiet(SimpleHTTPRequestHandler):
    """Files, and no line for each."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its own name
        """Say nothing."""


def test_a_renderer_of_ograf_loads_it_plays_it_and_takes_it_away(
    room: ControlRoom, browser: Browser, ograf_host: tuple[Path, str]
) -> None:
    folder, address = ograf_host
    answer = httpx2.get(f"{room.server.url}/overlays/lower-third/ograf.zip?position=bottom-left")
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(folder)
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    page.goto(address)
    page.wait_for_function("window.graphic")
    assert page.evaluate("graphic.shadowRoot.childElementCount") == 0
    # Called before an earlier promise is kept.
    asked = "Promise.all([graphic.load(), graphic.updateAction({ data: { name: 'Nguyễn Văn A', titles: 'Bí thư' } })])"
    assert page.evaluate(asked) == [{"statusCode": 200}, {"statusCode": 200}]
    stage = page.frame_locator("iframe").frame_locator("iframe.shown").locator("main")
    expect(stage).to_have_attribute("class", "frame still")
    assert page.evaluate("graphic.playAction({ skipAnimation: true })") == {"statusCode": 200, "currentStep": 0}
    expect(stage).to_have_attribute("class", "frame still shown")
    name = stage.locator("[data-field=name]")
    expect(name).to_have_text("Nguyễn Văn A")
    page.evaluate("graphic.updateAction({ data: { titles: 'Bí thư\\nChủ tịch' } })")
    expect(stage.locator("[data-field=titles] p")).to_have_text(["Bí thư", "Chủ tịch"])
    expect(name).to_have_text("Nguyễn Văn A")
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    assert [shot.getpixel(corner) for corner in ((3, 3), (1276, 716))] == [KEY_GREEN] * 2
    assert ImageChops.difference(shot, Image.new("RGB", shot.size, KEY_GREEN)).getbbox()
    assert page.evaluate("graphic.updateAction({ data: [1] })")["statusCode"] == 400
    # One step there is: to play on is to end.
    assert page.evaluate("graphic.playAction()") == {"statusCode": 200, "currentStep": None}
    expect(stage).to_have_class("frame")
    assert page.evaluate("graphic.playAction({ goto: 0 })")["currentStep"] == 0
    expect(stage).to_have_class("frame shown")
    assert page.evaluate("graphic.stopAction({ skipAnimation: true })") == {"statusCode": 200}
    expect(stage).to_have_class("frame still")
    assert page.evaluate("graphic.dispose()") == {"statusCode": 200}
    expect(page.locator("iframe")).to_have_count(0)
    page.close()
