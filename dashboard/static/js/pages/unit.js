/**
 * A unit's page: public, so many may hold it; after a break it comes back within half a minute, spread.
 * @module
 */

import { Board } from "../live/board.js";
import { LivePage } from "../live/live_page.js";
import { followProgram } from "../live/program.js";
import { PUBLIC_RETRY_MAX_MS } from "../live/retry.js";
import { partsWithin } from "../parts/parts.js";
import { followReview } from "../ui/review.js";
import { sayWho } from "../ui/who.js";

const page = /** @type {LivePage<wire.UnitData, wire.UnitState>} */ (new LivePage());
const { contest, words, store } = page;
const parts = partsWithin(document);
const beatMs = Number(document.body.dataset.beatMs);

/** @param {boolean} moves */
function paint(moves) {
  const cut = { board: new Board(store, contest), words, leaves: [], nowMs: page.nowMs };
  for (const part of parts) part.paint(cut, moves);
}

// Its beat is always the same, and thousands may hold such a page: a frame for each beat is enough.
page.follow(PUBLIC_RETRY_MAX_MS, () => beatMs, paint, String(beatMs));
if (contest.output) followProgram(page);
followReview(page);
sayWho(words);
void page.started();
