"""One page in two engines: what of it is said otherwise, stands elsewhere or is complained of."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from playwright.sync_api import Browser, Page, ViewportSize

from tests.browser.boxes import texts
from tests.browser.conftest import WAIT_MS, until
from tests.browser.tabs import Tabs

FRESH = "document.body.dataset.fresh === 'live'"
"""When a screen has heard its first frame."""
SIZE: ViewportSize = {"width": 1920, "height": 1080}
APART_PX = 2.0
"""How far an edge may stand from where the newest engine has it."""
EDGES = ("left", "right", "top", "bottom")
PARTS = """() => [...document.querySelectorAll("main, h1, [data-part], [data-part] > *")].map((element) => {
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const { visibility, display, color } = getComputedStyle(element);
  const name = `${element.tagName}.${element.getAttribute("class")} ${visibility} ${display} ${color}`;
  return { name, left, right, top, bottom };
})"""
"""What pages are made of: its name and look, and where it stands."""

Box = dict[str, Any]

_tabs: WeakKeyDictionary[Browser, Tabs] = WeakKeyDictionary()


@contextmanager
def opened(browser: Browser, url: str, ready: str = FRESH) -> Iterator[tuple[Page, list[str]]]:
    """A page that stands still, and what the engine had to complain of; ``ready`` is JavaScript that is true once
    everything has been painted."""
    complaints: list[str] = []
    tabs = _tabs.setdefault(browser, Tabs(browser))
    tab = tabs.tab(scripts=True, still=True)
    tab.watch(
        {
            "pageerror": lambda error: complaints.append(str(error)),
            "console": lambda said: complaints.append(said.text) if said.type == "error" else None,
            "requestfailed": lambda request: complaints.append(f"failed: {request.url}"),
        }
    )
    page = tab.page
    page.set_default_timeout(WAIT_MS)
    page.set_viewport_size(SIZE)
    try:
        page.goto(url)
        page.evaluate("Promise.all([...document.fonts].map((font) => font.load())).then(() => true)")
        until(page, ready)
        until(page, "document.getAnimations().every((each) => each.playState === 'finished')")
        yield page, complaints
    finally:
        tabs.leave(tab)


def look(browser: Browser, url: str, ready: str = FRESH) -> list[Box]:
    """Every line of text and every part of a page, with its edges in px.

    Raises:
        AssertionError: If the engine complains of the page, or nothing is seen of it.
    """
    with opened(browser, url, ready) as (page, complaints):
        lines = [{"name": box.text} | {edge: getattr(box, edge) for edge in EDGES} for box in texts(page)]
        parts: list[Box] = page.evaluate(PARTS)
        assert complaints == [], browser.version
    assert lines, f"nothing is written on {url}"
    return lines + parts


def apart(new: Sequence[Box], old: Sequence[Box]) -> list[str]:
    """What the old engine shows otherwise than the new one, as a person reads it."""
    news, olds = [one["name"] for one in new], [one["name"] for one in old]
    if news != olds:
        return [f"only in the new one: {[name for name in news if name not in olds]}", f"the old one has: {olds}"]
    return [
        f"{one['name']}: {edge} at {other[edge]:.1f}, in the new one at {one[edge]:.1f}"
        for one, other in zip(new, old, strict=True)
        for edge in EDGES
        if abs(one[edge] - other[edge]) > APART_PX
    ]
