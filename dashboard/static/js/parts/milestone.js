/**
 * The milestone passed last: in the place of the pace, for a while, gold. A screen that is opened later, or comes back,
 * shows it for what is left of that while, so nothing is told twice.
 * @module
 */

import { Text } from "../lib/page.js";

export const SHOWN_MS = 20_000;

/**
 * @param {wire.MilestoneSpec} _spec
 * @param {import("./part.js").Cut} cut
 * @returns {wire.MilestoneView}
 */
export function view(_spec, { board, words, nowMs }) {
  const passed = board.store.state.get("milestone");
  const ageMs = passed ? nowMs - passed.at : Infinity;
  if (ageMs >= SHOWN_MS || ageMs <= -SHOWN_MS) return { text: "" };
  return { text: words.say("milestone", { n: words.number(passed.value) }) };
}

export class MilestonePart {
  /**
   * @param {HTMLElement} element
   * @param {wire.MilestoneSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    this.text = new Text(element);
  }

  /** @param {import("./part.js").Cut} cut */
  paint(cut) {
    const { text } = view(this.spec, cut);
    this.text.show(text !== "");
    if (text !== "") this.text.set(text);
  }
}
