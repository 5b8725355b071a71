/**
 * What was sent, by channel or by group: each with its share of the whole.
 * @module
 */

import { Text, one, setData } from "../lib/page.js";
import { NumberView } from "./number.js";
import { widest } from "./rows.js";

/** @typedef {import("./part.js").Cut} Cut */

/**
 * @param {wire.SplitSpec} spec
 * @param {Cut} cut
 * @returns {wire.SplitView}
 */
export function view(spec, { board, words }) {
  const total = board.count(spec.of, spec.column);
  const rows = Object.keys(spec.names);
  const most = Math.max(0, ...rows.map((row) => board.count(row, spec.column)));
  const lines = rows.map((row) => {
    if (board.cell(row, spec.column) === null && board.store.rows.has(row)) return { row, count: spec.few, share: "", bar: 0 };
    const count = board.count(row, spec.column);
    const share = total ? words.percent(count / total) : "";
    return { row, count: words.number(count), share, bar: most ? Math.floor((1000 * count) / most) : 0 };
  });
  return { lines, chars: widest(lines.filter(({ count }) => count !== spec.few).map(({ count }) => [count])) };
}

export class SplitPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.SplitSpec} spec
   */
  constructor(element, spec) {
    this.element = element;
    this.spec = spec;
    const found = /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(".split-line"));
    this.lines = [...found].map((line) => {
      const count = one(".split-count", line);
      const bar = /** @type {SVGElement | null} */ (line.querySelector("rect"));
      return { element: count, count: new NumberView(count), share: new Text(one(".split-share", line)), bar, length: -1 };
    });
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    const { lines, chars } = view(this.spec, cut);
    setData(this.element, "chars", chars);
    lines.forEach(({ count, share, bar }, at) => {
      const line = this.lines[at];
      if (line === undefined) return;
      line.element.classList.toggle("is-few", count === this.spec.few);
      line.count.set(count, moves && count !== this.spec.few);
      line.share.set(share);
      if (bar === line.length) return;
      line.length = bar;
      line.bar?.setAttribute("transform", `scale(${bar},1)`);
    });
  }
}
