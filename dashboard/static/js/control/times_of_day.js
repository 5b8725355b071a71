/**
 * Times of day as people write them. Pure.
 * @module
 */

import { two } from "../lib/words.js";
import { instant } from "./phrases.js";

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
  if (text.trim() === "") return null;
  const found = /^(\d{1,2})[:hg. ](\d{2})(?:[:m. ](\d{2}))?$/.exec(text.trim());
  if (!found) return undefined;
  const { year, month, day } = words.local(nowMs);
  const clock = `${two(Number(found[1]))}:${found[2]}:${found[3] ?? "00"}`;
  const at = instant(words, `${year}-${two(month)}-${two(day)}T${clock}`);
  if (at === null || words.clock(at) !== clock) return undefined;
  return at < nowMs ? at + DAY_MS : at;
}
