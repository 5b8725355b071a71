"""Measures texts on a page: where each line of text stands, what is cut off, what touches what."""

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Frame, Page

from tests.browser.conftest import until

MEASURE = """() => {
  const found = [];
  const memo = (find) => {
    const known = new Map();
    return (element) => {
      if (!known.has(element)) known.set(element, find(element));
      return known.get(element);
    };
  };
  const style = memo(getComputedStyle);
  const isSeen = memo((element) => {
    if (element === null) return true;
    const { visibility, display, opacity, clipPath } = style(element);
    if (visibility === "hidden" || display === "none" || Number(opacity) === 0) return false;
    // Texts for those who cannot see are clipped away to nothing.
    if (clipPath === "inset(50%)") return false;
    const { parentElement: above } = element;
    if (above?.tagName === "DETAILS" && !above.open && element.tagName !== "SUMMARY") return false;
    return isSeen(above);
  });
  // The box outside of which nothing of an element can be seen.
  const everywhere = { left: -Infinity, right: Infinity, top: -Infinity, bottom: Infinity };
  const opening = memo((element) => {
    if (element === null || element === document.body) return everywhere;
    const above = opening(element.parentElement);
    const { overflowX, overflowY } = style(element);
    const isShut = (overflow) => overflow === "hidden" || overflow === "clip";
    if (!isShut(overflowX) && !isShut(overflowY)) return above;
    const box = element.getBoundingClientRect();
    const own = { ...everywhere };
    if (isShut(overflowX)) Object.assign(own, { left: box.left, right: box.right });
    if (isShut(overflowY)) Object.assign(own, { top: box.top, bottom: box.bottom });
    return {
      left: Math.max(above.left, own.left), right: Math.min(above.right, own.right),
      top: Math.max(above.top, own.top), bottom: Math.min(above.bottom, own.bottom),
    };
  });
  // What is not laid out before it is scrolled to has a size by guess.
  for (const element of document.querySelectorAll("li")) {
    if (getComputedStyle(element).contentVisibility === "auto") element.style.contentVisibility = "visible";
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const marks = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim();
    const owner = node.parentElement;
    if (!text || !owner || ["SCRIPT", "STYLE", "title", "TITLE", "NOSCRIPT"].includes(owner.tagName)) continue;
    if (!isSeen(owner) || owner.closest(".nav")) continue;
    const mark = owner.closest(".rehearsal-mark, .live-mark");
    if (mark !== null && marks.has(mark)) continue;
    marks.add(mark);
    const range = document.createRange();
    range.selectNodeContents(node);
    const isLabel = owner.closest("svg") !== null;
    for (const box of range.getClientRects()) {
      if (box.width < 1) continue;
      // A drawing's own font size is in units of its view box.
      const size = isLabel ? box.height / 1.265 : parseFloat(style(owner).fontSize);
      // Ink instead of the line's box: a line is 1.27 em high, figures and letters with their marks are about one.
      const middle = (box.top + box.bottom) / 2;
      const half = Math.min(box.height, size) / 2;
      // What is painted behind a mark covers whatever it touches.
      const { left, right } = mark === null ? box : mark.getBoundingClientRect();
      const top = mark === null ? middle - half : mark.getBoundingClientRect().top;
      const bottom = mark === null ? middle + half : mark.getBoundingClientRect().bottom;
      const shut = opening(owner);
      const over = Math.max(shut.left - left, right - shut.right, shut.top - top, bottom - shut.bottom);
      found.push({
        text, left, right, top, bottom, size, over, is_label: isLabel,
        is_in_row: owner.closest(".row") !== null && !owner.closest(".above"),
      });
    }
  }
  return found;
}"""

TOUCH_PX = 1.5
"""Boxes of text may meet by this much; the browser rounds."""

BEARING_EM = 0.04
"""The empty part of a letter's box at its left: large figures are set so that their ink stands on the edge."""


@dataclass(frozen=True)
class Box:
    """A line of text and where its ink stands, in px of the page.

    ``size`` is that of its font; ``over`` how far it reaches over an edge that cuts it off, below 0 where it does not;
    ``is_label`` is of a drawing's texts.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    over: float
    is_label: bool
    is_in_row: bool


def texts(page: Page | Frame) -> list[Box]:
    """Every line of text that can be seen, as the page was last painted."""
    until(page, "document.fonts.status === 'loaded'")
    # What watches its own size (the chart) follows a change of the page within the frame, but not before.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
    return [Box(**found) for found in page.evaluate(MEASURE)]


def touching(boxes: Sequence[Box]) -> list[tuple[str, str]]:
    """Pairs of texts that stand over each other."""
    pairs = []
    for nth, one in enumerate(boxes):
        for other in boxes[:nth]:
            wide = min(one.right, other.right) - max(one.left, other.left)
            high = min(one.bottom, other.bottom) - max(one.top, other.top)
            if wide > TOUCH_PX and high > TOUCH_PX:
                pairs.append((other.text, one.text))
    return pairs


def clipped(boxes: Sequence[Box]) -> list[str]:
    """Texts of which something is cut off; the empty edge of a letter is nothing."""
    return [box.text for box in boxes if box.over > TOUCH_PX + BEARING_EM * box.size]


def outside(boxes: Sequence[Box], left: float, top: float, right: float, bottom: float) -> list[str]:
    """Texts that reach over an edge."""
    return [
        box.text
        for box in boxes
        if box.left < left - TOUCH_PX - BEARING_EM * box.size
        or box.right > right + TOUCH_PX
        or box.top < top - TOUCH_PX
        or box.bottom > bottom + TOUCH_PX
    ]
