"""Overlays in an interlaced picture (1080i50): no line so thin that it flickers, nothing that runs up or down."""

from urllib.parse import urlencode

from dashboard.overlays.overlays import OVERLAYS
from tests.browser.conftest import Open, until
from tests.browser.stand import Air, Stand
from tests.worlds.whole import sized

ASKED = {"lower-third": {"unit": "024"}, "standings": {"rows": "11"}, "milestone": {"at": "1"}}
NAMES = sized(["standings", "lower-third", "total"], whole=[each.name for each in OVERLAYS])
SMALLEST = "50"
"""The size that an address may ask for at least."""
LINE_PX = 3
READY = "document.querySelector('main').classList.contains('shown')"
THIN = r"""(least) => [...document.querySelectorAll("main *")].flatMap((element) => {
  const isThin = (px) => px > 0 && px < least - 0.05;
  const faults = [];
  for (const part of [null, "::before", "::after"]) {
    const style = getComputedStyle(element, part);
    if (part !== null && (style.display === "none" || ["none", "normal"].includes(style.content))) continue;
    const called = `${element.tagName}.${element.getAttribute("class")}${part ?? ""}`;
    for (const side of ["Top", "Bottom"]) {
      const px = parseFloat(style[`border${side}Width`]);
      if (style[`border${side}Style`] !== "none" && isThin(px)) faults.push(`${called}: a border of ${px}`);
    }
    const isPainted = style.backgroundImage !== "none" || !/, 0\)$|transparent/.test(style.backgroundColor);
    const px = part === null ? element.getBoundingClientRect().height : parseFloat(style.height);
    if (isPainted && isThin(px)) faults.push(`${called}: ${px} high`);
  }
  return faults;
})"""
"""Borders along the top or bottom, and grounds, that are less than so many px high."""
WATCH = """() => {
  window.moved = [];
  addEventListener("animationstart", ({ target, animationName }) => {
    const [own] = target.getAnimations().filter((each) => each.animationName === animationName);
    if (!own || !target.closest(".num, .row")) return;
    const stands = target.getBoundingClientRect().top;
    own.pause();
    own.currentTime = 0;
    window.moved.push([animationName, Math.abs(target.getBoundingClientRect().top - stands)]);
    own.finish();
  }, true);
}"""
"""Notes of each figure and line that changes how far it has to go, px of a picture that is 1080 high."""
FIELD_PX = 20
"""Within the 450 ms of a change that is less than a pixel a field."""
TICKS = 8


def test_no_line_is_thinner_than_an_interlaced_picture_shows(stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/overlays/bug", (1920, 1080), still=True)
    faults: list[str] = []
    for name in NAMES:
        page.goto(f"{stand.url}/overlays/{name}?{urlencode({**ASKED.get(name, {}), 'size': SMALLEST})}")
        until(page, READY)
        faults += [f"{name}: {fault}" for fault in page.evaluate(THIN, LINE_PX)]
    assert faults == []


def test_what_changes_comes_up_where_it_stands(air: Air, stand: Stand, open_page: Open) -> None:
    page = open_page(f"{stand.url}/overlays/standings?rows=11", (1920, 1080))
    until(page, "document.body.dataset.fresh !== undefined")
    page.evaluate(WATCH)
    for nth in range(TICKS):
        stand.show(air.add(("00691", "00715")[nth % 2], 9_000))
        page.wait_for_timeout(250)
        moved: list[tuple[str, float]] = page.evaluate("window.moved")
        if {"reel"} < {name for name, _ in moved}:
            break
    assert {"reel"} < {name for name, _ in moved}, "no figure and no line has changed"
    assert max(px for _, px in moved) < FIELD_PX, moved
