/**
 * Lets a follower live as long as its page does: it looks at once when the network is back or the page is seen again.
 * @module
 */

/** @typedef {import("./socket.js").Follower} Follower */

/** @param {Follower} follower */
export function attend(follower) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") follower.wake();
  });
  window.addEventListener("online", () => follower.wake());
  // A page with an open socket may not be kept for the way back; one that comes back from there asks anew.
  window.addEventListener("pagehide", () => follower.rest());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) follower.wake();
  });
  follower.start();
}
