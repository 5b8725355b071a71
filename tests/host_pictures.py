"""Pictures of our own pages for those who bring overlays into OBS, vMix, CasparCG, SPX and Companion:
``python -m tests.host_pictures``. Into another folder, which may be named, instead of that of the docs."""

import io
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import ARGUMENTS, NAMES, SHELL, find_browser, until
from tests.browser.control_room import WARD, ControlRoom, control_room
from tests.pictures import terraces
from tests.suite import ROOT

FOLDER = ROOT / "docs" / "how-to" / "pictures"
DESK = (1440, 900)
AIR = (1280, 720)
SHOWN = "document.querySelector('main').classList.contains('shown') && document.fonts.status === 'loaded'"
COLOURS = 256
"""Of a picture: few, so that it is small."""
LOGO = {"left": 1560, "top": 54, "width": 264, "height": 120, "what": "logo"}
SIGN = {"left": 1424, "top": 626, "width": 400, "height": 400, "what": "sign"}
STRAP = urlencode(
    {
        "name": "Nguyễn Văn A",
        "honorific": "dong-chi",
        "titles": "Ủy viên Ban Thường vụ Tỉnh ủy|Phó Chủ tịch Ủy ban nhân dân tỉnh",
    }
)


class Shot(NamedTuple):
    """A picture by the name of its file, and how it is taken."""

    name: str
    take: Callable[["Studio"], bytes]

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}.png"


class Studio:
    """A server with an output tv1, its director, and a browser."""

    def __init__(self, room: ControlRoom, browser: Browser) -> None:
        self.room = room
        self.browser = browser
        self.url = room.server.url
        lan = room.enter("lan", "/control/overlays")
        _ask(lan, "/api/v1/outputs", {"name": "tv1"})
        self.director = room.enter("dao", "/control/overlays", DESK)

    def desk(self, overlay: str = "lower-third") -> Page:
        """The director's page with an overlay chosen."""
        page = self.director
        page.reload()
        page.locator(f"[data-overlay={overlay}] h3").click()
        page.wait_for_timeout(1_500)
        return page

    def over_picture(self, *addresses: str) -> bytes:
        """Overlays over a picture, as a mixer lays them."""
        picture = Image.open(io.BytesIO(terraces())).convert("RGBA").resize(AIR)
        page = self.browser.new_page(viewport={"width": AIR[0], "height": AIR[1]})
        for address in addresses:
            page.goto(f"{self.url}/overlays/{address}&out=tv1&frame=1&own=1")
            until(page, SHOWN)
            page.wait_for_timeout(300)
            painted = Image.open(io.BytesIO(page.screenshot(omit_background=True))).convert("RGBA")
            picture.alpha_composite(painted)
        page.close()
        return _png(picture.convert("RGB").resize((960, 540)))


def _ask(page: Page, address: str, body: object) -> int:
    status: int = page.evaluate(
        "async ([address, body]) => (await fetch(address, {method: 'POST', body: JSON.stringify(body)})).status",
        [address, body],
    )
    assert status in {200, 201}, f"{address}: {status}"
    return status


def _png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _of(page: Page, selector: str = "") -> bytes:
    shot = page.locator(selector).screenshot() if selector else page.screenshot()
    return _png(Image.open(io.BytesIO(shot)).convert("RGB"))


def _director(studio: Studio) -> bytes:
    page = studio.desk()
    page.locator("[data-form=lower-third] [data-field=name]").fill("Nguyễn Văn A")
    page.locator("[data-form=lower-third] [data-field=titles]").fill("Phó Chủ tịch Ủy ban nhân dân tỉnh")
    page.locator("[data-ground-of=video]").click()
    page.wait_for_timeout(1_500)
    return _of(page)


def _addresses(studio: Studio) -> bytes:
    page = studio.desk("total")
    page.locator(".addresses summary").click()
    page.wait_for_timeout(300)
    return _of(page, ".addresses")


def _boxes(studio: Studio) -> bytes:
    page = studio.desk("total")
    version = page.evaluate("async () => (await (await fetch('/api/v1/outputs/tv1/overlays')).json()).version")
    _ask(page, "/api/v1/outputs/tv1/overlays/frame", {"boxes": [LOGO, SIGN], "seen": version})
    page = studio.desk("total")
    page.set_viewport_size({"width": DESK[0], "height": 1_400})
    page.locator(".framed summary").click()
    page.wait_for_timeout(500)
    made = _of(page, ".framed")
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    return made


def _fault(studio: Studio) -> bytes:
    page = studio.browser.new_page(viewport={"width": AIR[0], "height": AIR[1]})
    page.goto(f"{studio.url}/overlays/total?out=tv1&frame=1&preview=1&size=900&bg=556677")
    until(page, "document.querySelector('.overlay-fault') !== null && document.fonts.status === 'loaded'")
    made = Image.open(io.BytesIO(page.screenshot(omit_background=True))).convert("RGBA")
    ground = Image.new("RGBA", AIR, "#556677")
    ground.alpha_composite(made)
    page.close()
    return _png(ground.convert("RGB").resize((960, 540)))


SHOTS = (
    Shot("overlay-director", _director),
    Shot("overlay-addresses", _addresses),
    Shot("overlay-boxes", _boxes),
    Shot("overlay-over-picture", lambda studio: studio.over_picture(f"lower-third?{STRAP}", "bug?x=1")),
    Shot("overlay-beside-boxes", lambda studio: studio.over_picture(f"lower-third?unit={WARD}&safe=1", "bug?safe=1")),
    Shot("overlay-theme", lambda studio: studio.over_picture(f"lower-third?{STRAP}&theme=light", "bug?theme=light")),
    Shot("overlay-fault", _fault),
)


def make(into: Path, names: tuple[str, ...] = ()) -> Iterator[Path]:
    """Take every picture, or those of some names; gives their files."""
    into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as data:
        path = find_browser(playwright, (SHELL, *NAMES))
        if path is None:
            sys.exit("host pictures: no Chromium on this machine")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)

        def open_page(address: str, size: tuple[int, int] = DESK, **_: object) -> Page:
            page = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="vi-VN").new_page()
            page.goto(address)
            return page

        with control_room(Path(data), open_page) as room:
            room.add_source()
            room.send(237)
            studio = Studio(room, browser)
            for shot in SHOTS:
                if names and shot.name not in names:
                    continue
                (into / shot.file).write_bytes(shot.take(studio))
                yield into / shot.file
        browser.close()


if __name__ == "__main__":
    for made in make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER, tuple(sys.argv[2:])):
        print(f"{made}: {made.stat().st_size // 1024} KB")  # noqa: T201 - what was made
