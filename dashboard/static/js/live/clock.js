/**
 * Time on a screen: how long ago something was, and what the server's clock says now, with its bound. Pure.
 * @module
 */

/** @typedef {{now: () => number, wall: () => number}} Ticks ms that never run back; ms since the epoch, as set here */

/** @typedef {{low: number, high: number}} Interval ms, both ends included */

/** How far apart a screen's clock and the server's may run: 100 ppm, 6 ms a minute. */
const DRIFT = 100e-6;
/** The server cuts its time to whole milliseconds: the truth may be this much later than it says. */
const CUT_MS = 1;
/** A step back of up to this is waited out, so that ages do not run backwards; a longer one means another clock. */
const HOLD_MAX_MS = 5_000;
/** The longest delay of a beat on a live link: one that seems later comes from another clock. */
const LATE_MAX_MS = 10_000;

/** Time since a moment, sleep included: where performance.now stands still in sleep, the wall clock runs on. */
export class Stopwatch {
  /** @param {Ticks} ticks */
  constructor(ticks) {
    this.ticks = ticks;
    this.now = ticks.now();
    this.wall = ticks.wall();
  }

  restart() {
    this.now = this.ticks.now();
    this.wall = this.ticks.wall();
  }

  /** @returns {number} */
  get ms() {
    return Math.max(this.ticks.now() - this.now, this.ticks.wall() - this.wall);
  }
}

/**
 * What two intervals have in common, null for nothing.
 * @param {Interval} one @param {Interval} other
 * @returns {Interval | null}
 */
export function common(one, other) {
  const low = Math.max(one.low, other.low);
  const high = Math.min(one.high, other.high);
  return low <= high ? { low, high } : null;
}

/**
 * The server's clock as an interval that holds it.
 *
 * What the server said was true at some time between our asking and our hearing: its offset to our own clock lies in
 * [at − received, at − sent]. A beat has no asking, so it says no more than "at least". All of them are true together,
 * so what they have in common is kept: the fastest way there and the fastest way back, whichever trips had them. Age
 * widens it, and an interval that it has no part in common with means that the server's clock is another now.
 */
export class ServerClock {
  /** @param {Ticks} ticks */
  constructor(ticks) {
    this.ticks = ticks;
    // Until the server is heard, the machine's own clock is the best estimate.
    this.isGuess = true;
    this.low = ticks.wall() - ticks.now();
    this.high = Infinity;
    this.measuredAt = ticks.now();
    this.shown = -Infinity;
  }

  /**
   * A beat has just arrived. One that is far too late may come from a server whose clock was set back: it has no upper
   * bound, so it narrows nothing, but it does not fit.
   * @param {number} atMs
   * @returns {boolean} whether it fits what is known
   */
  beat(atMs) {
    const low = atMs - this.ticks.now();
    const isFarTooLate = !this.isGuess && low < this.interval.low - LATE_MAX_MS;
    return this.take(low, Infinity) && !isFarTooLate;
  }

  /**
   * An answer has just arrived.
   * @param {number} atMs the server's time
   * @param {number} sentMs our own, when we asked
   * @returns {boolean} whether it fits what is known
   */
  trip(atMs, sentMs) {
    return this.take(atMs - this.ticks.now(), atMs + CUT_MS - sentMs);
  }

  /** @param {number} low @param {number} high @returns {boolean} */
  take(low, high) {
    const both = this.isGuess ? { low, high } : common(this.interval, { low, high });
    const { low: newLow, high: newHigh } = both ?? { low, high };
    this.isGuess = false;
    this.low = newLow;
    this.high = newHigh;
    this.measuredAt = this.ticks.now();
    return both !== null;
  }

  /** The machine has slept: our clock may have stood still, so only the lower bound still holds. */
  forget() {
    this.low = this.interval.low;
    this.high = Infinity;
    this.measuredAt = this.ticks.now();
  }

  /** Where the offset lies now. @returns {Interval} */
  get interval() {
    const widerMs = (this.ticks.now() - this.measuredAt) * DRIFT;
    return { low: this.low - widerMs, high: this.high + widerMs };
  }

  /** How far `now` may be off, ms; Infinity before the first answer. @returns {number} */
  get boundMs() {
    const { low, high } = this.interval;
    return (high - low) / 2;
  }

  /** Now, ms since the epoch. Never earlier than it was told before, unless by more than 5 s. @returns {number} */
  now() {
    const offset = this.high === Infinity ? this.low : (this.low + this.high) / 2;
    const at = this.ticks.now() + offset;
    if (this.isGuess) return at;
    if (at > this.shown || this.shown - at > HOLD_MAX_MS) this.shown = at;
    return this.shown;
  }
}
