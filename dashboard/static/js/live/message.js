/**
 * Parses what the server sends. Pure.
 * @module
 */

import { madeOf } from "./made.js";

const MESSAGE_CHARS_MAX = 8_000_000;

/** @typedef {import("./made.js").Made} Made */

/** @param {unknown} data @returns {unknown} the JSON, null if it is none */
export function parse(data) {
  if (typeof data !== "string" || data.length > MESSAGE_CHARS_MAX) return null;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/**
 * A message that tells the server's time: a beat, which may tell what pages are made of too, or the answer to a
 * question of ours.
 * @param {unknown} message
 * @returns {{type: "beat" | "time", id?: number, at: number, told?: Made | null} | null} null if it is another
 */
export function timeIn(message) {
  if (typeof message !== "object" || message === null) return null;
  const { v, type, id, at, made, show } = /** @type {Record<string, any>} */ (message);
  if (v !== 1 || !Number.isSafeInteger(at)) return null;
  if (type === "beat") return { type, at, told: madeOf(made, show) };
  return type === "time" && Number.isSafeInteger(id) ? { type, id, at } : null;
}
