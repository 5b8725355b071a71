/**
 * Motion: how long it takes, when it starts, and whether whoever looks has asked for none.
 * @module
 */

/** The longest motion, and the part of its scene's beat that one may take: 360 ms of 2 s. */
const MOVE_MAX_MS = 450;
const MOVE_SHARE = 0.18;

const query = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");

/** @returns {boolean} */
export const isStill = () => query?.matches ?? false;

/**
 * How long what changes in an element's scene moves.
 * @param {Element} element
 * @returns {number}
 */
export function moveMs(element) {
  const scene = /** @type {HTMLElement | null} */ (element.closest("[data-beat-ms]"));
  return scene ? Math.min(MOVE_MAX_MS, MOVE_SHARE * Number(scene.dataset.beatMs)) : MOVE_MAX_MS;
}

/** @type {(() => void)[]} */
let waiting = [];

/**
 * Start a motion together with all others of the same paint. Each start makes the browser bring its styles up to date,
 * so they come after the last write and not between the writes.
 * @param {() => void} start
 */
export function afterPaint(start) {
  if (waiting.push(start) > 1) return;
  queueMicrotask(() => {
    const all = waiting;
    waiting = [];
    for (const each of all) each();
  });
}
