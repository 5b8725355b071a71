"""What a page shows."""

from playwright.sync_api import Page

NUMBERS = {
    "lead": ".lead .num",
    "second": ".figure:first-child .num",
    "people": ".figure:last-child .num",
    "pace": ".pace .num",
    "taking-part": ".taking-part .num",
}
"""Where the live scene has them."""


def number(page: Page, name: str) -> str:
    """The number that the live scene shows now."""
    return page.text_content(NUMBERS[name]) or ""


def names(page: Page, within: str) -> list[str]:
    """The units of a ranking from the top down, as they stand on screen; ``within`` selects its list or lists."""
    found: list[str] = page.evaluate(f"""() => [...document.querySelectorAll('{within} .row[data-code]')]
        .map((row) => [row.getBoundingClientRect(), row.dataset.code])
        .sort(([one], [other]) => one.left - other.left || one.top - other.top)
        .map(([, code]) => code)""")
    return found
