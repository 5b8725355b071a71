/**
 * The units whose entries came last, the newest on top.
 * @module
 */

import { NumberView } from "./number.js";

const COMING_MS = 400;
/** The list changes this often at most: at 60 entries a second nobody could read it otherwise. */
const HOLD_MS = 2500;
const still = window.matchMedia("(prefers-reduced-motion: reduce)");

export class RecentView {
  /**
   * @param {HTMLElement} list
   * @param {Record<string, wire.UnitMeta>} units
   * @param {number} limit
   */
  constructor(list, units, limit) {
    this.list = list;
    this.units = units;
    this.limit = limit;
    /** @type {Map<string, {element: HTMLElement, pace: NumberView}>} */
    this.lines = new Map();
    this.changedAt = -Infinity;
    /** @type {[readonly string[], (code: string) => string, boolean] | null} */
    this.waiting = null;
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (list.querySelectorAll(".row"))) {
      const pace = /** @type {HTMLElement} */ (element.querySelector(".cell"));
      this.lines.set(element.dataset.code ?? "", { element, pace: new NumberView(pace) });
    }
  }

  /**
   * @param {readonly string[]} codes
   * @param {(code: string) => string} paceOf
   * @param {boolean} moves
   */
  set(codes, paceOf, moves) {
    const rest = this.changedAt + HOLD_MS - performance.now();
    if (moves && rest > 0 && codes.some((code) => !this.lines.has(code))) {
      // The figures beside the names are of this very frame; only who stands here waits for its turn.
      for (const [code, line] of this.lines) line.pace.set(paceOf(code), moves);
      if (this.waiting === null) setTimeout(() => this.waiting && this.show(...this.waiting), rest);
      this.waiting = [codes, paceOf, moves];
      return;
    }
    this.show(codes, paceOf, moves);
  }

  /**
   * @param {readonly string[]} codes
   * @param {(code: string) => string} paceOf
   * @param {boolean} moves
   */
  show(codes, paceOf, moves) {
    this.waiting = null;
    this.changedAt = performance.now();
    const seen = codes.filter((code) => code in this.units).slice(0, this.limit);
    for (const [code, line] of this.lines) {
      if (!seen.includes(code)) {
        line.element.remove();
        this.lines.delete(code);
      }
    }
    seen.forEach((code, at) => {
      const line = this.lines.get(code) ?? this.add(code, moves);
      if (line.element.dataset.at !== String(at)) line.element.dataset.at = String(at);
      line.pace.set(paceOf(code), moves);
    });
  }

  /**
   * @param {string} code
   * @param {boolean} moves
   */
  add(code, moves) {
    const meta = /** @type {wire.UnitMeta} */ (this.units[code]);
    const element = document.createElement("li");
    element.className = "row";
    element.dataset.code = code;
    const above = span("above");
    if (meta.above) above.append(nameOf(meta.above));
    const pace = span("num cell");
    element.append(nameOf(meta), above, pace);
    this.list.append(element);
    if (moves && !still.matches) element.animate([{ opacity: 0 }, { opacity: 1 }], { duration: COMING_MS });
    const line = { element, pace: new NumberView(pace) };
    this.lines.set(code, line);
    return line;
  }
}

/** @param {wire.Name} name @returns {HTMLElement} */
function nameOf(name) {
  const element = span(`name ${name.fit}`);
  element.append(span("full", name.full), span("short", name.short));
  return element;
}

/** @param {string} className @param {string} [text] */
function span(className, text = "") {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}
