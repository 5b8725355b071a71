/**
 * Whom to call, on a screen that has heard nothing for a while: quiet, and gone as soon as something comes.
 * @module
 */

/** A line that is gone for less than this comes back by itself; nobody needs to call. */
export const CALL_AFTER_MS = 60_000;

export class Hotline {
  /** @param {HTMLElement} element @param {() => number} [now] */
  constructor(element, now = () => performance.now()) {
    this.element = element;
    this.now = now;
    /** Since when the page is stale. @type {number | null} */
    this.since = null;
  }

  /** Called once a second. */
  look() {
    const isStale = document.body.dataset.fresh === "stale";
    this.since = isStale ? this.since ?? this.now() : null;
    const isCalling = this.since !== null && this.now() - this.since >= CALL_AFTER_MS;
    this.element.hidden = !isCalling;
    document.body.classList.toggle("is-calling", isCalling);
  }
}
