/**
 * The time that a page's picture shows: the server's, but that of an output which is late or stands still. Pure.
 * @module
 */

/** A step back of up to this is waited out: the longest delay, and what a clock may be corrected by. A longer one means another clock. */
const HOLD_MAX_MS = 35_000;

export class PictureTime {
  /**
   * @param {import("./clock.js").ServerClock} clock
   * @param {wire.Showing | null} showing what the output shows; null for a page that follows none
   */
  constructor(clock, showing) {
    this.clock = clock;
    this.showing = showing;
    this.last = -Infinity;
  }

  /** How late the output is, ms. @returns {number} */
  get delayMs() {
    return this.showing?.delay_ms ?? 0;
  }

  /** Whether the picture stands still. @returns {boolean} */
  get isStill() {
    return this.showing?.frozen ?? false;
  }

  /** What the picture shows now, ms since the epoch. @returns {number} */
  get ms() {
    const since = this.showing?.since ?? null;
    if (since !== null) return since - this.delayMs;
    const at = this.clock.now() - this.delayMs;
    // Numbers of an output that is made later wait where they are, and do not go back; so does its time.
    if (at > this.last || this.last - at > HOLD_MAX_MS) this.last = at;
    return this.last;
  }

  /** How long until the picture shows a time, ms; Infinity while it stands still. @param {number} atMs @returns {number} */
  until(atMs) {
    return this.isStill ? Infinity : atMs + this.delayMs - this.clock.now();
  }
}
