/**
 * The clap test: a flash with a number, at the same times of the server's clock wherever it is shown, is filmed in the
 * hall; who presses when he sees it come back tells how late that picture is. Pure.
 * @module
 */

import { DELAY_MS_MAX } from "./output_words.js";

export const PERIOD_MS = 2_000;
const LIT_MS = 300;
/** Numbers of two digits, so many that one names a single flash for longer than any picture is late. */
const FIRST = 10;
const NUMBERS = 50;
/** A press comes a little before the flash where somebody has the beat in his hand. */
const EARLY_MS = 300;

/** @param {number} at which flash since the epoch @returns {number} */
const numberOf = (at) => FIRST + (at % NUMBERS);

/**
 * What a flash shows now: its number, and whether it is lit.
 * @param {number} nowMs
 * @returns {{n: number, isLit: boolean}}
 */
export function flashOf(nowMs) {
  const at = Math.floor(nowMs / PERIOD_MS);
  return { n: numberOf(at), isLit: nowMs - at * PERIOD_MS < LIT_MS };
}

/** The numbers that a picture may show at a press, that of no lateness first. @param {number} pressedMs @returns {number[]} */
export function numbersAt(pressedMs) {
  const last = Math.floor((pressedMs + EARLY_MS) / PERIOD_MS);
  return [...Array(Math.floor(DELAY_MS_MAX / PERIOD_MS) + 1)].map((_, back) => numberOf(last - back));
}

/**
 * How late a picture is in which a flash of a number was seen at a press; null for a number that it cannot have been.
 * @param {number} pressedMs
 * @param {number} n
 * @returns {number | null} ms
 */
export function lateBy(pressedMs, n) {
  const back = numbersAt(pressedMs).indexOf(n);
  if (back < 0) return null;
  const flashedMs = (Math.floor((pressedMs + EARLY_MS) / PERIOD_MS) - back) * PERIOD_MS;
  return Math.min(DELAY_MS_MAX, Math.max(0, pressedMs - flashedMs));
}

/**
 * How late it is by another press, about as late as it was known to be.
 * @param {number} pressedMs
 * @param {number} knownMs
 * @returns {number} ms
 */
export function lateAgain(pressedMs, knownMs) {
  const found = numbersAt(pressedMs).map((n) => /** @type {number} */ (lateBy(pressedMs, n)));
  return found.reduce((best, ms) => (Math.abs(ms - knownMs) < Math.abs(best - knownMs) ? ms : best));
}

/** What presses agree on: the one in the middle, to a tenth of a second. @param {readonly number[]} found @returns {number} ms */
export function agreed(found) {
  const inOrder = [...found].sort((one, other) => one - other);
  const [low, high] = [inOrder[Math.floor((inOrder.length - 1) / 2)] ?? 0, inOrder[Math.floor(inOrder.length / 2)] ?? 0];
  return Math.round((low + high) / 200) * 100;
}
