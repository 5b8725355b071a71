/**
 * The server's clock, as far as its beats tell it.
 * @module
 */

/** Beats that are remembered: a minute of them. Of these the one that travelled fastest is believed. */
const BEATS_MAX = 30;

export class ServerClock {
  /** @param {() => number} localMs a clock that never runs back, such as performance.now */
  constructor(localMs) {
    this.localMs = localMs;
    /** @type {number[]} */
    this.offsets = [];
    this.best = Date.now() - localMs();
  }

  /** Note the server's time, just arrived. @param {number} atMs */
  note(atMs) {
    // A beat arrives late, never early: the largest difference is the nearest to the truth.
    this.offsets.push(atMs - this.localMs());
    if (this.offsets.length > BEATS_MAX) this.offsets.shift();
    this.best = Math.max(...this.offsets);
  }

  /** Forget what was measured: the machine has slept. */
  forget() {
    this.offsets = [];
  }

  /** Now, ms since the epoch. @returns {number} */
  now() {
    return this.localMs() + this.best;
  }
}
