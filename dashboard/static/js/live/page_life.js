/**
 * Binds a follower to the life of its page: it tries at once when the network is back or the page is visible again.
 * @module
 */

/** @typedef {import("./socket.js").Follower} Follower */

/** @param {Pick<Follower, "start" | "wake" | "rest">} follower */
export function bindToPage(follower) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") follower.wake();
  });
  window.addEventListener("online", () => follower.wake());
  // An engine that shows a page nowhere may let it sleep, and call it visible all the same; its host tells.
  window.addEventListener("diemcau:wake", () => follower.wake());
  // Browsers keep no page with an open socket in their back/forward cache; a restored page connects again.
  window.addEventListener("pagehide", () => follower.rest());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) follower.wake();
  });
  follower.start();
}
