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

/** What moves in a part, so that it can stop at once. */
export class Motions {
  constructor() {
    /** @type {Animation[]} */
    this.running = [];
  }

  /**
   * Start one with all others of the same paint.
   * @param {Element} element
   * @param {Keyframe[]} keyframes
   * @param {KeyframeAnimationOptions} timing
   * @param {() => void} [ended] not called where it is stopped
   */
  start(element, keyframes, timing, ended) {
    afterPaint(() => {
      const animation = element.animate(keyframes, timing);
      if (ended) animation.onfinish = ended;
      this.running.push(animation);
    });
  }

  /** Stop all: everything stands where it belongs. */
  end() {
    for (const animation of this.running.splice(0)) animation.cancel();
  }
}
