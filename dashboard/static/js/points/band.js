/**
 * The band of a point's screen: its name and place, its number, how far the next are. It goes by the beat of the scene
 * beside it, so that both show the same cut.
 * @module
 */

import { Beat, lastBeat } from "../live/beat.js";
import { Board } from "../live/board.js";
import { Store } from "../live/store.js";
import { oncePerFrame } from "../lib/page.js";
import { partsWithin } from "../parts/parts.js";

/** @typedef {import("../live/live_page.js").LivePage<wire.PointData, wire.BoardState>} Page */

/** Numbers of its own, beside those of the page. @extends {Beat<wire.UnitState>} */
class OwnBeat extends Beat {
  /** @param {() => void} acted somebody has acted: that does not wait for a beat */
  constructor(acted) {
    super(new Store());
    this.acted = acted;
  }

  /** @param {unknown} message @returns {import("../live/store.js").Outcome} */
  take(message) {
    const outcome = super.take(message);
    if (outcome === "applied" && this.hasActed) this.acted();
    return outcome;
  }
}

export class Band {
  /**
   * @param {HTMLElement} element
   * @param {Page} page
   * @param {unknown} frame what it shows already
   */
  constructor(element, page, frame) {
    this.page = page;
    this.parts = partsWithin(element);
    const soon = oncePerFrame(() => {
      if (!page.picture.isStill && !page.isResuming) this.paint(null, false);
    });
    this.beat = new OwnBeat(soon);
    this.beat.begin(frame);
  }

  /**
   * @param {number | null} beatMs to the cut of the last beat; null for everything that has arrived
   * @param {boolean} moves
   */
  paint(beatMs, moves) {
    const { page, beat } = this;
    // Numbers of the other store wait for the scene that comes with them.
    if (beat.arrived.rehearsal === page.store.rehearsal) beat.advance(beatMs === null ? Infinity : lastBeat(page.picture.ms, beatMs));
    const cut = { board: new Board(beat.shown, page.contest), words: page.words, leaves: [], nowMs: page.nowMs };
    for (const part of this.parts) part.paint(cut, moves);
  }
}
