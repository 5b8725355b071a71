/**
 * Dates and times in fields: day, month, year, and the 24 hours, on the contest's own clock; a browser's own fields follow
 * its language, in which 12/05 may be the 5th of December. Pure, but for `fill`.
 * @module
 */

import { two } from "../lib/words.js";

/** @typedef {import("../lib/words.js").Words} Words */

/**
 * The instant of a date and time on the contest's own clock, as a field gives it ("2022-09-08T09:30").
 * @param {Words} words
 * @param {string} text
 * @returns {number | null} ms since the epoch; null if it is no date and time
 */
export function instant(words, text) {
  const found = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/.exec(text);
  if (!found) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map((part) => Number(part ?? 0));
  const wanted = Date.UTC(year, month - 1, day, hour, minute, second);
  let at = wanted;
  // The zone's offset is looked up at the first guess, and once more where that lay on the other side of a change.
  for (let tries = 0; tries < 2; tries += 1) {
    const local = words.local(at);
    at += wanted - Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
  }
  return at + Number((found[7] ?? "").padEnd(3, "0"));
}

/** "29/11/2026 9:30", "29/11/2026 09h30", "29.11.2026 09:30:05,250". */
const TYPED = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ ,]+(\d{1,2})[:hg](\d{2})?(?::(\d{2})(?:[.,](\d{1,3}))?)?$/;

/**
 * The instant that somebody typed.
 * @param {Words} words
 * @param {string} text
 * @returns {number | null} ms since the epoch; null if no calendar and clock has it
 */
export function typedInstant(words, text) {
  const found = TYPED.exec(text.trim());
  if (!found) return null;
  const [day, month, year, hour, minute, second] = found.slice(1, 7).map((part) => Number(part ?? 0));
  const clock = [hour, minute, second].map((part) => two(part ?? 0)).join(":");
  const at = instant(words, `${year}-${two(month ?? 0)}-${two(day ?? 0)}T${clock}.${found[7] ?? "0"}`);
  if (at === null) return null;
  const local = words.local(at);
  const isThere = local.year === year && local.month === month && local.day === day && words.clock(at) === clock;
  return isThere ? at : null;
}

/** An instant as a field shows it, with seconds where there are any. @param {Words} words @param {number} atMs @returns {string} */
export function field(words, atMs) {
  const { year, month, day, hour, minute, second } = words.local(atMs);
  const ms = ((atMs % 1000) + 1000) % 1000;
  const parts = ms ? `:${two(second)},${String(ms).padStart(3, "0")}` : second ? `:${two(second)}` : "";
  return `${two(day)}/${two(month)}/${year} ${two(hour)}:${two(minute)}${parts}`;
}

/**
 * Show an instant in a field.
 * @param {Words} words
 * @param {HTMLInputElement} input
 * @param {number | null} atMs
 */
export function fill(words, input, atMs) {
  input.value = atMs === null ? "" : field(words, atMs);
  input.setCustomValidity("");
}
