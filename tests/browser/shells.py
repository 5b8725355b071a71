"""A page that stands in a shell."""

from playwright.sync_api import Frame, Page, expect


def frame_of(page: Page) -> Frame:
    """The overlay's own page, once its shell shows it."""
    expect(page.locator("iframe.shown")).to_have_count(1)
    return page.frames[1]
