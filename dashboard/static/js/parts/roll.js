/**
 * The connection points that are connected, while somebody airs them: how many, the people there, the places that light up on
 * the map, and their names, page by page.
 * @module
 */

import { isStill } from "../lib/motion.js";
import { Text, one } from "../lib/page.js";

/** @typedef {import("./part.js").Cut} Cut */

/** As in dashboard/parts/roll.py. */
const PAGE_MS = 6_000;
/** Another page of names comes into sight. */
const TURN_MS = 300;

/**
 * The pages of names: those of each group by themselves.
 * @param {wire.RollSpec} spec
 * @param {readonly string[]} codes
 * @returns {[string, string[]][]}
 */
function pagesOf(spec, codes) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const code of codes) {
    const group = spec.groups[code] ?? "";
    groups.set(group, [...(groups.get(group) ?? []), code]);
  }
  /** @type {[string, string[]][]} */
  const pages = [];
  for (const [group, members] of groups) {
    for (let start = 0; start < members.length; start += spec.per_page) pages.push([group, members.slice(start, start + spec.per_page)]);
  }
  return pages;
}

/**
 * @param {wire.RollSpec} spec
 * @param {Cut} cut
 * @returns {wire.RollView}
 */
export function view(spec, { points, words, nowMs }) {
  const codes = (points?.connected ?? []).filter((code) => code in spec.names);
  const pages = pagesOf(spec, codes);
  const at = pages.length ? Math.floor(nowMs / PAGE_MS) % pages.length : 0;
  const [group, shown] = pages[at] ?? ["", []];
  const on = new Set(codes);
  const isTold = pages.length > 0;
  return {
    count: spec.counts && isTold ? words.number(codes.length) : "",
    present: spec.present && isTold && points ? words.number(points.present) : "",
    head: group ? spec.heads[group] ?? "" : isTold ? "" : words.say("points_none"),
    names: shown.map((code) => spec.names[code] ?? ""),
    page: pages.length > 1 ? `${at + 1}/${pages.length}` : "",
    lit: spec.codes.map((code) => on.has(code)),
  };
}

export class RollPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.RollSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    /** @param {string} name */
    const text = (name) => new Text(one(`[data-roll-${name}]`, element));
    this.count = text("count");
    this.present = text("present");
    this.head = text("head");
    this.page = text("page");
    this.names = /** @type {HTMLElement} */ (one("[data-roll-names]", element));
    this.cells = [...element.querySelectorAll(".cells path")];
    this.named = [...this.names.children].map((name) => name.textContent ?? "").join("\n");
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    const seen = view(this.spec, cut);
    for (const [text, value] of /** @type {const} */ ([[this.count, seen.count], [this.present, seen.present]])) {
      text.set(value);
      /** @type {HTMLElement} */ (text.element.parentElement).hidden = value === "";
    }
    this.head.set(seen.head);
    this.page.set(seen.page);
    /** @type {HTMLElement} */ (this.head.element.parentElement).hidden = seen.head === "" && seen.page === "";
    seen.lit.forEach((isLit, index) => {
      const cell = this.cells[index];
      const wanted = isLit ? "son" : "soff";
      if (cell && cell.getAttribute("class") !== wanted) cell.setAttribute("class", wanted);
    });
    const named = seen.names.join("\n");
    if (named === this.named) return;
    this.named = named;
    this.names.replaceChildren(...seen.names.map((name) => {
      const line = document.createElement("li");
      line.textContent = name;
      return line;
    }));
    if (moves && !isStill()) this.names.animate([{ opacity: 0 }, { opacity: 1 }], { duration: TURN_MS });
  }
}
