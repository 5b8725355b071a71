/**
 * Links of the stage: one that was just made can be copied.
 * @module
 */

import { Room } from "../control/room.js";

const room = new Room();
const link = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-link]"));
const copy = /** @type {HTMLElement | null} */ (document.querySelector("[data-copy-link]"));
copy?.addEventListener("click", () => {
  link?.select();
  // The other way to the clipboard is closed to pages without TLS, as in most halls.
  if (document.execCommand("copy")) room.toast.good(copy.dataset.good ?? "");
  else room.toast.bad(copy.dataset.bad ?? "");
});
room.start();
