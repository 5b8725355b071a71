/**
 * Where an overlay stands beside the boxes that it keeps out of, by what its server has reckoned (dashboard/overlays/room.py), and
 * how large it may be there.
 * @module
 */

/** The 5 % box in px of a picture of 1920×1080, within which an overlay's frame stands. */
const [LEFT, TOP, WIDTH, HEIGHT] = /** @type {const} */ ([96, 54, 1728, 972]);
/** The sizes that are tried in their order, in % of an overlay's own. */
const SIZES = [100, 96, 92, 88, 84, 80, 76, 72, 68, 64, 60, 56, 52, 48, 44, 40];
/** A browser rounds. */
const OVER_PX = 1;

/** @param {string | undefined} text numbers with a blank between them @returns {number[]} */
export function numbers(text) {
  return (text ?? "").split(" ").filter((part) => part !== "").map(Number);
}

/**
 * How far an overlay's place is from the sides of the frame, and where in it the mark of a rehearsal has its middle and its top; null
 * where it has all of the frame.
 * @param {string | undefined} within @param {string | undefined} mark
 */
export function placed(within, mark) {
  const [left, top, right, bottom] = numbers(within);
  const [middle, above] = numbers(mark);
  if (left === undefined || top === undefined || right === undefined || bottom === undefined || middle === undefined || above === undefined) return null;
  const across = (/** @type {number} */ px) => `${(100 * px / WIDTH).toFixed(3)}%`;
  const down = (/** @type {number} */ px) => `${(100 * px / HEIGHT).toFixed(3)}%`;
  return {
    left: across(left - LEFT),
    top: down(top - TOP),
    right: across(LEFT + WIDTH - right),
    bottom: down(TOP + HEIGHT - bottom),
    markX: across(middle - LEFT),
    markY: down(above - TOP),
  };
}

/** @param {HTMLElement} overlay @param {HTMLElement} frame */
export function settle(overlay, frame) {
  const { room, mark, position } = overlay.dataset;
  const at = placed(room, mark);
  if (at) {
    frame.style.setProperty("--room-left", at.left);
    frame.style.setProperty("--room-top", at.top);
    frame.style.setProperty("--room-right", at.right);
    frame.style.setProperty("--room-bottom", at.bottom);
    frame.style.setProperty("--mark-x", at.markX);
    frame.style.setProperty("--mark-y", at.markY);
  }
  frame.classList.toggle("roomed", room !== undefined);
  frame.dataset.at = position ?? "";
}

/** Let an overlay be as large as its place holds. @param {HTMLElement} overlay */
export function shrink(overlay) {
  const plate = overlay.firstElementChild;
  if (!(plate instanceof HTMLElement)) return;
  const { paddingTop } = getComputedStyle(overlay);
  for (const size of SIZES) {
    overlay.style.setProperty("--fit", String(size / 100));
    const width = overlay.clientWidth, height = overlay.clientHeight - Number.parseFloat(paddingTop);
    const isHeld = plate.offsetWidth <= width + OVER_PX && plate.offsetHeight <= height + OVER_PX && plate.scrollWidth <= plate.clientWidth + OVER_PX;
    if (isHeld) return;
  }
}
