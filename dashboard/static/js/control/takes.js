/**
 * The scenes that can be put on air, as buttons with what is chosen of each.
 * @module
 */

import { one } from "../lib/page.js";
import { mark, show, write } from "./element.js";
import { fill, read } from "./scene_fields.js";

/** @typedef {import("./scene_fields.js").Chosen} Chosen */

/** The total is offered once one in this many of those who entered has finished; as in dashboard/parts/board.py. */
const OFFERED_FROM = 10;
/** The scene that leads with those who entered until somebody takes it with the total. */
export const LIVE = "live";

/**
 * Whether the total should lead from now on: the scene on air still leads with those who entered, and enough have finished.
 * @param {wire.SceneOnAir | undefined} scene
 * @param {number} started
 * @param {number} completed
 * @returns {boolean}
 */
export function isOffered(scene, started, completed) {
  return scene?.name === LIVE && scene.settings.lead === "started" && completed > 0 && completed * OFFERED_FROM >= started;
}

/** One scene: its button, what is chosen of it, and why it cannot be taken. */
export class TakeView {
  /**
   * @param {HTMLElement} element
   * @param {(scene: string, settings: Chosen) => void} take
   * @param {(scene: string, settings: Chosen) => void} prepare
   */
  constructor(element, take, prepare) {
    this.element = element;
    this.name = element.dataset.take ?? "";
    this.reveals = "reveals" in element.dataset;
    this.title = one(".name", element).textContent ?? "";
    this.why = one("[data-why]", element);
    this.button = /** @type {HTMLButtonElement | null} */ (element.querySelector("[data-take-button]"));
    this.ready = /** @type {HTMLButtonElement | null} */ (element.querySelector("[data-take-prepare]"));
    this.button?.addEventListener("click", () => take(this.name, this.settings));
    this.ready?.addEventListener("click", () => prepare(this.name, this.settings));
  }

  /** What is chosen. @returns {Chosen} */
  get settings() {
    return read(this.element);
  }

  /** Choose what is on air. @param {wire.SceneOnAir} scene */
  follow(scene) {
    fill(this.element, scene.settings);
  }

  /**
   * @param {boolean} isOnAir
   * @param {string} why it cannot be taken, "" if it can
   * @param {boolean} rests whether nothing can be taken now
   */
  paint(isOnAir, why, rests) {
    mark(this.element, "data-state", isOnAir ? "on-air" : why ? "lacking" : "ready");
    write(this.why, why);
    show(this.why, why !== "");
    if (!this.button) return;
    if (isOnAir) mark(this.button, "aria-current", "true");
    else this.button.removeAttribute("aria-current");
    const isDisabled = rests || why !== "";
    if (this.button.disabled !== isDisabled) this.button.disabled = isDisabled;
    if (this.ready && this.ready.disabled !== (why !== "")) this.ready.disabled = why !== "";
  }
}
