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
export function view(spec, { board, words }) {
  const rate = board.cell(spec.of, "rate");
  return { text: rate === null ? "" : words.say("target", { percent: words.percent(rate) }) };
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
