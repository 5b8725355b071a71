/**
 * The picture of an output beside its keys, as its screens show it; it is there while somebody looks, for it costs what
 * a screen costs.
 * @module
 */

import { el } from "./element.js";

/** A screen's own size; what is seen is as wide as there is room. */
const [WIDTH, HEIGHT] = /** @type {const} */ ([1920, 1080]);
const OPEN = "diemcau.monitor";

export class Monitor {
  /**
   * @param {HTMLDetailsElement} element
   * @param {string} url of the screen
   */
  constructor(element, url) {
    this.element = element;
    this.url = url;
    this.place = /** @type {HTMLElement} */ (element.querySelector("[data-picture]"));
    new ResizeObserver(() => this.fit()).observe(this.place);
    element.addEventListener("toggle", () => this.turn());
    element.open = kept(() => window.localStorage.getItem(OPEN) === "1") ?? false;
  }

  turn() {
    const { open } = this.element;
    kept(() => window.localStorage.setItem(OPEN, open ? "1" : "0"));
    if (!open) {
      this.place.replaceChildren();
      return;
    }
    const frame = /** @type {HTMLIFrameElement} */ (el("iframe"));
    frame.title = this.element.dataset.title ?? "";
    frame.tabIndex = -1;
    frame.src = this.url;
    this.place.replaceChildren(frame);
    this.fit();
  }

  fit() {
    const frame = /** @type {HTMLElement | null} */ (this.place.firstElementChild);
    const scale = this.place.clientWidth / WIDTH;
    this.place.style.height = `${HEIGHT * scale}px`;
    if (frame) frame.style.transform = `scale(${scale})`;
  }
}

/** What is read from, or kept in, the browser's own store, which may be shut. @template T @param {() => T} act @returns {T | null} */
function kept(act) {
  try {
    return act();
  } catch {
    return null;
  }
}
