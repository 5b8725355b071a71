/**
 * What every page with live numbers starts from: its data, a store with the first frame in it, the server's clock,
 * a follower that keeps both at now, and a mark that says how current they are.
 * @module
 */

import { attend } from "../live/attend.js";
import { ServerClock } from "../live/clock.js";
import { Follower, browser } from "../live/socket.js";
import { Store } from "../live/store.js";
import { address, data, oncePerFrame } from "../page.js";
import { MarkView } from "../ui/mark.js";
import { Words } from "../words.js";

/** The mark's age moves once a second. */
const MARK_MS = 1_000;

export class LivePage {
  constructor() {
    this.contest = data("contest");
    this.words = new Words(this.contest.lang, this.contest.timezone, this.contest.texts);
    this.store = new Store();
    this.store.apply(data("first-frame"));
    this.around = browser();
    this.clock = new ServerClock(this.around);
  }

  /**
   * Follow the page's topic from now on.
   * @param {number} retryMaxMs the longest window between two tries
   * @param {() => void} paint called once a frame while the store changes
   * @returns {() => void} asks for a paint
   */
  follow(retryMaxMs, paint) {
    const mark = new MarkView(this.store, this.clock, this.words);
    const repaint = oncePerFrame(() => {
      paint();
      mark.paint();
    });
    const follower = new Follower(this.contest.topic, { ...address(), retryMaxMs }, this.clock, {
      position: () => this.store.position,
      etag: () => this.store.etag,
      frame: (message) => {
        const outcome = this.store.apply(message);
        if (outcome === "applied") repaint();
        return outcome;
      },
      contact: () => mark.contact(),
    }, this.around);
    window.setInterval(() => mark.paint(), MARK_MS);
    attend(follower);
    return repaint;
  }
}
