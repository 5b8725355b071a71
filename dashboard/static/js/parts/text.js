/**
 * A text that follows the numbers.
 * @module
 */

import { Text } from "../lib/page.js";

/**
 * @param {wire.TextSpec} spec
 * @param {import("./part.js").Cut} cut
 * @returns {wire.TextView}
 */
export function view(spec, cut) {
  const { board, words } = cut;
  if (spec.name === "opens") return { text: opens(cut) };
  const rate = board.cell(spec.of, "rate");
  return { text: rate === null ? "" : words.say("target", { percent: words.percent(rate) }) };
}

/** When the first round opens; once that has passed, that it is about to. @param {import("./part.js").Cut} cut @returns {string} */
function opens({ board, words, nowMs }) {
  /** @type {[number, number, number][]} */
  const rounds = board.store.state.get("rounds") ?? [];
  const opensMs = Math.min(...rounds.map((round) => round[1]));
  if (rounds.length === 0 || nowMs >= opensMs) return words.say("opens_soon");
  return words.say("opens_at", { time: words.time(opensMs), date: words.date(opensMs) });
}

export class TextPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.TextSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    this.text = new Text(element);
  }

  /** @param {import("./part.js").Cut} cut */
  paint(cut) {
    this.text.set(view(this.spec, cut).text);
  }
}
