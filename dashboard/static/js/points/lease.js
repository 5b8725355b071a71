/**
 * Tells the room that a point's page is open: in a browser that has the point's key its roll call is followed, and the
 * server hears that this is still so. In any other nothing is said, and the picture is the same.
 * @module
 */

import { bindToPage } from "../live/page_life.js";
import { CLOSE_RETRY_MAX_MS } from "../live/retry.js";
import { Follower } from "../live/socket.js";
import { Store } from "../live/store.js";
import { address } from "../lib/page.js";
import { fetchWithin } from "../lib/within.js";

const ASK_MS = 10_000;
/** The status for whoever has no key. */
const NO_KEY = 401;

/** @param {import("../live/live_page.js").LivePage<wire.PointData, wire.BoardState>} page */
export async function keepLease(page) {
  const url = `/live/points?as=${encodeURIComponent(page.contest.me)}`;
  // Most who look at a point's screen have no key: they are asked once, and open no socket for it.
  const isOpen = await fetchWithin(url, { cache: "no-store" }, ASK_MS, ({ status }) => status !== NO_KEY).catch(() => true);
  if (isOpen) follow(page);
}

/** @param {import("../live/live_page.js").LivePage<wire.PointData, wire.BoardState>} page */
function follow(page) {
  const { contest, clock, making, around } = page;
  /** @type {Store<wire.PointsState>} */
  const store = new Store();
  // Whoever has no key, or one that is taken back, is not let in by asking again.
  const leave = () => {
    if (!follower.isStopped) follower.stop();
  };
  const follower = new Follower("points", { ...address(), as: contest.me, retryMaxMs: CLOSE_RETRY_MAX_MS }, clock, {
    position: () => store.position,
    etag: () => store.etag,
    made: () => making.heard,
    frame: (message) => (making.fits ? store.apply(message) : "dropped"),
    order: (order) => page.reporter?.take(order),
    contact: () => {},
    refused: leave,
  }, around);
  // By its key the screen has its place in the room's list.
  page.voice = () => (follower.isStopped ? page.follower : follower);
  bindToPage(follower);
}
