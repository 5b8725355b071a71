"""Keys of a wall on a busy machine: a scene that has not come within its time leaves the old one where it is."""

from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Error, Page

from tests.browser.conftest import looks

AGAIN_MS = 5_000
"""Longer than a scene may take to be fetched and drawn, two seconds each; after that its key is pressed once more."""
PRESSES = 4


def press(page: Page, key: str, is_there: Callable[[], object]) -> None:
    """Press a key until what it brings is there."""
    for _ in range(PRESSES):
        page.keyboard.press(key)
        for _ in looks(page, AGAIN_MS):
            # A frame that is replaced while it is looked at shows nothing yet.
            with suppress(Error):
                if is_there():
                    return
    raise AssertionError(key)


def take(page: Page, key: str, scene: str) -> None:
    """Press a key until the page has its scene."""
    press(page, key, lambda: page.query_selector(f'section.scene[data-name="{scene}"]:not(.waiting)'))
