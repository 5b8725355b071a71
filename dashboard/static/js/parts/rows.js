/**
 * The lines of a ranking. Each line is one element for as long as its unit is listed; a change of place moves it.
 * @module
 */

import { isStill } from "../lib/motion.js";
import { NumberView } from "./number.js";
import { shown } from "./part.js";

/** @typedef {import("./part.js").Cut} Cut */
/** @typedef {{code: string, at: number, rank: string, leads: boolean, cells: readonly string[], bar?: string}} Row at: -1 beyond the end */

/**
 * A unit's line as it is painted.
 * @param {import("../live/board.js").Line} line
 * @param {number} at
 * @param {readonly string[]} columns
 * @param {Cut} cut
 * @returns {wire.RowSeen}
 */
export function seen(line, at, columns, cut) {
  const cells = columns.map((column) => shown(cut, line.code, column));
  return { code: line.code, at, rank: cut.words.number(line.rank), leads: line.rank === 1, cells };
}

/**
 * The characters of the longest number in the rows, at least 1.
 * @param {readonly {cells: readonly string[]}[]} rows
 * @returns {number}
 */
export function widest(rows) {
  return Math.max(1, ...rows.flatMap((row) => row.cells.map((cell) => cell.length)));
}

/**
 * @param {wire.RowsSpec} spec
 * @param {Cut} cut
 * @returns {wire.RowsView}
 */
export function view(spec, cut) {
  const lines = cut.board.lines(spec.codes, spec.by);
  const rows = lines.map((line, at) => seen(line, at < spec.limit ? at : -1, spec.columns, cut));
  return { rows, chars: widest(rows.slice(0, spec.limit)) };
}

/** As long as --move in css/tokens.css. */
const MOVE_MS = 500;
/** @type {Keyframe[]} */
const GROUND = [{ background: "#0a2036" }, { background: "#0a2036", offset: 0.8 }, { background: "transparent" }];

class RowView {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.at = element.dataset.at ?? "";
    this.leads = element.classList.contains("leads");
    const rank = /** @type {HTMLElement | null} */ (element.querySelector(".rank"));
    this.rank = rank && new NumberView(rank);
    this.cells = [...element.querySelectorAll(".cell")].map((cell) => new NumberView(/** @type {HTMLElement} */ (cell)));
    this.bar = element.querySelector("rect");
    this.barWidth = this.bar?.getAttribute("width") ?? "";
  }

  /**
   * @param {Row} row
   * @param {boolean} moves
   */
  set(row, moves) {
    const at = row.at >= 0 ? String(row.at) : "out";
    if (at !== this.at) {
      // Who rises passes before the others, on a ground of its own, so that no two names are read through each other.
      const rises = moves && at !== "out" && (this.at === "out" || Number(at) < Number(this.at));
      this.element.style.zIndex = rises ? "1" : "";
      if (rises && !isStill()) this.element.animate(GROUND, MOVE_MS);
      this.at = at;
      this.element.dataset.at = at;
    }
    if (row.leads !== this.leads) {
      this.leads = row.leads;
      this.element.classList.toggle("leads", row.leads);
    }
    const isSeen = moves && at !== "out";
    this.rank?.set(row.rank, false);
    row.cells.forEach((cell, index) => this.cells[index]?.set(cell, isSeen));
    if (this.bar && row.bar !== undefined && row.bar !== this.barWidth) {
      this.barWidth = row.bar;
      this.bar.setAttribute("width", row.bar);
    }
  }
}

export class RowsView {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    this.chars = list.dataset.chars ?? "";
    /** @type {Map<string, RowView>} */
    this.views = new Map();
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(".row"))) {
      this.views.set(element.dataset.code ?? element.dataset.foot ?? "", new RowView(element));
    }
  }

  /**
   * @param {readonly Row[]} rows
   * @param {number} chars of the longest number, which sets the size of all
   * @param {boolean} moves false where the list comes into sight
   */
  set(rows, chars, moves) {
    if (String(chars) !== this.chars) {
      this.chars = String(chars);
      this.list.dataset.chars = this.chars;
    }
    this.list.classList.toggle("still", !moves);
    for (const row of rows) this.views.get(row.code)?.set(row, moves);
  }
}

export class RowsPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.RowsSpec} spec
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
    const { rows, chars } = view(this.spec, cut);
    this.rows.set(rows, chars, moves);
  }
}
