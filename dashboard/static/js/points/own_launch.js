/**
 * The launch where a point shows its own numbers: the seconds before it, then the words over the picture for a while. The
 * moment is the output's own.
 * @module
 */

import { Launch } from "../scenes/launch.js";

/** @typedef {import("../live/cues.js").Playing} Playing */
/** @typedef {import("../live/cues.js").Waiting} Waiting */

/** How long the words stand. */
export const STANDS_MS = 20_000;

export class OwnLaunch {
  /**
   * @param {HTMLElement} element
   * @param {import("../lib/words.js").Words} words
   */
  constructor(element, words) {
    this.element = element;
    this.launch = new Launch(element, words);
    this.timer = 0;
  }

  /** @param {Waiting | null} waiting */
  wait(waiting) {
    this.launch.wait(waiting);
  }

  /** @param {Playing | null} playing */
  play(playing) {
    window.clearTimeout(this.timer);
    this.launch.play(playing);
    const { dataset, style } = this.element;
    delete dataset.cue;
    if (playing === null) return;
    const leftMs = STANDS_MS - playing.phaseMs();
    if (leftMs <= 0) return;
    // What has begun would go on from where it is.
    void this.element.offsetWidth;
    style.setProperty("--cue-delay", `${-Math.round(playing.phaseMs())}ms`);
    style.setProperty("--cue-play", playing.isStill ? "paused" : "running");
    dataset.cue = playing.name;
    if (!playing.isStill) this.timer = window.setTimeout(() => { delete dataset.cue; }, leftMs);
  }
}
