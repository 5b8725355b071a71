/**
 * What became of the last action, for a while; a refusal stays until the next.
 * @module
 */

import { one } from "../lib/page.js";
import { show, write } from "./element.js";

const GOOD_MS = 6_000;

export class Notice {
  constructor() {
    this.element = one("[data-notice]");
    this.timer = 0;
    this.element.addEventListener("click", () => show(this.element, false));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") show(this.element, false);
    });
  }

  /** @param {string} text */
  good(text) {
    this.say(text, "good");
    this.timer = window.setTimeout(() => show(this.element, false), GOOD_MS);
  }

  /** @param {string} text */
  bad(text) {
    this.say(text, "bad");
  }

  /** @param {string} text @param {string} tone */
  say(text, tone) {
    window.clearTimeout(this.timer);
    // Emptied first, so that the same words twice are read aloud twice.
    this.element.textContent = "";
    show(this.element, true);
    this.element.dataset.tone = tone;
    write(this.element, text);
  }
}
