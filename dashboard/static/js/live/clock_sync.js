/**
 * Asks the server for its time over an open socket: thirty timed round trips in its first minute, then one in each.
 * @module
 */

/** @typedef {import("./clock.js").ServerClock} ServerClock */
/** @typedef {import("./socket.js").Surroundings} Surroundings */

/** Round trips of one measurement. What is known is what all of them have in common, so each of them may narrow it. */
export const TRIPS = 30;
/** The first of them follow each other soon, so that a page that was just opened knows about when it is. */
const SOON_TRIPS = 5;
/** The pauses between an answer and the next question: of those, and of the others. */
const SOON_STEP_MS = 200;
const STEP_MS = 2_000;
/** So many questions without an answer end a measurement. */
const UNANSWERED_MAX = 5;
/** The first question waits up to this, so that ten thousand screens do not ask in one instant. */
const SPREAD_MS = 3_000;
/** The longest wait for an answer. */
const ANSWER_WAIT_MS = 5_000;
/** Between two trips afterwards: what is known widens by 6 ms meanwhile. */
const EVERY_MS = 60_000;
/** The shortest time between two measurements: the server allows a screen 20 messages in 10 s. */
const GAP_MS = 30_000;

export class ClockSync {
  /**
   * @param {ServerClock} clock
   * @param {Surroundings} around
   */
  constructor(clock, around) {
    this.clock = clock;
    this.around = around;
    /** @type {((text: string) => void) | null} */
    this.send = null;
    this.left = 0;
    /** Questions since the last answer. */
    this.unanswered = 0;
    this.id = 0;
    /** The question whose answer is awaited, 0 if none. */
    this.asked = 0;
    this.sentAt = 0;
    this.measuredAt = -Infinity;
    this.timer = 0;
  }

  /**
   * A socket is open. If the clock is known, one trip checks it; else it is measured.
   * @param {(text: string) => void} send
   */
  begin(send) {
    this.send = send;
    this.unanswered = 0;
    this.left = this.measuredAt > -Infinity && Number.isFinite(this.clock.boundMs) ? 1 : TRIPS;
    this.wait(this.around.random() * SPREAD_MS);
  }

  /** The socket is gone. */
  end() {
    this.send = null;
    this.left = 0;
    this.around.clearTimeout(this.timer);
  }

  /** The machine has slept: the measurement is void. */
  forget() {
    this.clock.forget();
    this.measuredAt = -Infinity;
  }

  /** The server's clock differs from the measurement: measure again. */
  again() {
    if (this.send === null || this.left > 0) return;
    this.left = TRIPS;
    const soonestMs = this.measuredAt + GAP_MS - this.around.now();
    this.wait(Math.max(soonestMs, 0) + this.around.random() * SPREAD_MS);
  }

  /** The server has answered. @param {number} id @param {number} atMs */
  answer(id, atMs) {
    if (this.send === null || id !== this.asked) return;
    this.asked = 0;
    this.unanswered = 0;
    const fits = this.clock.trip(atMs, this.sentAt);
    this.next(this.left > TRIPS - SOON_TRIPS ? SOON_STEP_MS : STEP_MS);
    if (!fits) this.again();
  }

  ask() {
    if (this.send === null) return;
    if (this.left === TRIPS) this.measuredAt = this.around.now();
    this.unanswered += 1;
    this.left = this.unanswered < UNANSWERED_MAX ? Math.max(this.left - 1, 0) : 0;
    this.id += 1;
    this.asked = this.id;
    this.sentAt = this.around.now();
    const { boundMs } = this.clock;
    // Operators want to know which of their screens may be off at a cue.
    const bound = Number.isFinite(boundMs) ? { bound: Math.ceil(boundMs) } : {};
    this.send(JSON.stringify({ type: "time", id: this.id, ...bound }));
    this.next(ANSWER_WAIT_MS);
  }

  /** @param {number} stepMs the wait within a measurement */
  next(stepMs) {
    this.wait(this.left > 0 ? stepMs : EVERY_MS * (0.75 + this.around.random() / 2));
  }

  /** @param {number} ms */
  wait(ms) {
    this.around.clearTimeout(this.timer);
    this.timer = this.around.setTimeout(() => this.ask(), ms);
  }
}
