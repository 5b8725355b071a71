"""Measures texts on a page: where each line of text stands, what is cut, what touches what."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.conftest import until

MEASURE = """() => {
  const found = [];
  const shown = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.visibility === "hidden" || style.display === "none" || Number(style.opacity) === 0) return false;
      if (at.tagName === "DETAILS" && !at.open && element.closest("summary")?.parentElement !== at) return false;
      // Texts for those who cannot see are clipped away to nothing.
      if (style.clipPath === "inset(50%)") return false;
    }
    return true;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim();
    const owner = node.parentElement;
    if (!text || !owner || ["SCRIPT", "STYLE", "TITLE"].includes(owner.tagName) || owner.tagName === "title") continue;
    if (!shown(owner) || owner.closest(".was") || owner.closest(".nav")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const label = owner.closest(".map") !== null;
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      // The map's own font size is in units of its view box.
      const size = label ? box.height / 1.265 : parseFloat(getComputedStyle(owner).fontSize);
      // Ink instead of the line's box: a line is 1.27 em high, figures and letters with their marks are about one.
      const middle = (box.top + box.bottom) / 2;
      const half = Math.min(box.height, size) / 2;
      found.push({ text, left: box.left, right: box.right, top: middle - half, bottom: middle + half, size, label,
        row: owner.closest(".row")?.dataset.at ?? null });
    }
  }
  for (const element of document.querySelectorAll(".name .full, .name .short, .num, .label, h1, h2, .label")) {
    if (!shown(element) || element.closest(".nav")) continue;
    if (element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflow !== "visible")
      found.push({ text: element.textContent, isCut: true });
  }
  return found;
}"""

TOUCH_PX = 1.5
"""Boxes of text may meet by this much; the browser rounds."""

BEARING_EM = 0.04
"""The empty part of a letter's box at its left: large figures are set so that their ink stands on the edge."""


def texts(page: Page) -> list[dict[str, Any]]:
    """Every line of text that can be seen, with its box in px of the page, as the page was last painted."""
    until(page, "document.fonts.status === 'loaded'")
    # What watches its own size (the chart) follows a change of the page within the frame, but not before.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    found: list[dict[str, Any]] = page.evaluate(MEASURE)
    return found


def touching(boxes: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Pairs of texts that stand over each other."""
    pairs = []
    for nth, one in enumerate(boxes):
        for other in boxes[:nth]:
            wide = min(one["right"], other["right"]) - max(one["left"], other["left"])
            high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
            if wide > TOUCH_PX and high > TOUCH_PX:
                pairs.append((other["text"], one["text"]))
    return pairs


def outside(boxes: list[dict[str, Any]], left: float, top: float, right: float, bottom: float) -> list[str]:
    """Texts that reach over an edge."""
    return [
        box["text"]
        for box in boxes
        if box["left"] < left - TOUCH_PX - BEARING_EM * box["size"]
        or box["right"] > right + TOUCH_PX
        or box["top"] < top - TOUCH_PX
        or box["bottom"] > bottom + TOUCH_PX
    ]
