"""Pages from templates: strict about names, escaped, never stored."""

import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from dashboard import inline, static
from dashboard.words import texts

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

PAGE_FRESH_S = 0.5
PAGE_KEPT_S = 10.0
"""A page also tells the time of its figures with their date once they are of another day, so it is not kept longer."""
PAGES_KEPT_MAX = 1_000
"""About 30 MB: every unit of a province in both languages, the big screen in each scene."""


@cache
def environment() -> Environment:
    """The templates, compiled once a process; they hold no state."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "common_texts": texts,
        "guard_script": inline.source(inline.GUARD),
        "modules": static.modules,
        "shell_script": inline.source(inline.SHELL),
    }
    return made


class Pages:
    """Pages made lately, by address, for the moment when a whole hall opens the same one.

    One big screen's page takes 25 ms to make, in which no socket gets anything. So a page is made anew at most every
    PAGE_FRESH_S, and until its topic moves at most every PAGE_KEPT_S; what it is behind then, its socket brings.
    """

    def __init__(self, monotonic_s: Callable[[], float] = time.monotonic) -> None:
        self._monotonic_s = monotonic_s
        self._pages: dict[tuple[str, ...], tuple[float, str, HTMLResponse]] = {}

    def get(self, address: tuple[str, ...], position: str, make: Callable[[], HTMLResponse]) -> HTMLResponse:
        """The page of an address whose topic is at a position; ``make`` makes it if there is none that will do."""
        now_s = self._monotonic_s()
        if (kept := self._pages.get(address)) is not None:
            made_s, made_at, response = kept
            if now_s - made_s < (PAGE_KEPT_S if made_at == position else PAGE_FRESH_S):
                return response
        elif len(self._pages) >= PAGES_KEPT_MAX:
            self._pages.clear()
        response = make()
        self._pages[address] = now_s, position, response
        return response


def page(template: str, values: Mapping[str, Any], status: int = 200) -> HTMLResponse:
    """A page as an answer. It carries the state of this moment, so nobody may keep it."""
    text = environment().get_template(template).render(values)
    return HTMLResponse(text, status, {"Cache-Control": "no-store"})
