/**
 * The milestone passed last: in the place of the pace, for a while, gold. A screen that is opened later, or comes back,
 * shows it for what is left of that while, so nothing is told twice.
 * @module
 */

import { Text, one } from "../lib/page.js";

/** @typedef {import("../lib/words.js").Words} Words */
/** @typedef {import("../live/store.js").Store<wire.BoardState>} Store */
/** @typedef {import("../live/clock.js").ServerClock} ServerClock */

export const SHOWN_MS = 20_000;

/**
 * The milestone that is to be seen now, null if there is none.
 * @param {wire.Passed | null | undefined} milestone
 * @param {number} nowMs the server's time
 * @returns {number | null}
 */
export function milestoneNow(milestone, nowMs) {
  if (!milestone) return null;
  const ageMs = nowMs - milestone.at;
  return ageMs < SHOWN_MS && ageMs > -SHOWN_MS ? milestone.value : null;
}

export class MilestoneView {
  /**
   * @param {Store} store
   * @param {ServerClock} clock
   * @param {Words} words
   */
  constructor(store, clock, words) {
    this.store = store;
    this.clock = clock;
    this.words = words;
    this.text = new Text(one('[data-text="milestone"]'));
    this.pace = one(".pace");
  }

  /** Called with every frame and once a second. */
  paint() {
    const value = milestoneNow(this.store.state.get("milestone"), this.clock.now());
    this.text.show(value !== null);
    this.pace.classList.toggle("is-milestone", value !== null);
    if (value !== null) this.text.set(this.words.say("milestone", { n: this.words.number(value) }));
  }
}
