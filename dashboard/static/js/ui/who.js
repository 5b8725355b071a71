/**
 * Who is signed in, on a page that is the same for all who are: it asks, for itself alone.
 * @module
 */

import { one } from "../lib/page.js";
import { fetchWithin } from "../lib/within.js";

const WAIT_MS = 8_000;

/** Say who is signed in where the page has room for it. @param {import("../lib/words.js").Words} words */
export function sayWho(words) {
  const line = /** @type {HTMLElement | null} */ (document.querySelector("[data-who]"));
  if (line === null) return;
  const ask = async () => {
    const found = await me();
    if (found === undefined) return;
    one('[data-text="who"]', line).textContent = found === null ? "" : words.say("signed_in", { name: found.name });
    line.hidden = found === null;
  };
  void ask();
  // Somebody may have signed out, or in as another, in another window.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") void ask();
  });
}

/** @returns {Promise<wire.Me | null | undefined>} null for nobody, undefined if it is not known now */
async function me() {
  try {
    return await fetchWithin("/api/v1/me", {}, WAIT_MS, async (answer) => {
      if (answer.ok) return /** @type {wire.Me} */ (await answer.json());
      return answer.status === 401 || answer.status === 403 ? null : undefined;
    });
  } catch {
    // The line stays as it is, and the page asks again when it is looked at again.
    return undefined;
  }
}
