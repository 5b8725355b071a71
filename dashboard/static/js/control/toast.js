/**
 * The outcome of the last action: a success for a few seconds, a refusal until the next action.
 * @module
 */

import { one } from "../lib/page.js";
import { show, write } from "./element.js";

const GOOD_MS = 6_000;

export class Toast {
  constructor() {
    this.element = one("[data-toast]");
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

  /** What is no mistake and needs nothing done. @param {string} text */
  calm(text) {
    this.say(text, "calm");
    this.timer = window.setTimeout(() => show(this.element, false), GOOD_MS);
  }

  /** @param {string} text */
  bad(text) {
    this.say(text, "bad");
  }

  /** @param {string} text @param {string} tone */
  say(text, tone) {
    window.clearTimeout(this.timer);
    // Emptied first, so that a screen reader reads the same text again.
    this.element.textContent = "";
    show(this.element, true);
    this.element.dataset.tone = tone;
    write(this.element, text);
  }
}
