/**
 * The outcome of the last action: a success for a few seconds, a refusal until the next action, or until
 * what it says is over.
 * @module
 */

import { one } from "../lib/page.js";
import { show, write } from "./element.js";

const GOOD_MS = 6_000;
/** A refusal that has passed stays at least so long, to be read. */
const READ_MS = 6_000;

export class Toast {
  constructor() {
    this.element = one("[data-toast]");
    this.timer = 0;
    this.saidMs = 0;
    /** @type {(() => boolean) | null} whether what it says is over; null where only somebody's next action tells */
    this.isOver = null;
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

  /** @param {string} text @param {(() => boolean) | null} [isOver] */
  bad(text, isOver = null) {
    this.say(text, "bad");
    this.isOver = isOver;
    this.saidMs = performance.now();
  }

  /** Called once a second: what is over is said no longer. */
  look() {
    if (this.isOver === null || performance.now() - this.saidMs < READ_MS || !this.isOver()) return;
    this.isOver = null;
    show(this.element, false);
  }

  /** @param {string} text @param {string} tone */
  say(text, tone) {
    window.clearTimeout(this.timer);
    this.isOver = null;
    // Emptied first, so that a screen reader reads the same text again.
    this.element.textContent = "";
    show(this.element, true);
    this.element.dataset.tone = tone;
    write(this.element, text);
  }
}
