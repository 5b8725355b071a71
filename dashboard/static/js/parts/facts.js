/**
 * What else is counted for a unit, in one line below its total.
 * @module
 */

import { setData } from "../lib/page.js";
import { NumberView } from "./number.js";
import { shown, takingPart } from "./part.js";

/** @typedef {import("./part.js").Cut} Cut */

/** What the numbers together may have for the largest size, the next, and so on. */
const SIZES_CHARS = [17, 22, 28, 36];

/**
 * @param {wire.FactsSpec} spec
 * @param {Cut} cut
 * @returns {wire.FactsView}
 */
export function view(spec, cut) {
  const texts = spec.columns.map((column) => (column === "taking_part" ? takingPart(cut) : shown(cut, spec.of, column)));
  const chars = texts.reduce((sum, text) => sum + text.length, 0);
  return { texts, size: SIZES_CHARS.filter((held) => chars > held).length };
}

export class FactsPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.FactsSpec} spec
   */
  constructor(element, spec) {
    this.element = element;
    this.spec = spec;
    this.numbers = [...element.querySelectorAll(".num")].map((each) => new NumberView(/** @type {HTMLElement} */ (each)));
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    const { texts, size } = view(this.spec, cut);
    setData(this.element, "size", size);
    texts.forEach((text, index) => this.numbers[index]?.set(text, moves));
  }
}
