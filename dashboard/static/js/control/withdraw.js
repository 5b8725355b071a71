/**
 * Gỡ số: what it will do is said first, then one press does it; then the moment up to which numbers were right, with what
 * that would bring; and the way back.
 * @module
 */

import { one } from "../lib/page.js";
import { Refused } from "./asking.js";
import { EffectView } from "./effect_view.js";
import { show, write } from "./element.js";
import { mayRestore, seenOn, title, withdrawal } from "./output_words.js";
import { momentOf } from "./times_of_day.js";

/** @typedef {import("./steering.js").Steering} Steering */

/** Where one of these is on air no number is. */
const BACKDROPS = ["standby", "backdrop"];
/** Numbers are thought to have been right so long before somebody saw that they are wrong; he can say otherwise. */
const BEFORE_MS = 60_000;

export class WithdrawDialog {
  /** @param {Steering} steering */
  constructor(steering) {
    this.steering = steering;
    this.dialog = /** @type {HTMLDialogElement} */ (one("[data-withdraw]"));
    /** @param {string} name @returns {HTMLElement} */
    const part = (name) => one(`[data-withdraw-${name}]`, this.dialog);
    this.title = part("title");
    this.what = part("what");
    this.others = part("others");
    this.form = /** @type {HTMLFormElement} */ (part("back"));
    this.field = /** @type {HTMLInputElement} */ (one("input", this.form));
    this.shown = part("effect");
    this.note = part("note");
    this.view = new EffectView(steering.room, this.shown);
    /** @param {string} name @param {() => void} press @returns {HTMLButtonElement} */
    const button = (name, press) => {
      const found = /** @type {HTMLButtonElement} */ (part(name));
      found.addEventListener("click", press);
      return found;
    };
    this.withdraw = button("do", () => this.close("withdraw", {}, "done_withdraw"));
    this.step = button("step", () => this.stepBack());
    this.restore = button("restore", () => this.close("restore", {}, "done_restore"));
    button("leave", () => this.dialog.close());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.look();
    });
    this.field.addEventListener("input", () => this.forget());
    /** The moment whose effect is shown, and may be stepped back to. @type {number | null} */
    this.toMs = null;
    /** Counts what was asked, to tell a late answer to an earlier question. */
    this.asked = 0;
  }

  get state() {
    return this.steering.outputs.state(this.steering.name);
  }

  open() {
    const { room, outputs, name } = this.steering;
    const { words, phrases } = room;
    const { withdrawn } = this.state;
    const isOff = mayRestore(this.state, outputs.hand);
    const { taken, told } = withdrawal(name, outputs.states, outputs.hand);
    const list = (/** @type {string[]} */ names) => names.map((each) => title(words, each, "short")).join(", ");
    const isBound = outputs.hand.output !== null;
    write(this.title, isOff && withdrawn ? words.say("off_title", { time: phrases.moment(withdrawn.at) }) : words.say("withdraw_title"));
    const what = isBound ? "bound" : "all";
    write(this.what, words.say(isOff ? `off_what_${what}` : `withdraw_what_${what}`, { outputs: list(taken) }));
    const isShowing = !BACKDROPS.includes(seenOn(this.state)?.name ?? "");
    write(this.others, !isOff && told.length ? words.say("withdraw_others", { outputs: list(told) }) : "");
    show(this.others, !isOff && told.length > 0);
    write(one("span", this.withdraw), words.say(isOff ? "withdraw_again" : "withdraw_do"));
    show(this.withdraw, !isOff || isShowing);
    show(this.restore, isOff);
    // The numbers are the hall's: who is bound to one output has none to step back.
    show(this.form, isOff && !isBound && Boolean(withdrawn?.holds));
    if (withdrawn) this.field.value = words.clock(withdrawn.to ?? withdrawn.at - BEFORE_MS);
    this.forget();
    if (!this.dialog.open) this.dialog.showModal();
    (isOff ? this.title : this.withdraw).focus();
  }

  forget() {
    this.asked += 1;
    this.toMs = null;
    this.field.setCustomValidity("");
    show(this.shown, false);
    show(this.step, false);
  }

  /** Show what it would bring to step back to the moment that is named. */
  async look() {
    const { room, name } = this.steering;
    const { words } = room;
    const toMs = momentOf(words, this.field.value, room.clock.now());
    this.forget();
    this.field.setCustomValidity(toMs === null ? words.say("back_wrong") : "");
    if (toMs === null) {
      this.field.reportValidity();
      return;
    }
    const { asked } = this;
    this.view.clear();
    write(this.note, words.say("back_asked"));
    show(this.shown, true);
    try {
      const effect = await room.api.effectOfMoment(name, toMs);
      if (asked !== this.asked || !this.dialog.open) return;
      this.view.paint(effect);
      write(this.note, words.heard(effect.shown.heard, effect.shown.heard ?? 0));
      write(this.step, words.say("back_do", { time: words.clock(toMs) }));
      show(this.step, true);
      this.toMs = toMs;
      this.step.focus();
    } catch (error) {
      room.refused(error);
      // A dialog covers what is said at the edge of the page.
      if (asked === this.asked && error instanceof Refused) write(this.note, room.phrases.refusal(error.refusal));
    }
  }

  stepBack() {
    if (this.toMs === null) return;
    this.close("withdraw", { to_ms: this.toMs }, "done_step_back", { time: this.steering.room.words.clock(this.toMs) });
  }

  /** @param {string} what @param {object} asked @param {string} done @param {Record<string, string>} [values] */
  close(what, asked, done, values) {
    // Closed first, so that the keys of the page are there while it is under way.
    this.dialog.close();
    void this.steering.do(what, asked, done, values);
  }
}
