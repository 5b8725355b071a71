/**
 * The sources: state, last contact, last entry, lag, and counts of accepted and rejected items. One that is silent can be
 * set aside, with a reason, and taken back.
 * @module
 */

import { one } from "../lib/page.js";
import { Ask } from "./ask.js";
import { List, button, el, mark, show, write } from "./element.js";

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
    /** Of which source the open dialog is, and the last decision as it was opened. */
    this.asked = { source: "", seen: 0 };
    this.ask = isFull && room.contest.may_decide ? new Ask("aside", (values) => {
      const { source, seen } = this.asked;
      void room.decide({ do: "set_aside", source, seen, reason: String(values.get("reason") ?? "").trim() }, "done_set_aside", { source: room.phrases.source(source) });
    }) : null;
    this.list = new List(one("[data-sources]"), (/** @type {wire.SourceShown} */ source) => source.name, () => (isFull ? this.row() : this.line()));
  }

  paint() {
    const sources = this.room.stores.watch.state.get("sources") ?? [];
    this.list.set(sources);
    show(this.none, sources.length === 0);
  }

  /** @param {string} source @returns {wire.AsideShown | undefined} */
  aside(source) {
    return this.room.stores.control.state.get("aside")?.find((each) => each.source === source);
  }

  /** What a source is called as it stands: of one set aside, whether it speaks. @param {wire.SourceShown} source @returns {string} */
  state(source) {
    if (!this.aside(source.name)) return source.state;
    return source.state === "live" ? "aside_speaks" : "aside";
  }

  /** @param {string} source */
  setAside(source) {
    const { words, seen } = this.room;
    this.asked = { source, seen };
    this.ask?.open(words.say("aside_title", { source: this.room.phrases.source(source) }), words.say("aside_what"));
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
        mark(element, "data-state", this.state(source));
        if (name) write(name, source.title || source.name);
        if (name) mark(name, "title", source.name);
        if (state) write(state, words.say(`source_${this.state(source)}`));
        if (heard) write(heard, this.ago(source.heard));
        const rejected = rejectedOf(source);
        const parts = [words.count("source_accepted", source.accepted), ...(rejected ? [words.count("source_rejected", rejected)] : [])];
        if (accepted) write(accepted, parts.join(" · "));
      },
    };
  }

  row() {
    const { words } = this.room;
    const [title, id] = [el("span", "title"), el("span", "id")];
    const name = el("th", "", [title, id]);
    name.setAttribute("scope", "row");
    const cells = ["state", "", "", "", "num", "num", "num", "reasons"].map((kind) => el("td", kind));
    const acts = el("td", "acts");
    const element = el("tr", "source", [name, ...cells, this.ask && acts]);
    return {
      element,
      set: (/** @type {wire.SourceShown} */ source) => {
        mark(element, "data-state", this.state(source));
        const aside = this.aside(source.name);
        if (acts.childElementCount === 0) {
          acts.append(
            button(words.say("source_set_aside"), () => this.setAside(source.name), "hold"),
            button(words.say("source_await"), () => void this.room.decide({ do: "await_source", source: source.name, seen: this.room.seen }, "done_await_source", { source: this.room.phrases.source(source.name) }), "release"),
          );
        }
        const [set, take] = /** @type {HTMLElement[]} */ ([...acts.children]);
        if (set) show(set, aside === undefined && source.state !== "off");
        if (take) show(take, aside !== undefined);
        write(title, source.title || source.name);
        write(id, source.title ? source.name : "");
        const reasons = Object.entries(source.rejected).sort((one, other) => other[1] - one[1]);
        const texts = [
          [words.say(`source_${this.state(source)}`), aside && [this.room.phrases.moment(aside.at), this.room.phrases.who(aside.by), aside.reason].join(" · ")].filter(Boolean).join(": "),
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
