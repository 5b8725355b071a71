/**
 * The units whose entries came last, the newest on top.
 * @module
 */

import { isStill } from "../lib/motion.js";
import { NumberView } from "./number.js";

const COMING_MS = 400;

/**
 * @param {wire.RecentSpec} spec
 * @param {import("./part.js").Cut} cut
 * @returns {wire.RecentView}
 */
export function view(spec, { board, words }) {
  const codes = /** @type {string[]} */ (board.store.state.get("recent") ?? []);
  const lines = codes.filter((code) => code in spec.units).slice(0, spec.limit).map((code) => {
    const pace = board.count(code, "pace");
    return { code, pace: pace > 0 ? `+${words.number(pace)}` : "" };
  });
  return { lines };
}

export class RecentPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.RecentSpec} spec
   */
  constructor(element, spec) {
    this.list = element;
    this.spec = spec;
    /** @type {Map<string, {element: HTMLElement, pace: NumberView}>} */
    this.lines = new Map();
    for (const line of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(".row"))) {
      const pace = /** @type {HTMLElement} */ (line.querySelector(".cell"));
      this.lines.set(line.dataset.code ?? "", { element: line, pace: new NumberView(pace) });
    }
  }

  /**
   * @param {import("./part.js").Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    const { lines } = view(this.spec, cut);
    const seen = new Set(lines.map(({ code }) => code));
    for (const [code, line] of this.lines) {
      if (!seen.has(code)) {
        line.element.remove();
        this.lines.delete(code);
      }
    }
    lines.forEach(({ code, pace }, at) => {
      const line = this.lines.get(code) ?? this.add(code, moves);
      if (line.element.dataset.at !== String(at)) line.element.dataset.at = String(at);
      line.pace.set(pace, moves);
    });
  }

  /**
   * @param {string} code
   * @param {boolean} moves
   */
  add(code, moves) {
    const meta = /** @type {wire.UnitMeta} */ (this.spec.units[code]);
    const element = document.createElement("li");
    element.className = "row";
    element.dataset.code = code;
    const above = span("above");
    if (meta.above) above.append(nameOf(meta.above));
    const pace = span("num cell");
    element.append(nameOf(meta), above, pace);
    this.list.append(element);
    if (moves && !isStill()) element.animate([{ opacity: 0 }, { opacity: 1 }], { duration: COMING_MS });
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
