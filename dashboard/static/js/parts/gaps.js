/**
 * How far a unit is from the sibling just ahead and from the one just behind, in words.
 * @module
 */

import { Text, one } from "../lib/page.js";
import { levelWith, near, placeOf } from "./siblings.js";

/** @typedef {import("./part.js").Cut} Cut */

/**
 * @param {wire.GapsSpec} spec
 * @param {Cut} cut
 * @returns {wire.GapsView}
 */
export function view(spec, cut) {
  if (placeOf(spec.of, spec.siblings, cut) === null) return { ahead: "", behind: "" };
  const beside = near(cut);
  const level = levelWith(spec.of, spec.siblings, cut);
  const behind = level ? cut.words.count("ladder_level", level) : told(spec, cut, beside.behind, "behind");
  return { ahead: told(spec, cut, beside.ahead, "ahead"), behind: behind.slice(0, 1).toUpperCase() + behind.slice(1) };
}

/**
 * @param {wire.GapsSpec} spec
 * @param {Cut} cut
 * @param {string | null} code
 * @param {"ahead" | "behind"} side
 * @returns {string}
 */
function told(spec, { board, words }, code, side) {
  const { by } = spec.siblings;
  const own = board.cell(spec.of, by);
  const theirs = code === null ? null : board.cell(code, by);
  const name = code === null ? undefined : spec.names[code];
  if (name === undefined || own === null || theirs === null) return "";
  const far = Math.abs(theirs - own);
  if (by === "rate") return words.say(`gaps_${side}_rate`, { name, n: words.points(far) });
  return words.say(`gaps_${side}`, { name, n: words.number(far) });
}

export class GapsPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.GapsSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    this.ahead = new Text(one(".gap-ahead", element));
    this.behind = new Text(one(".gap-behind", element));
  }

  /** @param {Cut} cut */
  paint(cut) {
    const { ahead, behind } = view(this.spec, cut);
    this.ahead.set(ahead);
    this.behind.set(behind);
  }
}
