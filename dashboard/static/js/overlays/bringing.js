/**
 * Brings an overlay to what is wanted of it: painted first, then seen. Whatever changes meanwhile counts, so that nothing comes
 * back that was taken away, and nothing is seen that says something else. Pure, but for the timers that it is given.
 * @module
 */

import { retryMs } from "../live/retry.js";
import { same } from "./settings.js";

/** @typedef {import("./settings.js").Settings} Settings */
/**
 * `wanted` is what is to be painted by now, null for nothing, and `isSeen` whether it is to be seen; `take` paints settings, and
 * tells whether they are painted, "refused" where they cannot be: then `refused` says who wanted them so, and what is wanted
 * is another; `write` writes free texts.
 * @typedef {{wanted: () => Settings | null, isSeen: () => boolean, take: (settings: Settings, moves: boolean) => Promise<boolean | "refused">, refused: () => void, write: () => void, presence: Pick<import("./presence.js").Presence, "isShown" | "show">, around: Pick<import("../live/socket.js").Surroundings, "setTimeout" | "random">, retryMaxMs: number}} On
 */

export class Bringing {
  /** @param {Settings} painted what the page was opened with @param {On} on */
  constructor(painted, on) {
    /** What is painted, null while that is not known. @type {Settings | null} */
    this.painted = painted;
    this.on = on;
    this.asked = 0;
  }

  /** Go to what is wanted by now; of several calls the last one does. @param {boolean} moves */
  async show(moves) {
    const { isSeen, presence, refused, take, wanted, write } = this.on;
    this.asked += 1;
    const { asked } = this;
    // What is taken away waits for no painting.
    if (!isSeen()) presence.show(false, moves);
    let settings = wanted();
    if (settings === null) return;
    for (let failures = 0; this.painted === null || !same(settings, this.painted); failures += 1) {
      const before = this.painted;
      this.painted = null;
      const isTaken = await take(settings, moves && presence.isShown).catch(() => false);
      if (asked !== this.asked) return;
      if (isTaken === "refused") {
        // It has changed nothing.
        this.painted = before;
        refused();
        settings = wanted();
        if (settings === null) return;
      } else if (isTaken) this.painted = settings;
      else {
        const waitMs = retryMs(failures, this.on.retryMaxMs, this.on.around.random());
        await new Promise((resolve) => { this.on.around.setTimeout(() => resolve(null), waitMs); });
        if (asked !== this.asked) return;
      }
    }
    write();
    presence.show(isSeen(), moves);
  }
}
