"""What a page shows."""

from playwright.sync_api import Page

AGE_WAIT_MS = 12_000


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


def names(page: Page, rows: str) -> list[str]:
    """The units of a ranking from the top down, as they stand on screen; ``rows`` selects its list."""
    found: list[str] = page.evaluate(f"""() => [...document.querySelectorAll('{rows} .row[data-code]')]
        .filter((row) => row.dataset.at !== "out")
        .sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
        .map((row) => row.dataset.code)""")
    return found
