/**
 * Lines that change places. Each is one element for as long as its unit is listed, and stands in the page where it is
 * seen: a change of place moves the element, and the way there is a movement relative to it.
 * @module
 */

import { Motions, isStill, moveMs } from "../lib/motion.js";
import { Text } from "../lib/page.js";
import { NumberView } from "./number.js";

/** @typedef {{code: string, cells: readonly string[], rank?: string, leads?: boolean, bar?: number}} Line */
/** @typedef {{list: number, at: number}} Place which list, and how many lines stand above */
/**
 * How a line comes to its place: the keyframes, null where it does nothing. `from` is null where it was not seen before,
 * `to` where it goes; then it stands below its list for that while.
 * @typedef {(from: Place | null, to: Place | null) => Keyframe[] | null} Motion
 */

const EASE = "cubic-bezier(0.4, 0, 0.2, 1)";
/** A rising line has a ground of its own, or two names would be read through each other. */
const GROUND = "#0d2a41";
const DIMMED = 0.35;
/**
 * What comes in another place fades in once the others have begun to make room.
 * @type {Keyframe[]}
 */
const COMING = [{ opacity: 0 }, { opacity: 0, offset: 0.35 }, { opacity: 1 }];

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
    if (below > 0) {
      const own = { zIndex: 2, background: GROUND };
      return [{ transform: shifted(below), ...own }, { ...own, offset: 0.9 }, { transform: "none", zIndex: 2, background: "transparent" }];
    }
    return [{ transform: shifted(below), opacity: 1 }, { opacity: DIMMED, offset: 0.5 }, { transform: "none", opacity: 1 }];
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
    if (to !== null && to.at < count) return [{ transform: shifted(-count), opacity: 0 }, { transform: "none", opacity: 1 }];
    const start = from?.at ?? seen;
    if (to === null) return [{ transform: shifted(start - seen), opacity: 1 }, { transform: shifted(start - seen + count), opacity: 0 }];
    return start === to.at ? null : [{ transform: shifted(start - to.at) }, { transform: "none" }];
  };
}

class LineView {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    const rank = /** @type {HTMLElement | null} */ (element.querySelector(".rank"));
    const mark = /** @type {HTMLElement | null} */ (element.querySelector(".mark"));
    this.rank = rank && new Text(rank);
    this.mark = mark && new Text(mark);
    this.cells = [...element.querySelectorAll(".cell")].map((cell) => new NumberView(/** @type {HTMLElement} */ (cell)));
    this.leads = element.classList.contains("leads");
    this.bar = element.querySelector("rect");
    this.barTransform = this.bar?.getAttribute("transform") ?? "";
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
    if (bar !== undefined) this.stretch(barTransform(bar), motions);
  }

  /** @param {string} transform @param {Motions | null} motions */
  stretch(transform, motions) {
    const { bar, barTransform: before } = this;
    if (bar === null || transform === before) return;
    this.barTransform = transform;
    bar.setAttribute("transform", transform);
    motions?.start(bar, [{ transform: before }, { transform }], { duration: moveMs(this.element), easing: EASE });
  }
}

/** The length of a bar in thousandths, as an attribute and as a keyframe. @param {number} bar @returns {string} */
const barTransform = (bar) => `scale(${bar},1)`;

export class Lines {
  /**
   * @param {HTMLElement[]} lists side by side, each with its lines as the server has painted them
   * @param {(code: string) => HTMLElement} make an empty line of a unit
   */
  constructor(lists, make) {
    this.lists = lists;
    this.make = make;
    /** @type {Map<string, Place & {line: LineView}>} */
    this.standing = new Map();
    lists.forEach((element, list) => {
      [...element.children].forEach((child, at) => {
        const line = new LineView(/** @type {HTMLElement} */ (child));
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
      const line = before.get(seen.code)?.line ?? new LineView(this.make(seen.code));
      line.set(seen, isMoved && before.has(seen.code) ? this.motions : null);
      this.standing.set(seen.code, { line, list, at });
    }));
    for (const [code, { line, ...from }] of before) {
      if (this.standing.has(code)) continue;
      line.element.remove();
      const keyframes = isMoved ? motion(from, null) : null;
      if (keyframes !== null && keyframes !== COMING) this.leave(line.element, from.list, keyframes);
    }
    this.place();
    if (!isMoved) return;
    for (const [code, { line, list, at }] of this.standing) {
      const found = before.get(code);
      const keyframes = motion(found === undefined ? null : found, { list, at });
      if (keyframes !== null) this.move(line.element, keyframes);
    }
  }

  /** Bring the elements into the order of the lines, moving as few as a walk can. */
  place() {
    const next = this.lists.map((list) => list.firstElementChild);
    for (const { line, list } of this.standing.values()) {
      if (line.element === next[list]) next[list] = line.element.nextElementSibling;
      else this.lists[list]?.insertBefore(line.element, next[list] ?? null);
    }
  }

  /**
   * @param {HTMLElement} element
   * @param {number} list
   * @param {Keyframe[]} keyframes
   */
  leave(element, list, keyframes) {
    element.classList.add("going");
    this.lists[list]?.append(element);
    this.going.push(element);
    this.move(element, keyframes, () => element.remove());
  }

  /**
   * @param {HTMLElement} element
   * @param {Keyframe[]} keyframes
   * @param {() => void} [ended]
   */
  move(element, keyframes, ended) {
    this.motions.start(element, keyframes, { duration: moveMs(element), easing: EASE }, ended);
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
