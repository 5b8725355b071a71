/**
 * The scenes that can be put on air, as buttons with what is chosen of each.
 * @module
 */

import { one } from "../lib/page.js";
import { mark, show, write } from "./element.js";

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
  /** @param {HTMLElement} element @param {(scene: string, settings: Record<string, string | number>) => void} take */
  constructor(element, take) {
    this.element = element;
    this.name = element.dataset.take ?? "";
    this.reveals = "reveals" in element.dataset;
    this.title = one(".name", element).textContent ?? "";
    this.why = one("[data-why]", element);
    this.button = /** @type {HTMLButtonElement | null} */ (element.querySelector("[data-take-button]"));
    this.inputs = /** @type {HTMLInputElement[]} */ ([...element.querySelectorAll("[data-setting]")]);
    this.fields = /** @type {HTMLInputElement[]} */ ([...element.querySelectorAll("[data-field]")]);
    this.button?.addEventListener("click", () => take(this.name, this.settings));
  }

  /** What is chosen and typed; an empty field leaves it to the scene. @returns {Record<string, string | number>} */
  get settings() {
    const chosen = this.inputs.filter((input) => input.checked).map((input) => [input.dataset.setting ?? "", input.value]);
    const typed = this.fields.filter((field) => field.value.trim() !== "").map((field) => [field.dataset.field ?? "", "number" in field.dataset ? Number(field.value) : field.value.trim()]);
    return Object.fromEntries([...chosen, ...typed]);
  }

  /** Let units be chosen in its fields. @param {readonly (readonly [string, string | null, string, string])[]} units */
  fill(units) {
    const above = new Set(units.map(([, parent]) => parent));
    for (const field of this.fields) {
      if (!field.dataset.units) continue;
      for (const [code, , name] of units) {
        if (field.dataset.units === "above" && !above.has(code)) continue;
        field.append(new Option(name, code));
      }
    }
  }

  /** Choose what is on air. @param {wire.SceneOnAir} scene */
  follow(scene) {
    for (const input of this.inputs) {
      if (scene.settings[input.dataset.setting ?? ""] === input.value) input.checked = true;
    }
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
  }
}
