/**
 * The sources: state, last contact, last entry, lag, and counts of accepted and rejected items.
 * @module
 */

import { one } from "../lib/page.js";
import { List, el, mark, show, write } from "./element.js";

/** @typedef {import("./room.js").Room} Room */

/** @param {wire.SourceShown} source @returns {number} */
const rejectedOf = (source) => Object.values(source.rejected).reduce((sum, count) => sum + count, 0);

export class SourcesView {
  /**
   * @param {Room} room
   * @param {boolean} isFull every column, for the page of the sources
   */
  constructor(room, isFull) {
    this.room = room;
    this.none = one("[data-sources-none]");
    this.list = new List(one("[data-sources]"), (/** @type {wire.SourceShown} */ source) => source.name, () => (isFull ? this.row() : this.line()));
  }

  paint() {
    const sources = this.room.stores.watch.state.get("sources") ?? [];
    this.list.set(sources);
    show(this.none, sources.length === 0);
  }

  /** @param {number | null} atMs @returns {string} */
  ago(atMs) {
    const { words, clock } = this.room;
    return atMs === null ? words.say("none") : words.ago(clock.now() - atMs);
  }

  line() {
    const { words } = this.room;
    const [name, state, heard, accepted] = ["name", "state", "heard", "accepted"].map((kind) => el("span", kind));
    const element = el("li", "source", [name ?? null, state ?? null, heard ?? null, accepted ?? null]);
    return {
      element,
      set: (/** @type {wire.SourceShown} */ source) => {
        mark(element, "data-state", source.state);
        if (name) write(name, source.name);
        if (state) write(state, words.say(`source_${source.state}`));
        if (heard) write(heard, this.ago(source.heard));
        const rejected = rejectedOf(source);
        const parts = [words.count("source_accepted", source.accepted), ...(rejected ? [words.count("source_rejected", rejected)] : [])];
        if (accepted) write(accepted, parts.join(" · "));
      },
    };
  }

  row() {
    const { words } = this.room;
    const name = el("th");
    name.setAttribute("scope", "row");
    const cells = ["state", "", "", "", "num", "num", "num", "reasons"].map((kind) => el("td", kind));
    const element = el("tr", "source", [name, ...cells]);
    return {
      element,
      set: (/** @type {wire.SourceShown} */ source) => {
        mark(element, "data-state", source.state);
        write(name, source.name);
        const reasons = Object.entries(source.rejected).sort((one, other) => other[1] - one[1]);
        const texts = [
          words.say(`source_${source.state}`),
          source.heard === null ? words.say("none") : `${words.clock(source.heard)} (${this.ago(source.heard)})`,
          source.last_entry === null ? words.say("none") : `${words.clock(source.last_entry)} (${this.ago(source.last_entry)})`,
          source.lag_ms === null ? words.say("none") : words.age(source.lag_ms),
          words.number(source.accepted), words.number(source.duplicates), words.number(rejectedOf(source)),
          reasons.map(([code, count]) => `${words.texts[`reject_${code}`] ?? code}: ${words.number(count)}`).join("; "),
        ];
        cells.forEach((cell, at) => write(cell, texts[at] ?? ""));
      },
    };
  }
}
