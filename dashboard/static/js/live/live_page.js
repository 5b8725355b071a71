/**
 * What every page with live numbers starts from: its data, a store with the first frame, the server's clock, a follower
 * that keeps both current, and a mark that says how current they are.
 * @module
 */

import { bindToPage } from "./page_life.js";
import { ServerClock } from "./clock.js";
import { Making } from "./made.js";
import { Follower, browser } from "./socket.js";
import { Store } from "./store.js";
import { address, data, oncePerFrame } from "../lib/page.js";
import { isFramed, ownMade, started, tellHeard } from "../shell.js";
import { MarkView } from "../ui/mark.js";
import { Words } from "../lib/words.js";

/** The mark's age moves once a second. */
const MARK_MS = 1_000;
/** A page in a shell is shown once it is current: with the first frame, or when none follows within this time. */
const FRAME_AFTER_MS = 150;
const AT_NOW_WAIT_MS = 3_000;

/**
 * @template {{lang: string, timezone: string, texts: Record<string, string>, topic: string}} C what the page's data block says, see wire
 * @template {Pick<wire.BoardState, "frozen"> & {corrected: string[] | boolean | null}} S what its topic says beside its rows
 */
export class LivePage {
  constructor() {
    this.contest = /** @type {C} */ (data("contest"));
    this.words = new Words(this.contest.lang, this.contest.timezone, this.contest.texts);
    this.store = /** @type {Store<S>} */ (new Store());
    this.store.apply(data("first-frame"));
    this.around = browser();
    this.clock = new ServerClock(this.around);
    this.making = new Making(ownMade(), tellHeard);
    /** Whether the page is visible: until then nothing on it moves, or it would be shown in mid-motion. */
    this.isSeen = !isFramed();
    this.standsAtNow = () => {};
    /** @type {Promise<void>} */
    this.atNow = new Promise((resolve) => {
      this.standsAtNow = resolve;
      window.setTimeout(resolve, AT_NOW_WAIT_MS);
    });
  }

  /** The page's script has started; the shell may show it once it stands at now. @param {Promise<unknown>} [more] what else is to be waited for */
  async started(more = Promise.resolve()) {
    await started(Promise.all([this.atNow, more]));
    this.isSeen = true;
  }

  /**
   * Follow the page's topic from now on.
   * @param {number} retryMaxMs the longest window between two tries
   * @param {() => void} paint called once a frame while the store changes
   * @returns {() => void} asks for a paint
   */
  follow(retryMaxMs, paint) {
    const mark = new MarkView(this.store, this.clock, this.words, this.making);
    const repaint = oncePerFrame(() => {
      paint();
      mark.paint();
    });
    const standsSoon = () => window.setTimeout(this.standsAtNow, FRAME_AFTER_MS);
    const follower = new Follower(this.contest.topic, { ...address(), retryMaxMs }, this.clock, {
      position: () => this.store.position,
      etag: () => this.store.etag,
      made: () => this.making.heard,
      opened: standsSoon,
      told: (told) => {
        this.making.hear(told);
        // A poll without a new frame only calls this.
        standsSoon();
      },
      frame: (message) => {
        if (!this.making.fits) return "dropped";
        const outcome = this.store.apply(message);
        if (outcome === "applied") repaint();
        if (outcome === "applied" || outcome === "dropped") this.standsAtNow();
        return outcome;
      },
      contact: () => {
        // Contact with another contest's server does not keep this page fresh.
        if (this.making.fits) mark.contact();
      },
    }, this.around);
    window.setInterval(() => mark.paint(), MARK_MS);
    bindToPage(follower);
    return repaint;
  }
}
