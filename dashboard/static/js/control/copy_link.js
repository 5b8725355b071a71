/**
 * A link that was just made, once: a press copies it.
 * @module
 */

/** @param {import("./room.js").Room} room */
export function bindCopy(room) {
  const link = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-link]"));
  const copy = /** @type {HTMLElement | null} */ (document.querySelector("[data-copy-link]"));
  copy?.addEventListener("click", () => {
    link?.select();
    // The other way to the clipboard is closed to pages without TLS, as in most halls.
    if (document.execCommand("copy")) room.toast.good(copy.dataset.good ?? "");
    else room.toast.bad(copy.dataset.bad ?? "");
  });
}
