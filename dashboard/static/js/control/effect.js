/**
 * A preview of a release: the change of the total, and every unit whose place or number changes.
 * @module
 */

import { one } from "../lib/page.js";
import { List, el, mark, show, write } from "./element.js";
import { Refused } from "./api.js";
import { EVERYTHING, signed } from "./phrases.js";

/** @typedef {import("./room.js").Room} Room */

const LISTED_MAX = 12;
/** How often the numbers are fetched again while the dialog is open. */
const LOOK_AGAIN_MS = 2_000;

export class EffectDialog {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.dialog = /** @type {HTMLDialogElement} */ (one("[data-effect]"));
    /** @param {string} name @returns {HTMLElement} */
    const part = (name) => one(`[data-effect-${name}]`, this.dialog);
    this.title = part("title");
    this.total = part("total");
    this.people = part("people");
    this.note = part("note");
    this.more = part("more");
    this.list = new List(part("units"), (/** @type {wire.UnitEffect} */ unit) => unit.code, () => this.line());
    this.confirm = /** @type {HTMLButtonElement} */ (part("confirm"));
    this.release = "";
    this.seen = 0;
    /** Counts the openings, to tell a late answer to an earlier one. */
    this.opening = 0;
    this.timer = 0;
    this.confirm.addEventListener("click", () => void this.make());
    part("leave").addEventListener("click", () => this.dialog.close());
    this.dialog.addEventListener("close", () => window.clearInterval(this.timer));
  }

  /**
   * Show what the release of a unit, or of "all", would bring.
   * @param {string} release
   */
  async ask(release) {
    if (this.room.isOld) {
      this.room.refused(new Refused({ code: "old_page" }));
      return;
    }
    const opening = (this.opening += 1);
    this.release = release;
    this.confirm.disabled = true;
    this.clear();
    if (!this.dialog.open) this.dialog.showModal();
    // The dialog opens at once; its button is enabled only once the effect is shown.
    this.title.focus();
    try {
      const effect = await this.room.api.effect(release);
      if (!this.dialog.open || opening !== this.opening) return;
      // The release goes with the decision seen first: if another was made meanwhile, the server refuses it.
      this.seen = effect.seen;
      this.paint(effect);
      this.confirm.disabled = false;
      this.confirm.focus();
      window.clearInterval(this.timer);
      this.timer = window.setInterval(() => void this.lookAgain(opening), LOOK_AGAIN_MS);
    } catch (error) {
      if (opening !== this.opening) return;
      this.dialog.close();
      this.room.refused(error);
    }
  }

  clear() {
    const { words, phrases } = this.room;
    write(this.title, words.say("effect_title", { unit: phrases.unit(this.release) }));
    for (const element of [this.total, this.people]) write(element, "");
    this.list.set([]);
    show(this.more, false);
    write(this.note, words.say("effect_asked"));
  }

  /** @param {number} opening */
  async lookAgain(opening) {
    try {
      const effect = await this.room.api.effect(this.release);
      if (this.dialog.open && opening === this.opening) this.paint(effect);
    } catch {
      // The last numbers stay; if something is wrong, the release itself will report it.
    }
  }

  async make() {
    const { release, seen } = this;
    const unit = release === EVERYTHING ? null : release;
    // Closed first, so that Hold can be pressed while the release is under way.
    this.dialog.close();
    await this.room.decide({ do: "release", unit, seen }, "done_release", { unit: this.room.phrases.unit(unit) });
  }

  /** @param {wire.Effect} effect */
  paint(effect) {
    const { words, phrases, contest, gate } = this.room;
    write(this.title, words.say("effect_title", { unit: phrases.unit(this.release) }));
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
    const isWaiting = this.release !== EVERYTHING && gate?.held_all;
    const isFinal = this.release === EVERYTHING && gate?.held_all?.final;
    write(this.note, words.say(isWaiting ? "effect_waits" : isFinal ? "effect_jumps" : units.length ? "effect_at_once" : "effect_nothing"));
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
