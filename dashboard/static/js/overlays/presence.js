/**
 * Whether an overlay is seen, and its free texts. It comes and goes by transitions of its style sheet, which turn back
 * wherever they stand.
 * @module
 */

import { isStill } from "../lib/motion.js";
import { settle, shrink } from "./room.js";

export class Presence {
  /** @param {HTMLElement} element what holds the overlay */
  constructor(element) {
    this.element = element;
    /** What a plate says may grow. */
    this.shrunk = new ResizeObserver(() => {
      for (const each of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(".scene"))) shrink(each);
    });
  }

  get isShown() {
    return this.element.classList.contains("shown");
  }

  /** @param {boolean} isShown @param {boolean} moves */
  show(isShown, moves) {
    if (isShown === this.isShown) return;
    this.element.classList.toggle("still", !moves || isStill());
    this.element.classList.toggle("shown", isShown);
  }

  /** Take it away at once. */
  clear() {
    this.show(false, false);
  }

  /** Let the overlay stand where it has room, as large as it says, and smaller where that does not hold it. */
  fit() {
    for (const each of /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll(".scene"))) {
      each.style.setProperty("--scale", String(Number(each.dataset.size) / 100));
      settle(each, this.element);
      this.shrunk.disconnect();
      shrink(each);
      if (each.firstElementChild) this.shrunk.observe(each.firstElementChild);
    }
  }

  /** Write free texts into the elements of their names. @param {readonly string[]} names @param {Record<string, unknown>} settings */
  write(names, settings) {
    for (const name of names) {
      const field = this.element.querySelector(`[data-field="${name}"]`);
      if (field === null) continue;
      const value = settings[name];
      if (!Array.isArray(value)) {
        const text = String(value ?? "");
        if (field.textContent !== text) field.textContent = text;
        continue;
      }
      const texts = value.map(String);
      const lines = [...field.children];
      if (lines.map((line) => line.textContent).join("\n") === texts.join("\n")) continue;
      field.replaceChildren(...texts.map((text) => {
        const line = document.createElement("p");
        line.textContent = text;
        return line;
      }));
    }
  }
}
