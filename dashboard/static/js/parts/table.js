/**
 * The standings in full: ranked lines, the rest, and the sum, so that the lines add up.
 * @module
 */

import { RowsView, seen, widest } from "./rows.js";
import { shown } from "./part.js";

/** @typedef {import("./part.js").Cut} Cut */

/**
 * @param {wire.TableSpec} spec
 * @param {Cut} cut
 * @returns {wire.TableView}
 */
export function view(spec, cut) {
  const lines = cut.board.lines(spec.codes, spec.by);
  const most = Math.max(0, ...lines.map((line) => line.value ?? 0));
  const rows = lines.map((line, at) => seen(line, at < spec.limit ? at : -1, spec.columns, cut));
  const bars = lines.map((line) => `${(most ? (100 * (line.value ?? 0)) / most : 0).toFixed(1)}%`);
  const foot = footOf(spec, cut, lines.slice(0, spec.limit).map((line) => line.code));
  return { rows, bars, foot, chars: widest(foot.slice(-1)) };
}

/**
 * @param {wire.TableSpec} spec
 * @param {Cut} cut
 * @param {string[]} listed
 * @returns {wire.FootSeen[]}
 */
function footOf(spec, cut, listed) {
  const foot = [];
  if (listed.length < spec.children) {
    const cells = spec.columns.map((column) => (column === "rate" ? "" : cut.words.number(cut.board.rest(listed, column, spec.of))));
    foot.push({ kind: "rest", at: listed.length, cells });
  }
  const cells = spec.columns.map((column) => shown(cut, spec.of, column));
  foot.push({ kind: "sum", at: listed.length + foot.length, cells });
  return foot;
}

export class TablePart {
  /**
   * @param {HTMLElement} element
   * @param {wire.TableSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    this.rows = new RowsView(element);
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    const { rows, bars, foot, chars } = view(this.spec, cut);
    const below = foot.map((line) => ({ code: line.kind, at: line.at, rank: "", leads: false, cells: line.cells }));
    this.rows.set([...rows.map((row, index) => ({ ...row, bar: bars[index] })), ...below], chars, moves);
  }
}
