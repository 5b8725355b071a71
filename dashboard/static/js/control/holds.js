/**
 * What the gate keeps back, and who decided it: holds of everything and of units, a delay, schedules to come.
 * @module
 */

import { one } from "../lib/page.js";
import { List, button, el, show, write } from "./element.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {{key: string, what: string, why: string, release?: string}} Line */

export class HoldsView {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.none = one("[data-holds-none]");
    this.last = one("[data-last]");
    this.list = new List(one("[data-holds]"), (/** @type {Line} */ line) => line.key, (line) => this.line(line));
  }

  paint() {
    const lines = this.lines();
    this.list.set(lines);
    show(this.none, lines.length === 0);
    const last = this.room.stores.control.state.get("last");
    write(this.last, last ? this.room.phrases.decided(last) : "");
  }

  /** @returns {Line[]} */
  lines() {
    const { gate, words, phrases, contest, stores } = this.room;
    if (!gate) return [];
    /** @type {Line[]} */
    const lines = [];
    const all = gate.held_all;
    if (all) lines.push({ key: "all", what: words.say(all.final ? "holds_final" : "holds_all"), why: phrases.hold(all), release: "all" });
    for (const hold of gate.held) {
      const kept = words.count("holds_entries", hold.entries);
      const told = hold.tell ? ` · ${words.say("holds_told")}` : "";
      lines.push({ key: hold.unit, what: `${phrases.unit(hold.unit)}: ${kept}`, why: phrases.hold(hold) + told, release: hold.unit });
    }
    if (gate.delay_ms) lines.push({ key: " delay", what: words.say("kept_delay", { age: words.duration(gate.delay_ms) }), why: "" });
    if (gate.quarantined_total) lines.push({ key: " quarantine", what: words.count("kept_quarantined", gate.quarantined_total), why: "" });
    for (const each of stores.control.state.get("aside") ?? []) {
      const why = [phrases.moment(each.at), phrases.who(each.by), each.reason].filter(Boolean).join(" · ");
      lines.push({ key: ` source ${each.source}`, what: words.say("holds_aside", { source: phrases.source(each.source) }), why });
    }
    for (const schedule of gate.schedules) {
      if (schedule.done || schedule.from_ms === null) continue;
      const key = schedule.delay_ms === null ? "holds_schedule_freeze" : "holds_schedule_delay";
      const delay = schedule.delay_ms === null ? "" : words.duration(schedule.delay_ms);
      const at = { time: words.time(schedule.from_ms), date: words.date(schedule.from_ms) };
      lines.push({ key: ` schedule${schedule.round}`, what: words.say(key, { ...at, delay }), why: contest.rounds[String(schedule.round)] ?? "" });
    }
    return lines;
  }

  /** @param {Line} made */
  line(made) {
    const [what, why] = [el("p", "what"), el("p", "why")];
    const element = el("li", "hold-line", [el("div", "", [what, why])]);
    const { release } = made;
    if (release !== undefined && this.room.contest.may_decide) {
      element.append(button(this.room.words.say("release_ask"), () => void this.room.effect.ask(release), "release"));
    }
    return {
      element,
      set: (/** @type {Line} */ line) => {
        write(what, line.what);
        write(why, line.why);
        show(why, line.why !== "");
      },
    };
  }
}
