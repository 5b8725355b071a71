/**
 * Figures on screen. When they change, the digits that differ roll from the old value to the new one, together and at
 * once, behind an opening as high as their line; then all rests as the server paints it: plain text. No value is shown
 * that never was, nothing rolls over what stands above or below, and nothing of an old value is ever part of the page's
 * text: whatever copies, reads out or translates the page gets the number.
 * @module
 */

import { MOVE_MAX_MS, isStill, moveMs } from "../lib/motion.js";
import { shown, takingPart } from "./part.js";

const FIGURES = /[\d.,]+/g;
const ALL_FIGURES = /^[\d.,]+$/;
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
  if (before.length === after.length && ALL_FIGURES.test(before) && ALL_FIGURES.test(after)) return [runs(before, after)];
  if (before.replace(FIGURES, "0") !== after.replace(FIGURES, "0")) return null;
  const old = before.match(FIGURES) ?? [];
  return after.split(BETWEEN).map((text, at) => {
    // The numbers stand at the odd places.
    if (at % 2 === 0) return text ? [{ now: text, was: text }] : [];
    const was = old[(at - 1) / 2] ?? "";
    return text.length === was.length ? runs(was, text) : [{ now: text, was }];
  }).filter((token) => token.length > 0);
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
    /** The first piece that rolls: its end is the end of all. @type {HTMLElement | null} */
    this.first = null;
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
    if (this.first === null) this.open();
    const ms = moveMs(this.element);
    this.first = null;
    const stands = tokens.map((token) => {
      const pieces = token.map(({ now, was }) => {
        if (now === was) return now;
        const reel = reelOf(now, was, ms);
        this.first ??= reel;
        return reel;
      });
      // Among words a number stays on one line.
      return tokens.length > 1 && pieces.length > 1 ? [together(pieces)] : pieces;
    });
    this.element.textContent = "";
    this.element.append(...stands.flat());
    this.isRolling = true;
  }

  /** Make the element an opening for what rolls. It stays one: taken away and given again, it would cost style at each beat. */
  open() {
    this.element.classList.add("rolls");
    // A piece that has been replaced since is no longer in the page, and ends in silence.
    this.element.addEventListener("animationend", ({ target }) => {
      if (target === this.first) this.rest();
    });
  }
}

/**
 * A piece that rolls from what it was.
 * @param {string} now
 * @param {string} was
 * @param {number} ms
 * @returns {HTMLElement}
 */
function reelOf(now, was, ms) {
  const reel = document.createElement("span");
  reel.className = "reel";
  reel.setAttribute("data-was", was);
  // A style of its own costs more than the sheet's.
  if (ms !== MOVE_MAX_MS) reel.style.animationDuration = `${ms}ms`;
  reel.append(now);
  return reel;
}

/** @param {(string | HTMLElement)[]} pieces @returns {HTMLElement} */
function together(pieces) {
  const made = document.createElement("span");
  made.className = "together";
  made.append(...pieces);
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
