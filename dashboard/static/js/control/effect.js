/**
 * A preview of a release, before it is made.
 * @module
 */

import { one } from "../lib/page.js";
import { show, write } from "./element.js";
import { Refused } from "./asking.js";
import { EffectView } from "./effect_view.js";
import { EVERYTHING, EVERY_UNIT } from "./phrases.js";

/** @typedef {import("./room.js").Room} Room */

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
    this.note = part("note");
    this.view = new EffectView(room, this.dialog);
    this.confirm = /** @type {HTMLButtonElement} */ (part("confirm"));
    this.every = part("every");
    this.box = /** @type {HTMLInputElement} */ (one("input", this.every));
    this.box.addEventListener("change", () => void this.look(this.box.checked ? EVERY_UNIT : EVERYTHING));
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
   * Show what the release of a unit, of "all", or of "every" unit as well, would bring.
   * @param {string} release
   */
  async ask(release) {
    if (this.room.isOld) {
      this.room.refused(new Refused({ code: "old_page" }));
      return;
    }
    this.box.checked = false;
    await this.look(release);
  }

  /** @param {string} release */
  async look(release) {
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
    this.paintHead();
    this.view.clear();
    write(this.note, this.room.words.say("effect_asked"));
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
    const every = release === EVERY_UNIT;
    const unit = every || release === EVERYTHING ? null : release;
    // Closed first, so that Hold can be pressed while the release is under way.
    this.dialog.close();
    await this.room.decide({ do: "release", unit, every, seen }, every ? "done_release_every" : "done_release", { unit: this.room.phrases.unit(unit) });
  }

  /** @param {wire.Effect} effect */
  paint(effect) {
    const { words, gate } = this.room;
    this.paintHead();
    const isMoving = this.view.paint(effect);
    const isAll = this.release === EVERYTHING || this.release === EVERY_UNIT;
    const isWaiting = !isAll && gate?.held_all;
    const isFinal = isAll && gate?.held_all?.final;
    const said = words.say(isWaiting ? "effect_waits" : isFinal ? "effect_jumps" : isMoving ? "effect_at_once" : "effect_nothing");
    const stays = this.release === EVERYTHING ? this.stays() : "";
    write(this.note, stays ? `${said} ${stays}` : said);
  }

  /** What is asked, and whether units that are held apart may go on with it. */
  paintHead() {
    const { words, phrases, gate } = this.room;
    const isEvery = this.release === EVERY_UNIT;
    write(this.title, isEvery ? words.say("act_release_every") : words.say("effect_title", { unit: phrases.unit(this.release) }));
    write(one("span", this.confirm), words.say(isEvery ? "act_release_every" : "release_do"));
    const isOffered = (this.release === EVERYTHING || this.box.checked) && Boolean(gate?.held.length);
    show(this.every, isOffered);
  }

  /** The units that stay held when everything else runs on. @returns {string} */
  stays() {
    const { words, phrases, gate } = this.room;
    const held = (gate?.held ?? []).map((hold) => `${phrases.unit(hold.unit)} (${words.count("holds_entries", hold.entries)})`);
    return held.length ? words.say("effect_stays", { units: held.join(", ") }) : "";
  }
}
