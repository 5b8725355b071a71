/**
 * All units below one, from the first place down. Lines stay where they are and say what stands there now: at a beat
 * hundreds may change places, and an element that is moved is styled and laid out anew, also one that nobody sees, while
 * what is written into a line beyond the edge costs nothing until it is seen.
 * @module
 */

import { Motions, isStill } from "../lib/motion.js";
import { Text, one, setData } from "../lib/page.js";
import { growing } from "../lib/reorder.js";
import { shown } from "./part.js";
import { widest } from "./rows.js";
import { colour, even } from "./steps.js";

/** @typedef {import("./part.js").Cut} Cut */

/** Lines that are seen to come to their new place; where more move at once, the list is simply another. */
const COMING_MAX = 24;

/**
 * @param {wire.BelowSpec} spec
 * @param {Cut} cut
 * @returns {wire.BelowView}
 */
export function view(spec, cut) {
  const { board, words } = cut;
  const steps = stepsOf(spec, cut);
  const lines = spec.groups.flatMap((codes, nth) => board.lines(codes, spec.by).map(({ code, rank }) => {
    const size = spec.sizes[code] ?? 1;
    return {
      code,
      // Units ranked apart show no place: two first places in one list would mislead.
      rank: nth ? "" : words.number(rank),
      step: size ? colour(board.count(code, "completed") / size, steps) : null,
      cells: spec.columns.map((column) => shown(cut, code, column)),
    };
  }));
  return { lines, chars: widest(lines.map((line) => line.cells)) };
}

/** The steps of the map, which has all units that are any hexagon. @param {wire.BelowSpec} spec @param {Cut} cut @returns {readonly number[]} */
function stepsOf(spec, { board }) {
  if (spec.steps.length) return spec.steps;
  const sizes = spec.groups.flat().map((code) => /** @type {const} */ ([code, spec.sizes[code] ?? 1]));
  return even(sizes.flatMap(([code, size]) => (size ? [Math.floor(board.count(code, "completed") / size)] : [])));
}

/** The name of a unit and the way to its page. @typedef {{text: string, href: string}} Link */

class LineView {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.code = element.dataset.code ?? "";
    this.isFirst = element.classList.contains("leads");
    this.rank = new Text(one(".rank", element));
    this.name = /** @type {HTMLAnchorElement} */ (one(".name", element));
    this.colour = /** @type {Element} */ (element.querySelector(".step"));
    this.colourName = this.colour.getAttribute("class") ?? "";
    this.cells = [...element.querySelectorAll(".cell")].map((cell) => new Text(/** @type {HTMLElement} */ (cell)));
  }

  /** @returns {Link} */
  get link() {
    return { text: this.name.textContent ?? "", href: this.name.getAttribute("href") ?? "" };
  }

  /** Hundreds of numbers do not roll: they are the next ones at once. @param {wire.BelowLine} line @param {Link} link */
  set(line, link) {
    if (line.code !== this.code) {
      this.code = line.code;
      this.element.dataset.code = line.code;
      this.name.textContent = link.text;
      this.name.setAttribute("href", link.href);
    }
    this.rank.set(line.rank);
    const isFirst = line.rank === "1";
    if (isFirst !== this.isFirst) {
      this.isFirst = isFirst;
      this.element.classList.toggle("leads", isFirst);
    }
    const name = `step s${line.step ?? "off"}`;
    if (name !== this.colourName) {
      this.colourName = name;
      this.colour.setAttribute("class", name);
    }
    line.cells.forEach((cell, index) => this.cells[index]?.set(cell));
  }
}

export class BelowPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.BelowSpec} spec
   */
  constructor(element, spec) {
    this.element = element;
    this.spec = spec;
    const found = /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(".line"));
    this.lines = [...found].map((each) => new LineView(each));
    this.links = new Map(this.lines.map((line) => [line.code, line.link]));
    this.motions = new Motions();
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    const { lines, chars } = view(this.spec, cut);
    this.motions.end();
    setData(this.element, "chars", chars);
    const stood = new Map(this.lines.map((line, at) => [line.code, at]));
    lines.forEach((line, at) => this.lines[at]?.set(line, /** @type {Link} */ (this.links.get(line.code))));
    if (!moves || isStill()) return;
    const stay = growing(lines.map((line) => stood.get(line.code) ?? -1));
    if (lines.length - stay.size > COMING_MAX) return;
    this.lines.forEach((line, at) => {
      if (!stay.has(at)) this.motions.start(line.element, ["appear"]);
    });
  }
}
