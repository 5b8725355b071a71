/**
 * What a playout host gives an overlay to say. What the overlay cannot say counts as not given: what was said before stands.
 * Pure.
 * @module
 */

import { merged, same, unfit } from "./settings.js";

/** @typedef {import("./settings.js").Settings} Settings */

export class Given {
  /** @param {import("./settings.js").Contest & Pick<wire.OverlayData, "limits">} contest */
  constructor(contest) {
    this.contest = contest;
    /** What counts now. @type {Settings} */
    this.data = {};
    /** What of it has been painted last. @type {Settings} */
    this.stood = {};
    /** What was given last, whatever became of it. @type {Settings} */
    this.heard = {};
  }

  /** Whether it has not been painted yet: nobody has looked whether it can be. @returns {boolean} */
  get isNew() {
    return !same(this.data, this.stood);
  }

  /**
   * @param {Settings} data
   * @returns {string[]} the settings of it that cannot be; with any of them nothing is taken of it
   */
  hear(data) {
    if (same(data, this.heard)) return [];
    this.heard = data;
    const isKnown = Object.keys(data).some((name) => name in this.contest.defaults);
    const faults = Object.keys(data).length > 0 && !isKnown ? ["…"] : unfit(this.contest, merged(this.contest, data));
    if (faults.length === 0) this.data = data;
    return faults;
  }

  /** It is painted. */
  stands() {
    this.stood = this.data;
  }

  /** It cannot be painted. */
  refuse() {
    this.data = this.stood;
  }
}
