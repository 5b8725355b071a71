/**
 * What a change of the public numbers would bring, in a dialog: the change of the total, and every unit whose place or
 * number changes.
 * @module
 */

import { one } from "../lib/page.js";
import { List, el, mark, show, write } from "./element.js";
import { signed } from "./phrases.js";

/** @typedef {import("./room.js").Room} Room */

const LISTED_MAX = 12;

export class EffectView {
  /** @param {Room} room @param {HTMLElement} within */
  constructor(room, within) {
    this.room = room;
    /** @param {string} name @returns {HTMLElement} */
    const part = (name) => one(`[data-effect-${name}]`, within);
    this.total = part("total");
    this.people = part("people");
    this.more = part("more");
    this.list = new List(part("units"), (/** @type {wire.UnitEffect} */ unit) => unit.code, () => this.line());
  }

  clear() {
    for (const element of [this.total, this.people]) write(element, "");
    this.list.set([]);
    show(this.more, false);
  }

  /** @param {wire.Effect} effect @returns {boolean} whether anything changes */
  paint(effect) {
    const { words, contest } = this.room;
    for (const [element, key] of /** @type {const} */ ([[this.total, "completed"], [this.people, "participants"]])) {
      const [now, then] = effect.total[key];
      write(element, words.say(`effect_${key}`, { delta: signed(words, then - now), now: words.number(now), then: words.number(then) }));
    }
    const units = effect.units.filter((unit) => unit.code !== contest.root).sort((one, other) => this.weight(other) - this.weight(one));
    const listed = units.slice(0, LISTED_MAX);
    this.list.set(listed);
    // A unit below one that is listed is told by that one.
    const others = units.slice(LISTED_MAX).filter(({ code }) => !this.isBelow(code, listed));
    show(this.more, others.length > 0);
    write(this.more, words.count("effect_more", others.length));
    return units.length > 0;
  }

  line() {
    const { words } = this.room;
    const [name, delta, rank] = [el("span", "name"), el("span", "num"), el("span", "rank")];
    const element = el("li", "", [name, delta, rank]);
    return {
      element,
      set: (/** @type {wire.UnitEffect} */ unit) => {
        const [now, then] = unit.completed;
        const [was, is] = unit.rank;
        write(name, this.name(unit.code));
        write(delta, signed(words, then - now));
        mark(element, "data-moves", is !== null && (was === null || is < was) ? "up" : "down");
        write(rank, was === is ? "" : words.say("effect_rank", { was: words.number(was), is: words.number(is) }));
      },
    };
  }

  /** The higher a unit, the sooner it stands; of one height, those whose place changes, then those with the most. @param {wire.UnitEffect} unit @returns {number} */
  weight({ code, completed: [now, then], rank: [was, is] }) {
    let depth = 0;
    for (let at = this.room.parents.get(code) ?? null; at !== null; at = this.room.parents.get(at) ?? null) depth += 1;
    return -depth * 1e13 + (was === is ? 0 : 1e12) + Math.abs(then - now);
  }

  /** @param {string} code @param {readonly wire.UnitEffect[]} listed @returns {boolean} */
  isBelow(code, listed) {
    const { parents } = this.room;
    for (let at = parents.get(code) ?? null; at !== null; at = parents.get(at) ?? null) {
      if (listed.some((unit) => unit.code === at)) return true;
    }
    return false;
  }

  /** A unit's name, with that of the unit above where it is not the root. @param {string} code @returns {string} */
  name(code) {
    const { names, parents, contest } = this.room;
    const above = parents.get(code) ?? contest.root;
    const name = names.get(code) ?? code;
    return above === contest.root ? name : `${name} (${names.get(above)})`;
  }
}
