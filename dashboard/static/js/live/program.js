/**
 * Follows what an output shows: each take is brought to the page once, and again until the page shows it.
 * @module
 */

import { bindToPage } from "./page_life.js";
import { CLOSE_RETRY_MAX_MS, retryMs } from "./retry.js";
import { Follower } from "./socket.js";
import { Store } from "./store.js";
import { address } from "../lib/page.js";

/** @typedef {wire.Showing["store"]} StoreName */
/** @typedef {{take: number, step: number}} Shown a take, and how much of it is revealed */
/** @typedef {(scene: wire.SceneOnAir, store: StoreName) => Promise<boolean>} OnTake shows a scene, over numbers of a store; whether it is shown now */

/** What is on air, and what of it the page shows. Pure, but for the timers that it is given. */
export class Program {
  /**
   * @param {Shown} shown what the page shows, take 0 for nothing
   * @param {OnTake} onTake
   * @param {Pick<import("./socket.js").Surroundings, "setTimeout" | "random">} around
   */
  constructor(shown, onTake, around) {
    this.shown = shown;
    this.onTake = onTake;
    this.around = around;
    /** @type {Store<wire.ProgramState>} */
    this.store = new Store();
    this.isBringing = false;
  }

  /** @param {unknown} message @returns {import("./store.js").Outcome} */
  apply(message) {
    const outcome = this.store.apply(message);
    if (outcome === "applied" && !this.isBringing) void this.bring();
    return outcome;
  }

  /** Show what is on air. Of several takes that come meanwhile the last is shown; one that fails is tried again. */
  async bring() {
    this.isBringing = true;
    for (let failures = 0; ; ) {
      // Takes are compared, not positions: of what a server has forgotten in a kill, the position may come again.
      const { state } = this.store;
      const scene = state.get("scene");
      if (scene === undefined || (scene.take === this.shown.take && scene.step === this.shown.step)) break;
      // What cannot be shown for a fault of ours is no end of following: the next take may do.
      if (await this.onTake(scene, state.get("output")?.store ?? "live").catch(() => false)) {
        this.shown = { take: scene.take, step: scene.step };
        failures = 0;
      } else {
        const waitMs = retryMs(failures, CLOSE_RETRY_MAX_MS, this.around.random());
        failures += 1;
        await new Promise((resolve) => this.around.setTimeout(() => resolve(null), waitMs));
      }
    }
    this.isBringing = false;
  }
}

/**
 * Tell a page what its output says: which numbers and how late, its cue, and every take that the page does not show.
 * @param {import("./live_page.js").LivePage<any, any>} page
 * @param {{shown?: Shown, onTake?: OnTake, cues?: import("./cues.js").Cues, tells?: (say: (text: string) => boolean) => void, onScene?: (scene: wire.SceneOnAir) => void, onState?: (state: Store<wire.ProgramState>["state"]) => void}} [on]
 *     what the page was opened with, and who shows others; none for a page that shows what it likes. `tells` is called for
 *     each new socket with what says something to the server
 * @returns {Promise<void>} resolves once the output was heard, and its cue is played
 */
export function followProgram(page, { shown = { take: 0, step: 0 }, onTake = async () => true, cues, tells, onScene, onState } = {}) {
  const program = new Program(shown, onTake, page.around);
  const { making } = page;
  const { state } = program.store;
  let isHeard = () => {};
  /** @type {Promise<void>} */
  const heard = new Promise((resolve) => { isHeard = resolve; });
  const follower = new Follower(`program/${page.contest.output}`, { ...address(), retryMaxMs: CLOSE_RETRY_MAX_MS }, page.clock, {
    position: () => program.store.position,
    etag: () => program.store.etag,
    made: () => making.heard,
    told: (told) => making.hear(told),
    frame: (message) => {
      // What another contest's server shows is not for this page.
      if (!making.fits) return "dropped";
      const outcome = program.apply(message);
      if (outcome === "applied") {
        const showing = state.get("output") ?? null;
        if (showing !== null) page.show(showing);
        const scene = state.get("scene");
        if (scene) onScene?.(scene);
        cues?.tell(state.get("cue") ?? null, showing);
        onState?.(state);
        isHeard();
      }
      return outcome;
    },
    joined: () => tells?.((text) => {
      const isOpen = follower.line !== null && follower.line !== "poll";
      if (isOpen) follower.say(text);
      return isOpen;
    }),
    contact: () => {},
  }, page.around);
  bindToPage(follower);
  return heard;
}
