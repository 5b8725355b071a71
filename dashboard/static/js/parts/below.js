/**
 * All units below one, from the first place down. At a beat only what differs is written, and only lines whose place
 * among the others has changed are moved.
 * @module
 */

import { isStill, moveMs } from "../lib/motion.js";
import { Text, one, setData } from "../lib/page.js";
import { reorder } from "../lib/reorder.js";
import { shown } from "./part.js";
import { widest } from "./rows.js";
import { colour, even } from "./steps.js";

/** @typedef {import("./part.js").Cut} Cut */

/** Lines that are seen to come to their new place; where more move at once, the list is simply another. */
const COMING_MAX = 24;
/** @type {Keyframe[]} */
const COMING = [{ opacity: 0 }, { opacity: 1 }];

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

class LineView {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.isFirst = element.classList.contains("leads");
    this.rank = new Text(one(".rank", element));
    this.colour = element.querySelector(".step");
    this.colourName = this.colour?.getAttribute("class") ?? "";
    this.cells = [...element.querySelectorAll(".cell")].map((cell) => new Text(/** @type {HTMLElement} */ (cell)));
  }

  /** Hundreds of numbers do not roll: they are the next ones at once. @param {wire.BelowLine} line */
  set(line) {
    this.rank.set(line.rank);
    const isFirst = line.rank === "1";
    if (isFirst !== this.isFirst) {
      this.isFirst = isFirst;
      this.element.classList.toggle("leads", isFirst);
    }
    const name = `step s${line.step}`;
    if (this.colour && name !== this.colourName) {
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
    this.lines = new Map([...found].map((each) => [each.dataset.code ?? "", new LineView(each)]));
    this.order = [...this.lines.keys()].join(" ");
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    const { lines, chars } = view(this.spec, cut);
    setData(this.element, "chars", chars);
    for (const line of lines) this.lines.get(line.code)?.set(line);
    const order = lines.map((line) => line.code).join(" ");
    if (order === this.order) return;
    this.order = order;
    const moved = reorder(this.element, lines.flatMap((line) => this.lines.get(line.code)?.element ?? []));
    if (!moves || isStill() || moved.length > COMING_MAX) return;
    for (const element of moved) element.animate(COMING, moveMs(element));
  }
}
