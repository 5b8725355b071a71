/**
 * Three lines of a ranking: a unit between the one just ahead and the one just behind; of the root the first three below.
 * @module
 */

import { Motions, isStill } from "../lib/motion.js";
import { Text, one, setData, unitAddress } from "../lib/page.js";
import { reorder } from "../lib/reorder.js";
import { NumberView } from "./number.js";
import { shown } from "./part.js";
import { widest } from "./rows.js";
import { levelWith, near, placeOf } from "./siblings.js";

/** @typedef {import("./part.js").Cut} Cut */

const LINES = 3;

/**
 * @param {wire.LadderSpec} spec
 * @param {Cut} cut
 * @returns {wire.LadderView}
 */
export function view(spec, cut) {
  const lines = spec.below.length ? first(spec, cut) : beside(spec, cut);
  const longest = (/** @type {"value" | "rank"} */ field) => widest(lines.map((line) => [line[field]]));
  return { lines, chars: longest("value"), places: longest("rank") };
}

/**
 * @param {wire.LadderSpec} spec
 * @param {Cut} cut
 * @returns {wire.Rung[]}
 */
function first(spec, cut) {
  const { by } = cut.board.rules;
  const lines = cut.board.lines(spec.below, by).slice(0, LINES).filter((line) => line.rank !== null);
  return lines.map(({ code, rank }) => (
    { code, is_own: false, rank: cut.words.number(rank), also: "", value: shown(cut, code, by), gap: "" }
  ));
}

/**
 * @param {wire.LadderSpec} spec
 * @param {Cut} cut
 * @returns {wire.Rung[]}
 */
function beside(spec, cut) {
  const { ahead, behind } = near(cut);
  const level = levelWith(spec.of, spec.siblings, cut);
  if (ahead === null && behind === null && !level) return [];
  const own = {
    code: spec.of,
    is_own: true,
    rank: cut.words.number(placeOf(spec.of, spec.siblings, cut)),
    also: "",
    value: shown(cut, spec.of, spec.siblings.by),
    gap: level ? cut.words.count("ladder_level", level) : "",
  };
  return [other(spec, cut, ahead, "ahead"), own, other(spec, cut, behind, "behind")].flatMap((line) => line ?? []);
}

/**
 * The line of the sibling on one side, null where there is none.
 * @param {wire.LadderSpec} spec
 * @param {Cut} cut
 * @param {string | null} code
 * @param {"ahead" | "behind"} side
 * @returns {wire.Rung | null}
 */
function other(spec, cut, code, side) {
  if (code === null || !(code in spec.names)) return null;
  const { board, words } = cut;
  const { by } = spec.siblings;
  const rank = board.hasEntries(code, by) ? board.cell(code, "rank") : null;
  const place = placeOf(spec.of, spec.siblings, cut);
  const own = board.cell(spec.of, by);
  const theirs = board.cell(code, by);
  let gap = "";
  if (place !== null && own !== null && theirs !== null) {
    const far = Math.abs(theirs - own);
    const told = by === "rate" ? words.say(`ladder_${side}_rate`, { n: words.points(far) }) : "";
    gap = told || words.say(`ladder_${side}`, { n: words.number(far) });
  }
  // How many share the place behind is unknown: the topic does not tell the place after it.
  const isShared = side === "ahead" && rank !== null && place !== null && place - rank > 1;
  const also = isShared ? words.count("ladder_also", place - rank - 1) : "";
  return { code, is_own: false, rank: words.number(rank), also, value: shown(cut, code, by), gap };
}

class LineView {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.rank = new Text(one(".rank", element));
    this.also = new Text(one(".also", element));
    this.value = new NumberView(one(".value", element));
    this.gap = new Text(one(".gap", element));
  }

  /**
   * @param {wire.Rung} line
   * @param {boolean} moves
   */
  set(line, moves) {
    this.rank.set(line.rank);
    this.also.set(line.also);
    this.value.set(line.value, moves);
    this.gap.set(line.gap);
    setData(this.gap.element, "chars", line.gap.length);
  }
}

export class LadderPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.LadderSpec} spec
   */
  constructor(element, spec) {
    this.element = element;
    this.spec = spec;
    const found = /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll(".rung"));
    this.lines = new Map([...found].map((each) => [each.dataset.code ?? "", new LineView(each)]));
    this.motions = new Motions();
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    const { lines, chars, places } = view(this.spec, cut);
    this.motions.end();
    setData(this.element, "chars", chars);
    setData(this.element, "places", places);
    const before = [...this.lines.keys()];
    for (const line of lines) {
      const there = this.lines.get(line.code);
      if (there) there.set(line, moves);
      else this.lines.set(line.code, this.made(line));
    }
    const after = lines.map((line) => line.code);
    if (before.join(" ") === after.join(" ")) return;
    this.lines = new Map(after.map((code) => [code, /** @type {LineView} */ (this.lines.get(code))]));
    reorder(this.element, [...this.lines.values()].map((line) => line.element));
    if (moves && !isStill()) this.move(before, after);
  }

  /** A line that has another place moves there, a new one fades in. @param {string[]} before @param {string[]} after */
  move(before, after) {
    after.forEach((code, at) => {
      const from = before.indexOf(code);
      if (from === at) return;
      const { element } = /** @type {LineView} */ (this.lines.get(code));
      if (from < 0) this.motions.start(element, ["appear"]);
      else this.motions.start(element, ["move"], { from: `translateY(${(from - at) * 100}%)` });
    });
  }

  /** A line for a unit that was not listed. @param {wire.Rung} line @returns {LineView} */
  made(line) {
    const [text, size] = this.spec.names[line.code] ?? [line.code, 0];
    const element = document.createElement("li");
    element.className = line.is_own ? "rung own" : "rung";
    element.dataset.code = line.code;
    const rank = document.createElement("span");
    rank.className = "num rank";
    const called = document.createElement("span");
    called.className = "called";
    const link = called.appendChild(document.createElement("a"));
    link.className = `name size-${size}`;
    link.href = unitAddress(line.code);
    link.textContent = text;
    called.appendChild(document.createElement("span")).className = "also";
    const value = document.createElement("span");
    value.className = "num value";
    const gap = document.createElement("span");
    gap.className = "gap";
    element.append(rank, called, value, gap);
    const made = new LineView(element);
    made.set(line, false);
    return made;
  }
}
