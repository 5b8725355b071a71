/**
 * How current the screen is: TRỰC TIẾP while figures of the live store come in, a quiet age when nothing comes. Both
 * follow the second; the time of the figures is part of their cut and follows the beat (parts/text.js).
 * @module
 */

import { Stopwatch } from "../live/clock.js";
import { Text, one, setData } from "../lib/page.js";
import { tellTitle } from "../shell.js";

/** @typedef {import("../lib/words.js").Words} Words */
/** @typedef {import("../live/store.js").Store<Pick<wire.BoardState, "frozen">>} Store */
/** @typedef {import("../live/picture_time.js").PictureTime} PictureTime */

/** Without a word from the server for this long, the screen says how old it is. */
export const STALE_MS = 6_000;
/** TRỰC TIẾP wants every live source heard within this time. */
export const LIVE_MS = 60_000;
/** A time further ahead of the server's than this was told by a clock that ran ahead: nobody knows how old it is. */
export const AHEAD_MS = 5_000;

/**
 * Whether every live source was heard within LIVE_MS.
 * @param {number | null} heardMs
 * @param {number} nowMs the server's time
 * @returns {boolean}
 */
export function isHeard(heardMs, nowMs) {
  if (heardMs === null) return false;
  const ageMs = nowMs - heardMs;
  return ageMs <= LIVE_MS && ageMs >= -AHEAD_MS;
}

/**
 * @param {{rehearsal: boolean, heard: number | null}} figures
 * @param {number} silentMs since the server was last heard
 * @param {number} nowMs the server's time
 * @returns {"live" | "stale" | "quiet"} quiet: connected, but no live figures
 */
export function freshness(figures, silentMs, nowMs) {
  if (silentMs > STALE_MS) return "stale";
  if (figures.rehearsal || !isHeard(figures.heard, nowMs)) return "quiet";
  return "live";
}

export class MarkView {
  /**
   * @param {Store} store
   * @param {PictureTime} picture
   * @param {Words} words
   * @param {import("../live/made.js").Making} making
   */
  constructor(store, picture, words, making) {
    this.store = store;
    this.picture = picture;
    this.words = words;
    this.making = making;
    this.silence = new Stopwatch(picture.clock.ticks);
    this.stale = new Text(one('[data-text="stale"]'));
    this.live = found();
    this.isRehearsal = store.rehearsal;
  }

  /** The server was heard. */
  contact() {
    this.silence.restart();
    this.paint();
  }

  /** Called with every contact and once a second. */
  paint() {
    if (this.store.rehearsal !== this.isRehearsal) this.change();
    // A picture that stands still stays as it is, whoever is gone.
    const silentMs = this.picture.isStill ? 0 : this.silence.ms;
    const state = freshness(this.store, silentMs, this.picture.ms);
    const frozen = this.store.state.get("frozen");
    this.live?.show(state === "live" && !frozen && this.making.fits);
    this.stale.show(state === "stale");
    if (state === "stale") this.stale.set(this.words.say("stale", { ago: this.words.ago(silentMs) }));
    setData(document.body, "fresh", state);
  }

  /** The numbers are those of the other store: the mark says so, and so does the window's title. */
  change() {
    this.isRehearsal = this.store.rehearsal;
    document.body.classList.toggle("is-rehearsal", this.isRehearsal);
    const other = /** @type {HTMLTemplateElement | null} */ (document.querySelector("[data-other-mark]"));
    const shown = document.querySelector(this.isRehearsal ? '[data-text="live"]' : ".rehearsal-mark");
    const coming = other?.content.firstElementChild;
    if (other && shown && coming) {
      shown.replaceWith(coming);
      other.content.append(shown);
    }
    this.live = found();
    const mark = `${this.words.say("rehearsal")} · `;
    const title = document.title.startsWith(mark) ? document.title.slice(mark.length) : document.title;
    document.title = this.isRehearsal ? mark + title : title;
    tellTitle();
  }
}

/** The mark of live figures, null on a page that shows a rehearsal. @returns {Text | null} */
function found() {
  const live = /** @type {HTMLElement | null} */ (document.querySelector('[data-text="live"]'));
  return live && new Text(live);
}
