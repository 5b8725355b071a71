/**
 * Sends the file of a form: its buttons are dead meanwhile, and a refusal is said in the form.
 * @module
 */

import { Refused } from "./asking.js";

/**
 * @template T
 * @param {import("./room.js").Room} room
 * @param {string} buttons a selector of those that must not be pressed meanwhile
 * @param {(text: string) => void} fail says what was refused, "" for nothing
 * @param {() => Promise<T>} send
 * @returns {Promise<T | null>} null if it was refused, or nobody is signed in
 */
export async function sent(room, buttons, fail, send) {
  if (room.isNobodys()) return null;
  const found = /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(buttons));
  for (const each of found) each.disabled = true;
  fail("");
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    fail(room.phrases.refusal(error.refusal));
    return null;
  } finally {
    for (const each of found) each.disabled = false;
  }
}
