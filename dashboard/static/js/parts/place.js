/**
 * A unit's place among its siblings: in a badge, and in words.
 * @module
 */

import { Text, one, setData } from "../lib/page.js";
import { levelWith, placeOf } from "./siblings.js";

/** @typedef {import("./part.js").Cut} Cut */

/**
 * @param {wire.PlaceSpec} spec
 * @param {Cut} cut
 * @returns {wire.PlaceView}
 */
export function view(spec, cut) {
  const { words } = cut;
  const { siblings } = spec;
  if (siblings.count === 0) return { place: "", line: "" };
  const place = placeOf(spec.of, siblings, cut);
  if (place === null) return { place: words.number(null), line: words.say("place_none") };
  const key = levelWith(spec.of, siblings, cut) ? "place_shared" : "place";
  const rank = words.number(place);
  const told = { rank, of: words.number(siblings.count), kinds: siblings.kinds, by: words.say(`by_${siblings.by}`) };
  return { place: rank, line: words.say(key, told) };
}

export class PlacePart {
  /**
   * @param {HTMLElement} element
   * @param {wire.PlaceSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    const badge = /** @type {HTMLElement | null} */ (element.querySelector(".badge-place"));
    this.badge = badge && new Text(badge);
    this.line = new Text(one(".place-line", element));
  }

  /** @param {Cut} cut */
  paint(cut) {
    const { place, line } = view(this.spec, cut);
    if (this.badge) {
      this.badge.set(place);
      setData(this.badge.element, "chars", place.length);
    }
    this.line.set(line);
  }
}
