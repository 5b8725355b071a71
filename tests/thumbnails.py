"""The small pictures of scenes that the page of takes shows: every scene of the table with something to show, of the
shipped contest with made-up numbers. ``python -m tests.pictures`` takes them with the others."""

import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Route
from starlette.requests import Request
from starlette.responses import Response

from dashboard import static
from dashboard.page import Following
from dashboard.pages import hall
from dashboard.pages.program import THUMBNAIL
from dashboard.pictures.gallery import PREFIX, Gallery, Picture
from dashboard.scenes.scenes import BY_NAME, SCENES
from streaming.points.point import points_of
from streaming.program.points import PointsAired
from streaming.program.state import SceneOnAir
from streaming.topics.frames import Frame
from tests.browser.cases import folder
from tests.browser.numbers import AT_MS, board_frame, topic_frame
from tests.browser.stand import SHOWS, Stand
from tests.worlds.editions import edition
from tests.worlds.ports import free_port

SIZE = (192, 108)
"""In pixels, of which a button has fewer."""
THUMBNAIL_BYTES_MAX = 6_000
QUALITY = 78
WALL = (1920, 1080)
SETTLE_MS = 700
"""By then a page's pictures are decoded and its chart is drawn."""
AIRED = PointsAired(tuple(unit.code for unit in points_of(folder("ha-giang").contest.tree))[:198], 205, 6_769)
UPLOADED = Picture("0" * 64, "jpg", "", 1920, 1080, 0, 0, "")


class Studio(Stand):
    """A stand on which every scene has something to show: the first round's numbers are final, a mark was reached, and
    what is revealed by steps is revealed."""

    async def _hall(self, request: Request) -> Response:
        scene, own = BY_NAME[request.query_params["scene"]], edition(self.folder, "vi")
        board = self.frame_of("board")
        cut = hall.cut_of(board, own, self.now_ms, "hall", self.frame_of)
        chosen = scene.chosen(scene.settings(), cut)
        on_air = SceneOnAir(scene.name, msgspec.to_builtins(chosen), take=1, since=1, step=scene.steps(chosen, cut))
        values = hall.page(
            board, own, follows=Following("hall", SHOWS, on_air, AIRED), now_ms=self.now_ms, frame_of=self.frame_of,
            is_preview=True,
        )  # fmt: skip
        return self._page("screens/hall.html", values)


def frame_of(topic: str) -> Frame:
    """The numbers of the studio."""
    contest = folder("ha-giang").contest
    board = board_frame(folder("ha-giang"), "typical")
    final = {"frozen": {"at": AT_MS}, "milestone": {"value": 10_000, "at": AT_MS}}
    board = msgspec.structs.replace(board, state={**board.state, **final})
    return topic_frame(board, contest, topic)


def photograph() -> bytes:
    """What stands for a picture that somebody has uploaded: hills below a sky."""
    width, height = WALL
    image = Image.new("RGB", (width, height), "#7fa9c9")
    draw = ImageDraw.Draw(image)
    draw.ellipse((1380, 150, 1600, 370), fill="#f6e2a8")
    for colour, points in (
        ("#5f8296", ((0, 620), (420, 300), (820, 640), (1260, 360), (1920, 700))),
        ("#41665f", ((0, 820), (520, 560), (1100, 860), (1560, 600), (1920, 800))),
    ):
        draw.polygon((*points, (width, height), (0, height)), fill=colour)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=85)
    return file.getvalue()


def take(browser: Browser, into: Path | None = None) -> Iterator[Path]:
    """Take them all, into the static files of the product where nowhere else is said; the file of each."""
    page = browser.new_page(viewport={"width": WALL[0], "height": WALL[1]})
    picture = photograph()

    def uploaded(route: Route) -> None:
        route.fulfill(body=picture, content_type="image/jpeg")

    page.route(f"**{PREFIX}/*", uploaded)
    gallery: Gallery = edition(folder("ha-giang"), "vi").gallery
    gallery.hang([UPLOADED])
    stand = Studio(folder("ha-giang"), frame_of, AT_MS + 2_000, 60_000, free_port())
    stand.start()
    try:
        for scene in SCENES:
            page.goto(f"{stand.url}/?scene={scene.name}&frame=1")
            page.wait_for_selector("html[data-started]")
            page.evaluate("document.fonts.ready.then(() => {})")
            page.wait_for_timeout(SETTLE_MS)
            file = (into or static.static_dir()) / THUMBNAIL.format(scene.name)
            file.parent.mkdir(parents=True, exist_ok=True)
            with Image.open(io.BytesIO(page.screenshot())) as shot:
                small = shot.convert("RGB").resize(SIZE, Image.Resampling.LANCZOS)
            small.save(file, "WEBP", quality=QUALITY, method=6)
            yield file
    finally:
        stand.stop()
        gallery.hang([])
        page.close()
