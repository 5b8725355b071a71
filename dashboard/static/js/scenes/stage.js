/**
 * Where a page shows its scene: the one that the server painted at first, then whatever is taken.
 * @module
 */

import { isStill } from "../lib/motion.js";
import { one } from "../lib/page.js";
import { partsWithin } from "../parts/parts.js";

/** @typedef {import("../parts/part.js").Cut} Cut */

/** One scene goes, then the other comes; what both pages share stands still. */
const OUT_MS = 160;
const IN_MS = 240;
/** A scene that has not come within this time leaves the old one where it is. */
const FETCH_WAIT_MS = 2_000;

/** A scene on the page. */
class SceneView {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.name = element.dataset.name ?? "";
    this.take = element.dataset.take ?? "";
    this.beatMs = Number(element.dataset.beatMs);
    this.parts = partsWithin(element);
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    for (const part of this.parts) part.paint(cut, moves);
  }

  /** What it loads is there, or has failed. @returns {Promise<unknown>} */
  isDrawn() {
    return Promise.all(this.parts.map((part) => part.isDrawn?.()));
  }

  leave() {
    for (const part of this.parts) part.leave?.();
    this.element.remove();
  }
}

export class Stage {
  /**
   * @param {HTMLElement} element
   * @param {() => Cut} cut what is shown now
   */
  constructor(element, cut) {
    this.element = element;
    this.cut = cut;
    this.scene = new SceneView(one(".scene", element));
    /** The latest scene that was asked for: one that comes later than its successor is dropped. */
    this.asked = 0;
    /** @type {Promise<void>} */
    this.change = Promise.resolve();
  }

  /** @param {boolean} moves */
  paint(moves) {
    this.scene.paint(this.cut(), moves);
  }

  /**
   * Fetch a scene and show it. Changes are queued: one ends before the next begins.
   * @param {string} address of its fragment
   * @param {boolean} isSeen whether the change is to be seen as one
   * @returns {Promise<boolean>} whether it is shown, or another was asked for since
   */
  async take(address, isSeen) {
    this.asked += 1;
    const asked = this.asked;
    const element = await fetched(address);
    if (asked !== this.asked) return true;
    if (element === null) return false;
    this.change = this.change.then(() => this.replace(element, isSeen && !isStill()));
    await this.change;
    return true;
  }

  /**
   * @param {HTMLElement} element
   * @param {boolean} isSeen
   */
  async replace(element, isSeen) {
    const before = this.scene;
    element.classList.add("waiting");
    this.element.append(element);
    const scene = new SceneView(element);
    scene.paint(this.cut(), false);
    await Promise.race([scene.isDrawn(), wait(FETCH_WAIT_MS)]);
    if (isSeen) await fade(before.element, 1, 0, OUT_MS);
    this.scene = scene;
    // What was counted while it waited.
    scene.paint(this.cut(), false);
    before.leave();
    document.body.dataset.scene = scene.name;
    element.classList.remove("waiting");
    if (isSeen) await fade(element, 0, 1, IN_MS);
  }
}

/** @param {string} address @returns {Promise<HTMLElement | null>} */
async function fetched(address) {
  const limit = new AbortController();
  const timer = window.setTimeout(() => limit.abort(), FETCH_WAIT_MS);
  try {
    const answer = await fetch(address, { signal: limit.signal });
    if (!answer.ok) return null;
    const held = document.createElement("template");
    held.innerHTML = await answer.text();
    return /** @type {HTMLElement | null} */ (held.content.querySelector(".scene"));
  } catch {
    return null;
  } finally {
    window.clearTimeout(timer);
  }
}

/**
 * @param {HTMLElement} element
 * @param {number} from
 * @param {number} to
 * @param {number} ms
 */
async function fade(element, from, to, ms) {
  const animation = element.animate([{ opacity: from }, { opacity: to }], { duration: ms, fill: "forwards" });
  await Promise.race([animation.finished, wait(2 * ms)]).catch(() => {});
  if (to === 1) animation.cancel();
}

/** @param {number} ms @returns {Promise<void>} */
function wait(ms) {
  return new Promise((resolve) => { window.setTimeout(resolve, ms); });
}
