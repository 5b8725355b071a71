/**
 * The map: a colour for each cell, the count and the place that stand in it, the places that light up. Classes and texts
 * are written only where they differ.
 * @module
 */

import { Motions, isStill } from "../lib/motion.js";
import { svg } from "../lib/page.js";
import { shown } from "./part.js";
import { colour, even } from "./steps.js";

/** @typedef {import("./part.js").Cut} Cut */

/** As in dashboard/parts/map.py. */
const PLACES_MAX = 10;
const FLAT = 7;
const COUNT_TENTHS = 100;
const COUNT_ROOM = 305_000;
const FIGURE = 665;
const MARK = 360;

/** Rings of light round the latest place, in units of the map, from the outside in; as in dashboard/map/drawing.py. */
const GLOW = [62, 50, 39];
const EDGE = "M0-29L25.1-14.5L25.1 14.5L0 29L-25.1 14.5L-25.1-14.5Z";

/**
 * The steps of a map at a cut.
 * @param {wire.MapSpec} spec
 * @param {Cut} cut
 * @returns {readonly number[]}
 */
export function stepsOf(spec, { board }) {
  if (spec.steps.length) return spec.steps;
  return even([...new Set(spec.codes)].map((code) => Math.floor(board.count(code, spec.by) / (spec.sizes[code] ?? 1))));
}

/**
 * @param {wire.MapSpec} spec
 * @param {Cut} cut
 * @returns {wire.MapView}
 */
export function view(spec, cut) {
  const { board } = cut;
  const steps = stepsOf(spec, cut);
  const colours = spec.codes.map((code) => {
    const count = board.cell(code, spec.by);
    if (count === null) return null;
    return spec.is_flat ? (count > 0 ? FLAT : 0) : colour(count / (spec.sizes[code] ?? 1), steps);
  });
  const counts = spec.inscribed === "names"
    ? spec.codes.map((code) => (board.cell(code, spec.by) === null ? "" : shown(cut, code, spec.by))) : [];
  return { colours, counts, places: placesOf(spec, cut), count_tenths: tenths(counts), lit: litOf(spec, cut) };
}

/** @param {wire.MapSpec} spec @param {Cut} cut @returns {string[]} */
function placesOf(spec, { board, words }) {
  if (!spec.inscribed) return [];
  const ranks = new Map(board.lines(spec.codes, spec.by).map((line) => [line.code, line.rank]));
  const last = spec.inscribed === "names" ? spec.codes.length : PLACES_MAX;
  return spec.codes.map((code) => {
    const rank = ranks.get(code) ?? null;
    return rank === null || rank > last ? "" : words.number(rank);
  });
}

/** The font size at which the widest count has room, in tenths. @param {readonly string[]} counts @returns {number} */
function tenths(counts) {
  let least = COUNT_TENTHS;
  for (const count of counts) {
    let width = 0;
    for (const char of count) width += char >= "0" && char <= "9" ? FIGURE : MARK;
    if (width) least = Math.min(least, Math.floor(COUNT_ROOM / width));
  }
  return least;
}

/** @param {wire.MapSpec} spec @param {Cut} cut @returns {string[]} */
function litOf(spec, { board }) {
  if (!spec.lit) return [];
  const onMap = new Set(spec.codes);
  /** @type {readonly string[]} */
  const recent = board.store.state.get("recent") ?? [];
  return recent.filter((code) => onMap.has(code)).slice(0, spec.lit);
}

/** The elements of a list and what was last written to each. */
class Written {
  /**
   * @param {Element[]} elements
   * @param {(element: Element) => string} read
   * @param {(element: Element, value: string) => void} write
   */
  constructor(elements, read, write) {
    this.elements = elements;
    this.values = elements.map(read);
    this.write = write;
  }

  /** @param {number} at @param {string} value */
  set(at, value) {
    const element = this.elements[at];
    if (element === undefined || this.values[at] === value) return;
    this.values[at] = value;
    this.write(element, value);
  }
}

/** @param {Element[]} elements */
const classes = (elements) =>
  new Written(elements, (element) => element.getAttribute("class") ?? "", (element, value) => element.setAttribute("class", value));
/** @param {Element[]} elements */
const texts = (elements) =>
  new Written(elements, (element) => element.textContent ?? "", (element, value) => { element.textContent = value; });

export class MapPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.MapSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    /** @param {string} selector */
    const all = (selector) => [...element.querySelectorAll(selector)];
    const cells = all(".cells path");
    this.names = element.querySelector(".names");
    this.groups = all(".names g");
    this.cells = classes(cells);
    this.inks = classes(this.groups);
    this.counts = texts(all(".names .count"));
    this.places = texts(all(".names .place"));
    const lit = /** @type {SVGGElement | null} */ (element.querySelector(".lit"));
    this.light = lit && new Light(lit, new Map(cells.map((cell) => [cell.getAttribute("data-code") ?? "", cell])));
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    const seen = view(this.spec, cut);
    seen.colours.forEach((at, index) => {
      this.cells.set(index, `s${at ?? "none"}`);
      this.inks.set(index, `t${at ?? "none"}`);
    });
    seen.counts.forEach((count, index) => this.counts.set(index, count));
    seen.places.forEach((place, index) => this.places.set(index, place));
    const size = String(seen.count_tenths / 10);
    if (this.names !== null && Number(this.names.getAttribute("font-size")) !== Number(size)) this.names.setAttribute("font-size", size);
    this.light?.set(seen.lit, moves);
  }
}

/** The middle of a hexagon. @param {SVGGraphicsElement} cell @returns {string} */
function middleOf(cell) {
  const box = cell.getBBox();
  return `${box.x + box.width / 2} ${box.y + box.height / 2}`;
}

/** The places that light up: each is drawn once more above its cell, fainter with each that came after it. */
class Light {
  /**
   * @param {SVGGElement} element
   * @param {Map<string, Element>} cells
   */
  constructor(element, cells) {
    this.element = element;
    this.cells = cells;
    const lit = /** @type {SVGElement[]} */ ([...element.querySelectorAll("[data-code]")]);
    this.lit = new Map(lit.map((path) => [path.getAttribute("data-code") ?? "", path]));
    this.newest = lit[0]?.getAttribute("data-code") ?? "";
    this.spot = /** @type {SVGElement} */ (element.querySelector(".spot") ?? svg("g", { class: "spot" }));
    this.motions = new Motions();
  }

  /**
   * @param {readonly string[]} codes the latest first
   * @param {boolean} moves
   */
  set(codes, moves) {
    for (const [code, path] of this.lit) {
      if (codes.includes(code)) continue;
      path.remove();
      this.lit.delete(code);
    }
    codes.forEach((code, at) => {
      let path = this.lit.get(code);
      if (path === undefined) {
        path = svg("path", { "data-code": code, d: this.cells.get(code)?.getAttribute("d") ?? "" });
        this.lit.set(code, path);
        this.element.append(path);
      }
      if (path.getAttribute("class") !== `l${at}`) path.setAttribute("class", `l${at}`);
    });
    this.motions.end();
    const newest = codes[0] ?? "";
    if (newest === this.newest) return;
    this.newest = newest;
    this.spot.remove();
    const path = this.lit.get(newest);
    if (path === undefined) return;
    this.shine(/** @type {SVGGraphicsElement} */ (this.cells.get(newest)));
    if (!moves || isStill()) return;
    for (const each of [this.spot, path]) this.motions.start(each, ["appear"]);
  }

  /** Set the light round the point at which a cell is marked. @param {SVGGraphicsElement} cell */
  shine(cell) {
    this.spot.setAttribute("transform", `translate(${cell.getAttribute("data-at") ?? middleOf(cell)})`);
    if (!this.spot.childElementCount) {
      this.spot.append(...GLOW.map((r) => svg("circle", { r: String(r) })), svg("path", { d: EDGE }));
    }
    this.element.append(this.spot);
  }
}
