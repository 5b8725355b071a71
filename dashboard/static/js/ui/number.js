/**
 * A number on screen. When it changes, its characters from the first that differs roll from the old value to the
 * new one, together and at once: no value is shown that never was.
 * @module
 */

const ROLL_MS = 180;
const EASE = "cubic-bezier(0.2, 0, 0.1, 1)";
/** @type {Keyframe[]} */
const COMING = [{ transform: "translateY(45%)", opacity: 0 }, { transform: "none", opacity: 1 }];
/** @type {Keyframe[]} */
const GOING = [{ transform: "none", opacity: 1 }, { transform: "translateY(-45%)", opacity: 0 }];
const TIMING = { duration: ROLL_MS, easing: EASE };

const still = window.matchMedia("(prefers-reduced-motion: reduce)");

/**
 * The length of what two texts begin with alike; 0 where their lengths differ, as then every figure moves.
 * @param {string} one
 * @param {string} other
 * @returns {number}
 */
export function alike(one, other) {
  if (one.length !== other.length) return 0;
  let at = 0;
  while (at < one.length && one[at] === other[at]) at += 1;
  return at;
}

/** @typedef {{keep: Text, now: HTMLElement, was: HTMLElement}} Parts */

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
    if (this.element.dataset.num !== undefined && text.length !== before.length) {
      this.element.dataset.chars = String(text.length);
    }
    if (!moves || still.matches) {
      this.parts = null;
      this.element.textContent = text;
      return;
    }
    const parts = this.parts ?? this.split();
    const kept = alike(before, text);
    parts.keep.data = text.slice(0, kept);
    parts.now.textContent = text.slice(kept);
    parts.was.textContent = before.slice(kept);
    rollTogether(parts);
  }

  split() {
    const keep = document.createTextNode("");
    const roll = document.createElement("span");
    const now = document.createElement("span");
    const was = document.createElement("span");
    roll.className = "roll";
    now.className = "roll";
    was.className = "was";
    was.setAttribute("aria-hidden", "true");
    roll.append(now, was);
    this.element.textContent = "";
    this.element.append(keep, roll);
    this.parts = { keep, now, was };
    return this.parts;
  }
}
