/**
 * The beat: what arrives is kept apart from what is shown, and all figures of a page go to one cut together.
 *
 * Beat k is painted at T + DELAY_MS of the server's clock, T a multiple of the page's beat, and shows the last frame
 * whose `at` is not after T: whatever the lines of two screens, they paint the same cut. Pure: the page brings the timer.
 * @module
 */

import { Store } from "./store.js";

/** How long a beat waits for frames that are still under way. */
export const DELAY_MS = 400;
/** Frames that wait for their beat; more than this (a page that slept, a clock that jumped) are taken as one, at the next. */
export const WAITING_MAX = 100;

/** @typedef {import("./store.js").Outcome} Outcome */

/**
 * @param {number} nowMs the server's time
 * @param {number} beatMs
 * @returns {number} T of the beat that is due at this time or was due last
 */
export function lastBeat(nowMs, beatMs) {
  return Math.floor((nowMs - DELAY_MS) / beatMs) * beatMs;
}

/** @template S what the topic says beside its rows, see wire */
export class Beat {
  /** @param {Store<S>} shown what is painted */
  constructor(shown) {
    this.shown = shown;
    this.arrived = /** @type {Store<S>} */ (new Store());
    /** @type {wire.Frame[]} */
    this.waiting = [];
    /** Whether frames were dropped from the wait: the arrived store stands for all of them. */
    this.isFull = false;
  }

  /** What the page shows already, its first frame. @param {unknown} frame */
  begin(frame) {
    this.shown.apply(frame);
    this.arrived.apply(frame);
  }

  /**
   * Take a message that has arrived.
   * @param {unknown} message
   * @returns {Outcome}
   */
  take(message) {
    const outcome = this.arrived.apply(message);
    if (outcome !== "applied") return outcome;
    if (this.waiting.push(/** @type {wire.Frame} */ (message)) > WAITING_MAX) {
      this.waiting.length = 0;
      this.isFull = true;
    }
    return outcome;
  }

  /** Whether somebody has acted since what is shown: that does not wait for a beat. @returns {boolean} */
  get hasActed() {
    const [shown, arrived] = [this.shown.state, this.arrived.state].map((state) => /** @type {Map<string, unknown>} */ (state));
    return ACTED.some((key) => JSON.stringify(shown?.get(key)) !== JSON.stringify(arrived?.get(key)));
  }

  /**
   * Bring what is shown to the last frame of a beat.
   * @param {number} T the beat's time, Infinity for everything that has arrived
   * @returns {boolean} whether there was one
   */
  advance(T) {
    if (this.isFull) {
      this.shown.become(this.arrived);
      this.waiting.length = 0;
      this.isFull = false;
      return true;
    }
    let count = 0;
    while (count < this.waiting.length && /** @type {wire.Frame} */ (this.waiting[count]).at <= T) count += 1;
    // Each was looked through when it arrived, and followed there on the one before it.
    for (const frame of this.waiting.splice(0, count)) this.shown.settle(frame);
    return count > 0;
  }
}

/** State keys that change when somebody acts: holds, releases, corrections; final numbers. */
const ACTED = /** @type {const} */ (["act", "frozen"]);
