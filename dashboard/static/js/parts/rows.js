/**
 * The first lines of a ranking.
 * @module
 */

import { setData } from "../lib/page.js";
import { Lines, nameOf, passing, row, span } from "./lines.js";
import { shown } from "./part.js";

/** @typedef {import("./part.js").Cut} Cut */

/**
 * A unit's line as it is painted.
 * @param {import("../live/board.js").Line} line
 * @param {readonly string[]} columns
 * @param {Cut} cut
 * @returns {wire.RowSeen}
 */
export function seen(line, columns, cut) {
  const cells = columns.map((column) => cell(line.code, column, cut));
  return { code: line.code, rank: cut.words.number(line.rank), leads: line.rank === 1, cells };
}

/**
 * A unit's number in a line. A pace stands with its sign, and only while something comes in.
 * @param {string} code
 * @param {string} column
 * @param {Cut} cut
 * @returns {string}
 */
export function cell(code, column, cut) {
  return column === "pace" ? plus(cut.board.count(code, column), cut) : shown(cut, code, column);
}

/** "+254", "" where nothing has come in. @param {number} pace @param {Cut} cut @returns {string} */
export function plus(pace, { words }) {
  return pace > 0 ? `+${words.number(pace)}` : "";
}

/**
 * The characters of the longest number in the rows, at least 1.
 * @param {readonly (readonly string[])[]} rows
 * @returns {number}
 */
export function widest(rows) {
  return Math.max(1, ...rows.flatMap((cells) => cells.map((text) => text.length)));
}

/**
 * @param {wire.RowsSpec} spec
 * @param {Cut} cut
 * @returns {wire.RowsView}
 */
export function view(spec, cut) {
  const all = cut.board.lines(spec.codes, spec.by);
  const own = cut.own?.find((code) => spec.codes.includes(code));
  const rows = all.filter((line, at) => at < spec.limit || line.code === own).map((line) => seen(line, spec.columns, cut));
  return { rows, chars: widest(rows.map(({ cells }) => cells)) };
}

export class RowsPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.RowsSpec} spec
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
    const { rows, chars } = view(this.spec, cut);
    setData(this.element, "chars", chars);
    this.lines.set([rows], moves ? passing(rows.length) : null);
  }
}

/** An empty line. @param {wire.RowsSpec} spec @param {string} code @returns {HTMLElement} */
function lineOf(spec, code) {
  const element = row(code);
  element.append(span("rank num"), nameOf(/** @type {wire.Name} */ (spec.names[code])), ...spec.columns.map(() => span("num cell")));
  return element;
}
