"""Pictures of every scene for the docs, of the shipped contest with made-up numbers, and the small ones of the page of
takes: ``python -m tests.pictures``. Into another folder, which may be named, go those of the docs alone."""

import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from dashboard.pages.hall import cut_of
from dashboard.scenes.scenes import SCENES
from tests import thumbnails
from tests.browser.cases import folder
from tests.browser.conftest import ARGUMENTS, NAMES, SHELL, find_browser
from tests.browser.numbers import AT_MS, board_frame
from tests.browser.stand import Air, standing
from tests.suite import ROOT
from tests.worlds.editions import edition

FOLDER = ROOT / "docs" / "pictures"
WIDTH, HEIGHT = 1920, 1080
SCALE = 0.5
"""Half of the wall's pixels: on a page of text a picture is some 900 pixels wide."""
QUALITY = 82
LAUNCHED_MS = 6_000
"""By then the light of a launch rests."""


def shown(lang: str = "vi") -> Iterator[str]:
    """The scenes that have something to show of themselves, without what an operator chooses."""
    shipped = folder("ha-giang")
    air = Air(shipped, board_frame(shipped, "typical"))
    cut = cut_of(air.board, edition(shipped, lang), AT_MS, frame_of=air.frame_of)
    for scene in SCENES:
        if scene.lacks(cut) is None:
            yield scene.name


def make(into: Path) -> list[Path]:
    """Take every picture; returns their files."""
    into.mkdir(parents=True, exist_ok=True)
    shipped, made = folder("ha-giang"), []
    air = Air(shipped, board_frame(shipped, "typical"))
    with standing(shipped, air.frame_of, AT_MS + 2_000, 0) as stand, sync_playwright() as playwright:
        path = find_browser(playwright, (SHELL, *NAMES))
        if path is None:
            sys.exit("pictures: no Chromium on this machine")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE)
        for name in shown():
            page.goto(f"{stand.url}/?scene={name}&frame=1&lang=vi")
            page.wait_for_function("document.fonts.status === 'loaded'")
            page.wait_for_timeout(1_000)
            made.append(_take(page, into / f"{name}.jpg"))
            if name == "launch":
                _launch(page)
                made.append(_take(page, into / "launched.jpg"))
        if into == FOLDER:
            made += thumbnails.take(browser)
        browser.close()
    return made


def _launch(page: Page) -> None:
    """Show the launch scene as it rests after its cue."""
    page.evaluate(
        "ms => { const scene = document.querySelector('.scene'); scene.style.setProperty('--cue-delay', `-${ms}ms`);"
        " scene.style.setProperty('--cue-play', 'running'); scene.dataset.cue = 'launch'; }",
        LAUNCHED_MS,
    )
    page.wait_for_timeout(500)


def _take(page: Page, file: Path) -> Path:
    page.screenshot(path=file, type="jpeg", quality=QUALITY)
    return file


if __name__ == "__main__":
    for each in make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER):
        print(f"{each}: {each.stat().st_size // 1024} KB")  # noqa: T201 - what was made
