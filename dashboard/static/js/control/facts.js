/**
 * What no public figure includes, but operators must know: entries outside the rounds, entries without a person; and
 * the latest milestone.
 * @module
 */

import { one } from "../lib/page.js";
import { write } from "./element.js";

/** @typedef {import("./room.js").Room} Room */

export class FactsView {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.text = one("[data-facts]");
  }

  paint() {
    const { words, stores } = this.room;
    const { state } = stores.control;
    const outside = state.get("outside") ?? { before: 0, between: 0, after: 0 };
    const parts = /** @type {const} */ (["before", "between", "after"])
      .filter((side) => outside[side] > 0)
      .map((side) => words.say(`fact_${side}`, { n: words.number(outside[side]) }));
    const nameless = state.get("nameless") ?? 0;
    if (nameless) parts.push(words.count("fact_nameless", nameless));
    const told = (state.get("milestones") ?? []).map((each) => each.value);
    if (told.length) parts.push(words.say("fact_milestone", { n: words.number(Math.max(...told)) }));
    write(this.text, parts.join(" · "));
  }
}
