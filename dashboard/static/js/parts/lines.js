/**
 * Lines that change places. Each is one element for as long as its unit is listed, and stands in the page where it is
 * seen: a change of place moves the element, and the way there is a movement relative to it.
 * @module
 */

import { Motions, isStill } from "../lib/motion.js";
import { Text } from "../lib/page.js";
import { reorder } from "../lib/reorder.js";
import { NumberView } from "./number.js";

/** @typedef {{code: string, cells: readonly string[], rank?: string, leads?: boolean, bar?: number}} Line */
/** @typedef {{list: number, at: number}} Place which list, and how many lines stand above */
/**
 * How a line comes to its place; `from` is how many lines below it it begins, `to` where it ends if that is not its place.
 * @typedef {{kinds: readonly import("../lib/motion.js").Kind[], from?: number, to?: number}} Movement
 */
/**
 * The movement of a line, null where it does not move. `from` is null where it was not seen before, `to` where it goes;
 * then it stands below its list for that while.
 * @typedef {(from: Place | null, to: Place | null) => Movement | null} Motion
 */

/** Thousandths that a bar must change to be seen to: about a pixel. */
const SEEN = 3;

/** What comes in another place fades in once the others have begun to make room. @type {Movement} */
const COMING = { kinds: ["follow"] };

/** @param {number} lines below its place, of its own height @returns {string} */
const shifted = (lines) => `translateY(${100 * lines}%)`;

/**
 * A rising line passes in front of the others, which dim while they are passed. `seen` is how many lines of the list
 * are seen where others stand below its end and come from there; without it they fade.
 * @param {number | null} [seen]
 * @returns {Motion}
 */
export function passing(seen = null) {
  return (from, to) => {
    const start = from ?? (seen === null ? null : { list: 0, at: seen });
    const end = to ?? (seen === null ? null : { list: 0, at: seen });
    if (start === null || end === null || start.list !== end.list) return COMING;
    const below = start.at - end.at;
    if (below === 0) return null;
    return { kinds: below > 0 ? ["move", "front"] : ["move", "dim"], from: below };
  };
}

/**
 * New lines come in at the top, and all others step down, the last ones below the end of the list.
 * @param {number} count of the new lines
 * @param {number} seen how many lines of the list are seen
 * @returns {Motion}
 */
export function stepping(count, seen) {
  return (from, to) => {
    if (to !== null && to.at < count) return { kinds: ["move", "appear"], from: -count };
    const start = from?.at ?? seen;
    if (to === null) return { kinds: ["move", "vanish"], from: start - seen, to: start - seen + count };
    return start === to.at ? null : { kinds: ["move"], from: start - to.at };
  };
}

class LineView {
  /** @param {HTMLElement} element @param {string} by */
  constructor(element, by) {
    this.element = element;
    const rank = /** @type {HTMLElement | null} */ (element.querySelector(".rank"));
    const mark = /** @type {HTMLElement | null} */ (element.querySelector(".mark"));
    this.rank = rank && new Text(rank);
    this.mark = mark && new Text(mark);
    this.cells = cellsOf(element, by);
    this.leads = element.classList.contains("leads");
    this.bar = /** @type {SVGElement | null} */ (element.querySelector("rect"));
    this.length = Number(/\d+/.exec(this.bar?.getAttribute("transform") ?? "")?.[0] ?? NaN);
  }

  /**
   * @param {Line} line
   * @param {Motions | null} motions null where nothing may move
   */
  set({ rank = "", leads = false, cells, bar }, motions) {
    this.rank?.set(rank);
    cells.forEach((cell, index) => this.cells[index]?.set(cell, motions !== null));
    if (leads !== this.leads) {
      this.leads = leads;
      this.element.classList.toggle("leads", leads);
    }
    if (bar !== undefined) this.stretch(bar, motions);
  }

  /** @param {number} length in thousandths @param {Motions | null} motions */
  stretch(length, motions) {
    const { bar, length: before } = this;
    if (bar === null || length === before) return;
    this.length = length;
    bar.setAttribute("transform", scaled(length));
    if (Math.abs(length - before) >= SEEN) motions?.start(bar, ["move"], { from: scaled(before) });
  }
}

/** A bar of so many thousandths, as an attribute and as a keyframe. @param {number} length @returns {string} */
const scaled = (length) => `scale(${length},1)`;

/**
 * The numbers of a line. Of several the one that it is ranked by rolls; the others are the next ones at once, or a table
 * would be rolling digits all over.
 * @param {Element} line
 * @param {string} by a column
 * @returns {(NumberView | Text)[]}
 */
export function cellsOf(line, by) {
  const cells = /** @type {HTMLElement[]} */ ([...line.querySelectorAll(".cell")]);
  return cells.map((cell) => (cells.length === 1 || cell.classList.contains(`cell-${by}`) ? new NumberView(cell) : new Text(cell)));
}

export class Lines {
  /**
   * @param {HTMLElement[]} lists side by side, each with its lines as the server has painted them
   * @param {(code: string) => HTMLElement} make an empty line of a unit
   * @param {string} [by] the column that they are ranked by, where they have several
   */
  constructor(lists, make, by = "") {
    this.lists = lists;
    this.make = (/** @type {string} */ code) => new LineView(make(code), by);
    /** @type {Map<string, Place & {line: LineView}>} */
    this.standing = new Map();
    lists.forEach((element, list) => {
      [...element.children].forEach((child, at) => {
        const line = new LineView(/** @type {HTMLElement} */ (child), by);
        this.standing.set(line.element.dataset.code ?? "", { line, list, at });
      });
    });
    this.motions = new Motions();
    /** @type {HTMLElement[]} what is on its way out */
    this.going = [];
  }

  /** The line of a unit that is listed, null for any other. @param {string} code @returns {LineView | null} */
  of(code) {
    return this.standing.get(code)?.line ?? null;
  }

  /**
   * Stand at these lines, list by list.
   * @param {readonly (readonly Line[])[]} columns
   * @param {Motion | null} motion null where nothing may move
   */
  set(columns, motion) {
    this.motions.end();
    for (const element of this.going.splice(0)) element.remove();
    const isMoved = motion !== null && !isStill();
    const before = this.standing;
    this.standing = new Map();
    columns.forEach((lines, list) => lines.forEach((seen, at) => {
      const line = before.get(seen.code)?.line ?? this.make(seen.code);
      line.set(seen, isMoved && before.has(seen.code) ? this.motions : null);
      this.standing.set(seen.code, { line, list, at });
    }));
    for (const [code, { line, ...from }] of before) {
      if (this.standing.has(code)) continue;
      line.element.remove();
      const movement = isMoved ? motion(from, null) : null;
      if (movement !== null && movement !== COMING) this.leave(line.element, from.list, movement);
    }
    this.place();
    if (!isMoved) return;
    for (const [code, { line, list, at }] of this.standing) {
      const found = before.get(code);
      const movement = motion(found === undefined ? null : found, { list, at });
      if (movement !== null) this.move(line.element, movement);
    }
  }

  /** Bring the elements into the order of the lines. */
  place() {
    const standing = [...this.standing.values()];
    this.lists.forEach((element, at) => {
      reorder(element, standing.flatMap(({ list, line }) => (list === at ? line.element : [])));
    });
  }

  /**
   * @param {HTMLElement} element
   * @param {number} list
   * @param {Movement} movement
   */
  leave(element, list, movement) {
    element.classList.add("going");
    if (movement.to !== undefined) element.style.transform = shifted(movement.to);
    this.lists[list]?.append(element);
    this.going.push(element);
    this.move(element, movement, () => element.remove());
  }

  /**
   * @param {HTMLElement} element
   * @param {Movement} movement
   * @param {() => void} [ended]
   */
  move(element, { kinds, from }, ended) {
    this.motions.start(element, kinds, from === undefined ? { ended } : { from: shifted(from), ended });
  }
}

/**
 * A span of a line.
 * @param {string} className
 * @param {string} [text]
 * @returns {HTMLElement}
 */
export function span(className, text = "") {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
}

/** @param {wire.Name} name @returns {HTMLElement} */
export function nameOf(name) {
  const element = span(`name ${name.fit}`);
  element.append(span("full", name.full), span("short", name.short));
  return element;
}

/** An empty line of a unit. @param {string} code @returns {HTMLElement} */
export function row(code) {
  const element = document.createElement("li");
  element.className = "row";
  element.dataset.code = code;
  return element;
}
