/**
 * Times of day as people write them. Pure.
 * @module
 */

import { two } from "../lib/words.js";
import { instant } from "./date_time.js";

/** @typedef {import("../lib/words.js").Words} Words */

const DAY_MS = 86_400_000;

/** "09:41", without seconds. @param {Words} words @param {number} ms @returns {string} */
export const hour = (words, ms) => words.clock(ms).slice(0, 5);

/**
 * The next time of day that a text names, "9:41", "9h41" or "09:41:30", as ms since the epoch; "" is null, what is no time
 * undefined.
 * @param {Words} words
 * @param {string} text
 * @param {number} nowMs
 * @returns {number | null | undefined}
 */
export function toCome(words, text, nowMs) {
  return text.trim() === "" ? null : nearest(words, text, (at) => (at < nowMs ? at + DAY_MS : at), nowMs) ?? undefined;
}

/** Whether the time of day that a text names has passed today, so that the next one is tomorrow's. @param {Words} words @param {string} text @param {number} nowMs @returns {boolean} */
export const isTomorrows = (words, text, nowMs) => (nearest(words, text, (at) => at, nowMs) ?? nowMs) < nowMs;

/**
 * The last time of day that a text names, as ms since the epoch; null for none that was.
 * @param {Words} words
 * @param {string} text
 * @param {number} nowMs
 * @returns {number | null}
 */
export function momentOf(words, text, nowMs) {
  return nearest(words, text, (at) => (at > nowMs ? at - DAY_MS : at), nowMs);
}

/**
 * @param {Words} words
 * @param {string} text
 * @param {(at: number) => number} move from that time today to the day that is meant
 * @param {number} nowMs
 * @returns {number | null}
 */
function nearest(words, text, move, nowMs) {
  const found = /^(\d{1,2})[:hg. ](\d{2})(?:[:m. ](\d{2}))?$/.exec(text.trim());
  if (!found) return null;
  const { year, month, day } = words.local(nowMs);
  const clock = `${two(Number(found[1]))}:${found[2]}:${found[3] ?? "00"}`;
  const today = instant(words, `${year}-${two(month)}-${two(day)}T${clock}`);
  const at = today === null ? null : move(today);
  // An hour that no clock has is none.
  return at !== null && words.clock(at) === clock ? at : null;
}
