/**
 * What of the launch no style sheet can tell: the seconds before it, and the hour at which it was.
 * @module
 */

import { Text, one, setData } from "../lib/page.js";
import { two } from "../lib/words.js";

/** @typedef {import("../live/cues.js").Playing} Playing */
/** @typedef {import("../live/cues.js").Waiting} Waiting */

export class Launch {
  /**
   * @param {HTMLElement} element
   * @param {import("../lib/words.js").Words} words
   */
  constructor(element, words) {
    this.element = element;
    this.words = words;
    this.count = one("[data-count]", element);
    this.seconds = new Text(one("[data-seconds]", element));
    this.at = new Text(one("[data-launched-at]", element));
  }

  /** Count the seconds to a cue; null where none is waited for. @param {Waiting | null} waiting */
  wait(waiting) {
    this.count.hidden = waiting === null;
    this.element.classList.toggle("counting", waiting !== null);
    if (waiting === null) return;
    this.seconds.set(String(waiting.seconds));
    // By turns, so that each second comes with an animation of its own.
    setData(this.count, "turn", waiting.seconds % 2);
  }

  /** Tell when it was. @param {Playing | null} playing */
  play(playing) {
    if (playing === null) return;
    const { words } = this;
    const { hour, minute } = words.local(playing.at);
    const time = words.say("time_long", { hour: String(hour), minute: two(minute) });
    this.at.set(words.say("launched_at", { time, date: words.longDate(playing.at) }));
  }
}
