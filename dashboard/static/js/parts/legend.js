/**
 * The legend of the map: the colour and the words of each step. dashboard/map/legend.py has the same words.
 * @module
 */

import { stepsOf } from "./map.js";
import { colour } from "./steps.js";

/** @typedef {import("../lib/words.js").Words} Words */

/** Zeros of the words for which large bounds are told shorter: billions, millions, thousands. */
const SCALES = [9, 6, 3];

/**
 * @param {wire.LegendSpec} spec
 * @param {import("./part.js").Cut} cut
 * @returns {wire.LegendView}
 */
export function view(spec, cut) {
  const { words } = cut;
  const note = spec.map.inscribed === "places" ? words.say("legend_places") : "";
  return { steps: spec.map.is_flat ? [] : wordsOf(stepsOf(spec.map, cut), words), note };
}

/**
 * The colour and the words of each step, zero first.
 * @param {readonly number[]} steps
 * @param {Words} words
 * @returns {[number, string][]}
 */
function wordsOf(steps, words) {
  /** @type {[number, string][]} */
  const told = [[0, range(0, steps[0] ?? null, words)]];
  steps.forEach((low, at) => told.push([colour(low, steps), range(low, steps[at + 1] ?? null, words)]));
  return told;
}

/** A step from `low` to below `high`, null for the top one. @param {number} low @param {number | null} high @param {Words} words @returns {string} */
function range(low, high, words) {
  const from = scaled(low, words);
  if (high === null) return words.say("step_from", { n: from ? said(from, words) : words.number(low) });
  const above = scaled(high, words);
  if (from === null || above === null) {
    return high === low + 1 ? words.number(low) : `${words.number(low)}–${words.number(high - 1)}`;
  }
  if (from.zeros === above.zeros) return said({ zeros: from.zeros, text: `${from.text}–${above.text}` }, words);
  return `${said(from, words)} – ${said(above, words)}`;
}

/**
 * A bound as a number of thousands, millions or billions; null where that takes more than a tenth.
 * @param {number} bound
 * @param {Words} words
 * @returns {{zeros: number, text: string} | null}
 */
function scaled(bound, words) {
  for (const zeros of SCALES) {
    const tenth = 10 ** (zeros - 1);
    if (bound < 10 * tenth) continue;
    if (bound % tenth) return null;
    const tenths = (bound / tenth) % 10;
    const mark = words.lang === "en" ? "." : ",";
    return { zeros, text: words.number(Math.floor(bound / (10 * tenth))) + (tenths ? `${mark}${tenths}` : "") };
  }
  return null;
}

/** @param {{zeros: number, text: string}} scale @param {Words} words @returns {string} */
function said({ zeros, text }, words) {
  return words.say(`scale_${zeros}`, { n: text });
}

export class LegendPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.LegendSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    this.element = element;
    this.keys = [...element.querySelectorAll(".key")];
  }

  /** @param {import("./part.js").Cut} cut */
  paint(cut) {
    const { steps } = view(this.spec, cut);
    while (this.keys.length > steps.length) this.keys.pop()?.remove();
    steps.forEach(([at, text], index) => {
      let key = this.keys[index];
      if (key === undefined) {
        const last = /** @type {Element} */ (this.keys[index - 1]);
        key = /** @type {Element} */ (last.cloneNode(true));
        last.after(key);
        this.keys.push(key);
      }
      const path = /** @type {Element} */ (key.querySelector("path"));
      const words = /** @type {Element} */ (key.querySelector("span"));
      if (path.getAttribute("class") !== `s${at}`) path.setAttribute("class", `s${at}`);
      if (words.textContent !== text) words.textContent = text;
    });
  }
}
