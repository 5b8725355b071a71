/**
 * The lines of a ranking. Each line is one element for as long as its unit is listed; a change of place moves it.
 * @module
 */

import { NumberView } from "./number.js";

/** @typedef {{code: string, at: number, rank: string, leads: boolean, cells: string[], bar?: string}} Row */

/** As long as --move in css/tokens.css. */
const MOVE_MS = 500;
/** @type {Keyframe[]} */
const GROUND = [{ background: "#0a2036" }, { background: "#0a2036", offset: 0.8 }, { background: "transparent" }];

const still = window.matchMedia("(prefers-reduced-motion: reduce)");

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
   * @param {number} limit the first place that is not seen
   * @param {boolean} moves
   */
  set(row, limit, moves) {
    const at = row.at < limit ? String(row.at) : "out";
    if (at !== this.at) {
      // Who rises passes before the others, on a ground of its own, so that no two names are read through each other.
      const rises = moves && at !== "out" && (this.at === "out" || Number(at) < Number(this.at));
      this.element.style.zIndex = rises ? "1" : "";
      if (rises && !still.matches) this.element.animate(GROUND, MOVE_MS);
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
  /**
   * @param {HTMLElement} list
   * @param {number} limit places that are seen
   */
  constructor(list, limit) {
    this.list = list;
    this.limit = limit;
    this.chars = list.dataset.chars ?? "";
    /** @type {Map<string, RowView>} */
    this.views = new Map();
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(".row"))) {
      this.views.set(element.dataset.code ?? element.dataset.foot ?? "", new RowView(element));
    }
  }

  /**
   * @param {Row[]} rows
   * @param {number} chars of the longest number, which sets the size of all
   * @param {boolean} moves false where the list comes into sight
   */
  set(rows, chars, moves) {
    if (String(chars) !== this.chars) {
      this.chars = String(chars);
      this.list.dataset.chars = this.chars;
    }
    this.list.classList.toggle("still", !moves);
    for (const row of rows) this.views.get(row.code)?.set(row, row.code in FOOT ? Infinity : this.limit, moves);
  }
}

/** Codes of the lines below a ranking; they are always seen. */
const FOOT = { rest: true, sum: true };
