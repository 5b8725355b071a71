/**
 * A unit's page: public, so many may hold it; after a break it comes back within half a minute, spread.
 * @module
 */

import { Board } from "../live/board.js";
import { PUBLIC_RETRY_MAX_MS } from "../live/retry.js";
import { followReview } from "../ui/review.js";
import { UnitView } from "../ui/unit.js";
import { LivePage } from "../live/live_page.js";

/** Ranked lines stand beside the total. */
const BEAT_MS = 3_000;

const page = /** @type {LivePage<wire.UnitData, wire.UnitState>} */ (new LivePage());
const view = new UnitView(page.contest, page.words);
page.follow(PUBLIC_RETRY_MAX_MS, () => BEAT_MS, () => view.paint(new Board(page.store, page.contest)));
followReview(page);
void page.started();
