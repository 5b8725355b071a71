/**
 * Figures on screen. When they change, the digits that differ roll from the old value to the new one, together and at
 * once, behind an opening as high as their line; then all rests as the server paints it: plain text. No value is shown
 * that never was, nothing rolls over what stands above or below, and nothing of an old value is ever part of the page's
 * text: whatever copies, reads out or translates the page gets the number.
 * @module
 */

import { isStill, moveMs } from "../lib/motion.js";
import { shown, takingPart } from "./part.js";

const FIGURES = /[\d.,]+/g;
const BETWEEN = /([\d.,]+)/;

/** @typedef {{now: string, was: string}} Piece a piece of a text, and what stood in its place; it rolls where they differ */

/**
 * A text in its words and numbers, each in pieces. Of a number with as many characters as before the ones that differ
 * roll; one with more or fewer rolls whole.
 * @param {string} before
 * @param {string} after
 * @returns {Piece[][] | null} null where the words differ: that is another sentence, not a number that changes
 */
export function pieces(before, after) {
  if (before.replace(FIGURES, "0") !== after.replace(FIGURES, "0")) return null;
  const old = before.match(FIGURES) ?? [];
  return after.split(BETWEEN).map((text, at) => {
    // The numbers stand at the odd places.
    if (at % 2 === 0) return text ? [{ now: text, was: text }] : [];
    const was = old[(at - 1) / 2] ?? "";
    return text.length === was.length ? runs(was, text) : [{ now: text, was }];
  });
}

/**
 * The stretches of two numbers of one length that are alike, and those that differ.
 * @param {string} before
 * @param {string} after
 * @returns {Piece[]}
 */
function runs(before, after) {
  /** @type {Piece[]} */
  const found = [];
  let wasAlike = null;
  for (let at = 0; at < after.length; at += 1) {
    const isAlike = before[at] === after[at];
    if (isAlike !== wasAlike) found.push({ now: "", was: "" });
    wasAlike = isAlike;
    const last = /** @type {Piece} */ (found[found.length - 1]);
    last.now += after[at];
    last.was += before[at];
  }
  return found;
}

export class NumberView {
  /** @param {HTMLElement} element one with class "num" and the number as its text */
  constructor(element) {
    this.element = element;
    this.text = element.textContent ?? "";
    /** Whether it stands in pieces, of which some roll. */
    this.isRolling = false;
  }

  /**
   * @param {string} text
   * @param {boolean} [moves] false where the number is to stand there at once, whatever still rolls
   */
  set(text, moves = true) {
    if (text === this.text) {
      if (!moves && this.isRolling) this.rest();
      return;
    }
    const before = this.text;
    this.text = text;
    if (text.length !== before.length && this.element.dataset.chars !== undefined) {
      this.element.dataset.chars = String(text.length);
    }
    const tokens = moves && !isStill() ? pieces(before, text) : null;
    if (tokens) this.roll(tokens);
    else this.rest();
  }

  /** Show the number as it is, and end what rolls. */
  rest() {
    this.isRolling = false;
    this.element.textContent = this.text;
  }

  /**
   * Stand in pieces, of which those that differ roll: by an animation of the style sheet, which begins with the next
   * picture. Started by script, each would make the browser bring its styles up to date by itself.
   * @param {Piece[][]} tokens
   */
  roll(tokens) {
    this.isRolling = true;
    this.element.textContent = "";
    const duration = `${moveMs(this.element)}ms`;
    /** @type {HTMLElement | null} */
    let first = null;
    for (const token of tokens) {
      const rolls = token.some(({ now, was }) => now !== was);
      const into = rolls ? this.element.appendChild(span("rolling")) : this.element;
      for (const { now, was } of token) {
        if (now === was) {
          into.append(now);
          continue;
        }
        const reel = into.appendChild(span("roll")).appendChild(span("reel"));
        reel.textContent = now;
        reel.dataset.was = was;
        reel.style.animationDuration = duration;
        first ??= reel;
      }
    }
    // One that has been replaced since is no longer in the page, and ends in silence.
    first?.addEventListener("animationend", () => this.rest());
  }
}

/** @param {string} kind @returns {HTMLElement} */
function span(kind) {
  const made = document.createElement("span");
  made.className = kind;
  return made;
}

/**
 * @param {wire.NumberSpec} spec
 * @param {import("./part.js").Cut} cut
 * @returns {wire.NumberView}
 */
export function view(spec, cut) {
  const { board, words } = cut;
  if (spec.column === "taking_part") return { text: takingPart(cut) };
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
