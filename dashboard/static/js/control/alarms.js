/**
 * The alarms, newest first; those whose cause is over stay below until somebody has seen them.
 * @module
 */

import { one } from "../lib/page.js";
import { List, button, el, mark, show, write } from "./element.js";
import { heldBy } from "./phrases.js";

/** @typedef {import("./room.js").Room} Room */

export class AlarmsView {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.none = one("[data-alarms-none]");
    this.count = one("[data-alarms-count]");
    this.list = new List(one("[data-alarms]"), (/** @type {wire.AlarmShown} */ alarm) => `${alarm.id} ${alarm.since}`, (alarm) => this.line(alarm));
  }

  paint() {
    const { alarms, words } = this.room;
    // While the pointer is on the list, new alarms go last: no button may move under a press.
    const isPointedAt = this.list.container.matches(":hover");
    const known = isPointedAt ? alarms.filter((alarm) => this.list.has(alarm)) : alarms;
    this.list.set(isPointedAt ? [...this.list.inOrder(known), ...alarms.filter((alarm) => !known.includes(alarm))] : alarms);
    show(this.none, alarms.length === 0);
    const open = alarms.filter((alarm) => !alarm.past && !alarm.seen).length;
    write(this.count, open ? words.number(open) : "");
    show(this.count, open > 0);
  }

  /** @param {wire.AlarmShown} made */
  line(made) {
    const { room } = this;
    const { words, phrases } = room;
    const [level, text, since] = [el("span", "level"), el("p", "text"), el("span", "since")];
    const unit = phrases.unitOf(made);
    const seen = button(words.say("seen"), () => void room.decide({ do: "seen", alarm: made.id }, "done_seen", { alarm: phrases.alarm(made) }));
    const hold = button(words.say("hold"), () => void room.decide({ do: "hold", unit }, "done_hold", { unit: phrases.unit(unit) }), "hold");
    const release = button(words.say("release_ask"), () => void room.effect.ask(unit ?? ""), "release");
    const acts = el("p", "acts", room.contest.may_decide ? [seen, hold, release] : []);
    if (unit !== null) {
      const entries = /** @type {HTMLAnchorElement} */ (el("a", "button", words.say("entries")));
      entries.href = `/control/gate?entries=${encodeURIComponent(unit)}&lang=${words.lang}`;
      acts.append(entries);
    }
    const element = el("li", "alarm", [el("p", "head", [level, since]), text, acts]);
    return {
      element,
      set: (/** @type {wire.AlarmShown} */ alarm) => {
        const state = alarm.past ? "past" : alarm.seen ? "seen" : alarm.level;
        mark(element, "data-state", state);
        write(level, words.say(`level_${state}`));
        write(text, phrases.alarm(alarm));
        write(since, words.clock(alarm.since));
        const held = unit === null ? null : heldBy(unit, room.parents, room.gate);
        show(seen, !alarm.seen);
        show(hold, unit !== null && held === null && alarm.rule !== "held_long");
        show(release, unit !== null && held !== null && held.unit === unit);
      },
    };
  }
}
