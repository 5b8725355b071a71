/**
 * What the server sends, before anybody has looked at it. Pure.
 * @module
 */

const MESSAGE_CHARS_MAX = 8_000_000;

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
 * A message that tells the server's time: a beat, or the answer to a question of ours.
 * @param {unknown} message
 * @returns {{type: "beat" | "time", id?: number, at: number} | null} null if it is another
 */
export function timeIn(message) {
  if (typeof message !== "object" || message === null) return null;
  const { v, type, id, at } = /** @type {Record<string, any>} */ (message);
  if (v !== 1 || !Number.isSafeInteger(at)) return null;
  if (type === "beat") return { type, at };
  return type === "time" && Number.isSafeInteger(id) ? { type, id, at } : null;
}
