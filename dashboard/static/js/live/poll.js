/**
 * Polls by GET instead of a socket: every two seconds while it is answered, ever more rarely while it is not.
 * @module
 */

import { madeOf } from "./made.js";
import { parse } from "./message.js";
import { CLOSE_RETRY_MAX_MS, restMs, retryMs } from "./retry.js";

/** @typedef {import("./clock.js").ServerClock} ServerClock */
/** @typedef {import("./socket.js").Surroundings} Surroundings */

export const POLL_MS = 2_000;
/** The status of a topic that needs a session, without one. */
const SIGN_IN = 401;
/** An answer is waited for this long; a close screen waits so many times as long as for the last one, 3 s at least. */
const ANSWER_WAIT_MS = 8_000;
const ANSWER_WAIT_MIN_MS = 3_000;
const ANSWER_WAIT_TIMES = 3;
/** The answer's header with the server's time, ms since the epoch. */
const TIME_HEADER = "Diem-Cau-At";
/** The headers with what pages are made of, and the store that they show; refusals have them too. */
const MADE_HEADER = "Diem-Cau-Made";
const SHOW_HEADER = "Diem-Cau-Show";

/**
 * @typedef {object} PollHooks
 * @property {() => string} url
 * @property {() => string} etag what this screen has, as an ETag; "" if nothing
 * @property {(message: unknown) => string} frame what became of it; "refused" is no answer
 * @property {(isBack: boolean) => void} answered isBack: the one before was not
 * @property {(told: import("./made.js").Made) => void} [told] what pages are made of now; before a frame that may not fit
 * @property {() => void} [refused] the server wants somebody signed in; it may again be asked
 */

export class Poll {
  /**
   * @param {number} retryMaxMs
   * @param {ServerClock} clock
   * @param {PollHooks} hooks
   * @param {Surroundings} around
   */
  constructor(retryMaxMs, clock, hooks, around) {
    this.retryMaxMs = retryMaxMs;
    this.clock = clock;
    this.hooks = hooks;
    this.around = around;
    this.isOn = false;
    this.failures = 0;
    this.timer = 0;
    /** How long the last answer took. */
    this.answerMs = ANSWER_WAIT_MS;
    /** Whether the last request was answered. */
    this.isWell = false;
    /** @type {AbortController | null} the request under way */
    this.asking = null;
  }

  begin() {
    if (this.isOn) return;
    this.isOn = true;
    this.isWell = false;
    this.failures = 0;
    void this.ask();
  }

  /** Stop, and discard a request under way. */
  end() {
    this.isOn = false;
    this.around.clearTimeout(this.timer);
    if (this.asking) this.asking.abort();
    this.asking = null;
  }

  /** Ask now instead of waiting, if it is on. */
  hurry() {
    if (!this.isOn) return;
    this.end();
    this.begin();
  }

  /** How long an answer is waited for. @returns {number} ms */
  get patienceMs() {
    if (this.retryMaxMs > CLOSE_RETRY_MAX_MS) return ANSWER_WAIT_MS;
    return Math.min(ANSWER_WAIT_MS, Math.max(ANSWER_WAIT_MIN_MS, ANSWER_WAIT_TIMES * this.answerMs));
  }

  async ask() {
    const abort = new AbortController();
    this.asking = abort;
    const limit = this.around.setTimeout(() => abort.abort(), this.patienceMs);
    let isAnswered = false;
    let isHeard = false;
    let askedMs = 0;
    try {
      const etag = this.hooks.etag();
      /** @type {Record<string, string>} */
      const headers = etag ? { "If-None-Match": etag } : {};
      const sentMs = this.around.now();
      const answer = await this.around.fetch(this.hooks.url(), { headers, cache: "no-store", signal: abort.signal });
      if (this.asking !== abort) return;
      isHeard = true;
      const told = madeOf(answer.headers.get(MADE_HEADER), answer.headers.get(SHOW_HEADER));
      if (told) this.hooks.told?.(told);
      if (answer.status === 200 || answer.status === 304) {
        const atMs = Number(answer.headers.get(TIME_HEADER));
        if (Number.isSafeInteger(atMs) && atMs > 0) this.clock.trip(atMs, sentMs);
      } else {
        askedMs = restMs(answer.headers.get("Retry-After"));
        if (answer.status === SIGN_IN) this.hooks.refused?.();
      }
      if (answer.status === 200) {
        const message = parse(await answer.text());
        if (this.asking !== abort) return;
        isAnswered = this.hooks.frame(message) !== "refused";
        if (isAnswered) this.answerMs = this.around.now() - sentMs;
      } else {
        isAnswered = answer.status === 304;
      }
    } catch {
      // No answer: the screen keeps what it has, its mark tells the age, and the next round tries again.
    } finally {
      this.around.clearTimeout(limit);
      if (this.asking === abort) this.next(isAnswered, askedMs, isHeard);
    }
  }

  /** @param {boolean} isAnswered @param {number} askedMs the rest that the server asked for @param {boolean} isHeard whether anybody has answered */
  next(isAnswered, askedMs, isHeard) {
    this.asking = null;
    const isBack = isAnswered && this.failures > 0;
    this.failures = isAnswered ? 0 : this.failures + 1;
    this.isWell = isAnswered;
    const random = this.around.random();
    const pollMs = POLL_MS * (0.75 + random / 2);
    const retry = retryMs(this.failures, this.retryMaxMs, random);
    // A line that is down costs nobody anything; what answers, and is no server of ours, is asked no more often than one.
    const failedMs = isHeard || this.retryMaxMs > CLOSE_RETRY_MAX_MS ? Math.max(pollMs, retry) : retry;
    const waitMs = isAnswered ? pollMs : failedMs;
    this.timer = this.around.setTimeout(() => void this.ask(), askedMs + waitMs);
    if (isAnswered) this.hooks.answered(isBack);
  }
}
