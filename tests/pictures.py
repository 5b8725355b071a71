"""Pictures of every scene for the docs, of the shipped contest with made-up numbers, and the small ones of the page of
takes: ``python -m tests.pictures``. Into another folder, which may be named, go those of the docs alone."""

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from PIL import Image, ImageDraw
from playwright.sync_api import Page, Route, sync_playwright

from dashboard.pages.hall import cut_of
from dashboard.pictures.gallery import Picture as Uploaded
from dashboard.scenes.scenes import BY_NAME, SCENES
from streaming.program.state import Countdown, Cue, SceneOnAir, SceneSettings
from streaming.topics.frames import Frame
from tests import thumbnails
from tests.browser.cases import folder
from tests.browser.conftest import ARGUMENTS, NAMES, SHELL, find_browser, until
from tests.browser.numbers import AT_MS, board_frame
from tests.browser.stand import Air, Stand, standing
from tests.suite import ROOT
from tests.worlds.editions import edition
from tests.worlds.pictures import packed

FOLDER = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1920, 1080
SCALE = 0.5
"""Half of the wall's pixels: on a page of text a picture is some 900 pixels wide."""
QUALITY = 80
LEFT_MS = 277_000
"""What a countdown has to go."""
UNIT = "026"
"""Huyện Đồng Văn, of which the scenes of one unit are."""
MARK, PLACES = 10_000, 5
PHOTO = Uploaded("0" * 32, "png", "Ruộng bậc thang", WIDTH, HEIGHT, 1, 1, "lan")


@dataclass(frozen=True)
class Shown:
    """What a picture shows of a scene: ``name`` is its file's, "" as the scene; ``state`` is what the board says
    besides."""

    scene: str
    name: str = ""
    settings: SceneSettings = field(default_factory=dict)
    step: int = 0
    state: dict[str, object] = field(default_factory=dict)
    left_ms: int | None = None
    launched_ms: int | None = None

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name or self.scene}.jpg"


CHOSEN = (
    Shown("unit", settings={"unit": UNIT}),
    Shown("wards", settings={"of": UNIT, "order": "full"}),
    Shown("window", settings={"unit": UNIT}),
    Shown("standby", left_ms=LEFT_MS),
    Shown("milestone", state={"milestone": {"value": MARK, "at": AT_MS}}),
    # As the first weekly results were told: final for now.
    Shown("results", settings={"round": 1, "count": PLACES}, step=PLACES, state={"frozen": {"at": AT_MS}}),
    Shown("picture", settings={"caption": "Ruộng bậc thang Hoàng Su Phì (hình vẽ)"}),
    Shown(
        "message",
        settings={
            "heading": "Chương trình tạm nghỉ 10 phút",
            "line_1": "Kính mời quý vị đại biểu giải lao",
            "line_2": "Chương trình tiếp tục lúc 10 giờ 15 phút",
        },
    ),
    # The light of a launch rests by then.
    Shown("launch", name="launched", launched_ms=6_000),
)
"""Where there is something to choose, or two pictures of one scene."""


def pictures() -> tuple[Shown, ...]:
    """Every picture, in the order of the scenes."""
    own = {each.scene for each in CHOSEN if not each.name}
    as_they_are = (Shown(scene.name) for scene in SCENES if scene.name not in own)
    order = list(BY_NAME)
    return tuple(sorted((*as_they_are, *CHOSEN), key=lambda each: (order.index(each.scene), each.name)))


def make(into: Path) -> Iterator[Path]:
    """Take every picture; gives their files."""
    into.mkdir(parents=True, exist_ok=True)
    shipped = folder("ha-giang")
    air, drawing = Air(shipped, board_frame(shipped, "typical")), terraces()
    edition(shipped).gallery.hang([PHOTO])
    with standing(shipped, air.frame_of, AT_MS + 2_000, 0) as stand, sync_playwright() as playwright:
        path = find_browser(playwright, (SHELL, *NAMES))
        if path is None:
            sys.exit("pictures: no Chromium on this machine")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE)

        def give(route: Route) -> None:
            route.fulfill(body=drawing, content_type="image/png")

        page.route("**/pictures/*", give)
        usual = air.board
        for each in pictures():
            air.board = _with(usual, each.state)
            _show(page, stand, each)
            page.screenshot(path=into / each.file, type="jpeg", quality=QUALITY)
            yield into / each.file
        if into == FOLDER:
            yield from thumbnails.take(browser)
        browser.close()


def _with(board: Frame, state: dict[str, object]) -> Frame:
    return msgspec.structs.replace(board, state={**board.state, **state})


def _show(page: Page, stand: Stand, shown: Shown) -> None:
    """Put a scene on air and wait until it rests."""
    scene = BY_NAME[shown.scene]
    cut = cut_of(stand.frame_of("board"), edition(stand.folder), stand.now_ms, frame_of=stand.frame_of)
    settings = scene.chosen(msgspec.convert(dict(shown.settings), scene.settings), cut)
    lacks = scene.lacks(cut, settings)
    assert lacks is None, f"{shown.file}: {lacks}"
    count = None if shown.left_ms is None else Countdown(left_ms=shown.left_ms)
    cue = None if shown.launched_ms is None else Cue("launch", 1, stand.now_ms - shown.launched_ms)
    stand.put(SceneOnAir(shown.scene, msgspec.structs.asdict(settings), 1, 1, shown.step, count), cue, thumbnails.AIRED)
    page.goto(f"{stand.url}/?frame=1&lang=vi")
    until(page, "document.body.dataset.fresh !== undefined && document.fonts.status === 'loaded'")
    # Numbers that have come since are painted, and a chart is drawn.
    page.wait_for_timeout(1_000)
    if shown.scene == "window":
        # As a mixer lays the picture of a point below it.
        page.eval_on_selector(
            ".picture-window",
            "(window, image) => { window.style.background = image; }",
            f"url({PHOTO.address}) 50% / cover",
        )
        page.wait_for_timeout(500)


def terraces() -> bytes:
    """A drawing of terraced fields, as an uploaded picture."""
    image = Image.new("RGB", (WIDTH, HEIGHT), "#f4d9a0")
    draw = ImageDraw.Draw(image)
    for y in range(HEIGHT):
        share = y / HEIGHT
        draw.line((0, y, WIDTH, y), (round(90 + 160 * share), round(140 + 80 * share), round(190 - 40 * share)))
    draw.ellipse((1380, 150, 1540, 310), fill="#fff1c4")
    for nth in range(14):
        top, shade = 400 + 48 * nth, nth / 13
        ridge = [
            (x, top + (90 - 3 * nth) * math.sin(x / (260 + 17 * nth) + nth * 1.7) + 26 * math.sin(x / 97 + nth))
            for x in range(0, WIDTH + 1, 8)
        ]
        colour = (round(70 + 130 * shade), round(112 + 62 * shade), round(84 - 34 * shade))
        draw.polygon([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)
        draw.line(ridge, fill=tuple(min(255, part + 38) for part in colour), width=4)
    return packed(image, "PNG")


if __name__ == "__main__":
    for made in make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER):
        print(f"{made}: {made.stat().st_size // 1024} KB")  # noqa: T201 - what was made
