/**
 * What a unit's own connection point may be told by an operator: that its numbers are being looked at.
 * @module
 */

import { bindToPage } from "../live/page_life.js";
import { CLOSE_RETRY_MAX_MS } from "../live/retry.js";
import { Session } from "../live/session.js";
import { Follower } from "../live/socket.js";
import { Store } from "../live/store.js";
import { Text, address, data, one } from "../lib/page.js";

/** @typedef {import("../live/live_page.js").LivePage<wire.UnitData, wire.UnitState>} LivePage */

/** Follow the point's topic, if this page is for a point. @param {LivePage} page */
export function followReview(page) {
  if (document.getElementById("point-frame") === null) return;
  const store = /** @type {Store<wire.PointState>} */ (new Store());
  const first = /** @type {wire.Frame} */ (data("point-frame"));
  store.apply(first);
  const review = new Text(one('[data-text="review"]'));
  // After the session has ended nothing more is heard, and what was heard last must not stay.
  const paint = () => review.show(!session.hasEnded && store.state.get("review") === true);
  const session = new Session(paint);
  bindToPage(new Follower(first.topic, { ...address(), retryMaxMs: CLOSE_RETRY_MAX_MS }, page.clock, session.heardBy(first.topic, {
    position: () => store.position,
    etag: () => store.etag,
    frame: (message) => {
      const outcome = store.apply(message);
      if (outcome === "applied") paint();
      return outcome;
    },
    contact: () => {},
  }), page.around));
}
