/**
 * Motion: how long it takes, when it starts, and whether whoever looks has asked for none.
 * @module
 */

/** The longest motion, and the part of its scene's beat that one may take: 360 ms of 2 s. */
export const MOVE_MAX_MS = 450;
const MOVE_SHARE = 0.18;

/** Slow at both ends. */
const EASE = "cubic-bezier(0.4, 0, 0.2, 1)";

const query = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)");
// Asked for at every number, a query would be worked out at every number.
let still = query?.matches ?? false;
query?.addEventListener("change", ({ matches }) => { still = matches; });

/** @returns {boolean} */
export const isStill = () => still;

/**
 * How long what changes in an element's scene moves.
 * @param {Element} element
 * @returns {number}
 */
export function moveMs(element) {
  const scene = /** @type {HTMLElement | null} */ (element.closest("[data-beat-ms]"));
  return scene ? Math.min(MOVE_MAX_MS, MOVE_SHARE * Number(scene.dataset.beatMs)) : MOVE_MAX_MS;
}

/** @typedef {"move" | "front" | "dim" | "appear" | "follow" | "vanish"} Kind what base.css animates */
/** @typedef {{ms?: number, delayMs?: number, from?: string, ended?: () => void}} How `from` is where a move begins, a transform */

/**
 * What moves in a part, so that it can stop at once. All of it are animations of the style sheet, which begin with the
 * style of the next picture, together; each that a script started would make the browser bring its styles up to date.
 */
export class Motions {
  constructor() {
    /** @type {(HTMLElement | SVGElement)[]} */
    this.moving = [];
    this.turn = 0;
  }

  /**
   * @param {HTMLElement | SVGElement} element
   * @param {readonly Kind[]} kinds
   * @param {How} [how]
   */
  start(element, kinds, { ms = moveMs(element), delayMs = 0, from, ended } = {}) {
    const { style } = element;
    style.animation = kinds.map((kind) => `${kind}-${this.turn} ${ms}ms ${EASE} ${delayMs}ms backwards`).join();
    if (from !== undefined) style.setProperty("--from", from);
    if (ended) element.addEventListener("animationend", ({ target }) => target === element && ended());
    this.moving.push(element);
  }

  /** Stop all: everything stands where it belongs. */
  end() {
    for (const { style } of this.moving.splice(0)) style.animation = "";
    this.turn = 1 - this.turn;
  }
}
