/**
 * The units whose turn it was last among those where something came in: the next one enters at the top, the others step
 * down. What stands is never written anew but for its number.
 * @module
 */

import { setData, svg } from "../lib/page.js";
import { Lines, nameOf, row, span, stepping } from "./lines.js";
import { shown } from "./part.js";
import { widest } from "./rows.js";

/** @typedef {import("./part.js").Cut} Cut */

/**
 * @param {wire.RecentSpec} spec
 * @param {Cut} cut
 * @returns {wire.RecentView}
 */
export function view(spec, cut) {
  const recent = /** @type {string[]} */ (cut.board.store.state.get("recent") ?? []);
  const codes = recent.filter((code) => code in spec.units).slice(0, spec.limit);
  const lines = codes.map((code) => ({ code, count: shown(cut, code, "completed") }));
  return { lines, chars: widest(lines.map(({ count }) => [count])) };
}

/**
 * How many lines at the top have come in, where all below them stood before in the same order. A unit that is called
 * again comes in anew.
 * @param {readonly string[]} before
 * @param {readonly string[]} now
 * @returns {number}
 */
export function entered(before, now) {
  for (let count = 0; count < now.length; count += 1) {
    const coming = now.slice(0, count);
    const standing = before.filter((code) => !coming.includes(code));
    if (now.slice(count).every((code, at) => code === standing[at])) return count;
  }
  return now.length;
}

export class RecentPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.RecentSpec} spec
   */
  constructor(element, spec) {
    this.element = element;
    this.spec = spec;
    this.lines = new Lines([element], (code) => lineOf(spec, code));
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    const { lines, chars } = view(this.spec, cut);
    setData(this.element, "chars", chars);
    const count = entered([...this.lines.standing.keys()], lines.map(({ code }) => code));
    const seen = lines.map(({ code, count: text }) => ({ code, cells: [text] }));
    this.lines.set([seen], moves ? stepping(count, lines.length) : null);
  }
}

/** An empty line. @param {wire.RecentSpec} spec @param {string} code @returns {HTMLElement} */
function lineOf(spec, code) {
  const unit = /** @type {wire.UnitMeta} */ (spec.units[code]);
  const element = row(code);
  element.append(hexagon(), nameOf(unit));
  const above = span("above");
  if (unit.above) above.append(nameOf(unit.above));
  element.append(above, span("num cell"));
  return element;
}

const HEXAGON = "M0-23L20-11.5L20 11.5L0 23L-20 11.5L-20-11.5Z";

/** @returns {SVGElement} */
function hexagon() {
  const element = svg("svg", { class: "hexagon", viewBox: "-24 -26 48 52", "aria-hidden": "true" });
  element.append(svg("path", { d: HEXAGON }));
  return element;
}
