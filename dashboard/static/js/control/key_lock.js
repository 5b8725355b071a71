/**
 * Khóa phím: a switch that keeps stray keys off, kept in this tab over reloads; buttons go on working.
 * @module
 */

import { kept } from "../lib/kept.js";
import { mark } from "./element.js";

const KEPT = "diemcau.keys";

export class KeyLock {
  /** @param {HTMLElement} button */
  constructor(button) {
    this.button = button;
    button.addEventListener("click", () => this.set(document.body.dataset.keys !== "locked"));
    this.set(kept(() => window.sessionStorage.getItem(KEPT)) === "locked");
  }

  /** @param {boolean} isLocked */
  set(isLocked) {
    const state = isLocked ? "locked" : "open";
    document.body.dataset.keys = state;
    mark(this.button, "aria-pressed", String(isLocked));
    kept(() => window.sessionStorage.setItem(KEPT, state));
  }
}
