/**
 * A number on screen. When it changes, the characters that differ roll from the old value to the new one, together
 * and at once, behind an opening as high as the line: no value is shown that never was, and nothing rolls over what
 * stands above or below.
 * @module
 */

import { isStill } from "../lib/motion.js";
import { shown } from "./part.js";

const ROLL_MS = 180;
const EASE = "cubic-bezier(0.2, 0, 0.1, 1)";
/** @type {Keyframe[]} */
const COMING = [{ transform: "translateY(100%)" }, { transform: "none" }];
/** @type {Keyframe[]} */
const GOING = [
  { transform: "none", opacity: 1 },
  { transform: "translateY(-100%)", opacity: 1 },
];
const TIMING = { duration: ROLL_MS, easing: EASE };

/**
 * Where two texts begin to differ, and how many characters at their ends are alike. Where their lengths differ every
 * figure moves, and what follows the figures stays.
 * @param {string} one
 * @param {string} other
 * @returns {{from: number, kept: number}}
 */
export function differing(one, other) {
  const isAligned = one.length === other.length;
  const shorter = Math.min(one.length, other.length);
  let from = 0;
  while (isAligned && from < shorter && one[from] === other[from]) from += 1;
  let kept = 0;
  while (kept < shorter - from) {
    const end = other[other.length - 1 - kept] ?? "";
    if (one[one.length - 1 - kept] !== end || (!isAligned && /\d/.test(end))) break;
    kept += 1;
  }
  return { from, kept };
}

/** @typedef {{keep: Text, now: HTMLElement, was: HTMLElement, tail: Text}} Parts */

/** @type {Parts[]} */
let waiting = [];

/**
 * Start the roll of this number together with all others of the same paint. Each start makes the browser bring its
 * styles up to date, so they come after the last write and not between the writes.
 * @param {Parts} parts
 */
function rollTogether(parts) {
  if (waiting.push(parts) > 1) return;
  queueMicrotask(() => {
    const all = waiting;
    waiting = [];
    for (const { now, was } of all) {
      now.animate(COMING, TIMING);
      was.animate(GOING, TIMING);
    }
  });
}

export class NumberView {
  /** @param {HTMLElement} element one with class "num" and the number as its text */
  constructor(element) {
    this.element = element;
    this.text = element.textContent ?? "";
    /** @type {Parts | null} */
    this.parts = null;
  }

  /**
   * @param {string} text
   * @param {boolean} [moves] false where the number comes into sight with this value
   */
  set(text, moves = true) {
    if (text === this.text) return;
    const before = this.text;
    this.text = text;
    if (this.element.dataset.chars !== undefined && text.length !== before.length) {
      this.element.dataset.chars = String(text.length);
    }
    if (!moves || isStill()) {
      this.parts = null;
      this.element.textContent = text;
      return;
    }
    const parts = this.parts ?? this.split();
    const { from, kept } = differing(before, text);
    parts.keep.data = text.slice(0, from);
    parts.now.textContent = text.slice(from, text.length - kept);
    parts.was.textContent = before.slice(from, before.length - kept);
    parts.tail.data = text.slice(text.length - kept);
    rollTogether(parts);
  }

  split() {
    const keep = document.createTextNode("");
    const tail = document.createTextNode("");
    const roll = document.createElement("span");
    const now = document.createElement("span");
    const was = document.createElement("span");
    roll.className = "roll";
    now.className = "now";
    was.className = "was";
    was.setAttribute("aria-hidden", "true");
    roll.append(now, was);
    this.element.textContent = "";
    this.element.append(keep, roll, tail);
    this.parts = { keep, now, was, tail };
    return this.parts;
  }
}

/**
 * @param {wire.NumberSpec} spec
 * @param {import("./part.js").Cut} cut
 * @returns {wire.NumberView}
 */
export function view(spec, cut) {
  const { board, words, leaves } = cut;
  if (spec.column === "taking_part") {
    return { text: `${words.number(board.takingPart(leaves))}/${words.number(leaves.length)}` };
  }
  if (spec.column === "pace") {
    const pace = board.count(spec.of, "pace");
    return { text: pace > 0 ? words.count("pace", pace) : "" };
  }
  return { text: shown(cut, spec.of, spec.column) };
}

export class NumberPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.NumberSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    this.number = new NumberView(element);
  }

  /**
   * @param {import("./part.js").Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    this.number.set(view(this.spec, cut).text, moves);
  }
}
