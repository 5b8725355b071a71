/**
 * What stands behind an output's picture: whose hand it is in, which numbers it shows and how late, where its screens
 * are opened.
 * @module
 */

import { one } from "../lib/page.js";
import { Refused } from "./asking.js";
import { Ask } from "./ask.js";
import { ClapTest } from "./clap_test.js";
import { el, show, write } from "./element.js";
import { addressOf, delayMs, followable, freeName, handOf, isOthers, isRehearsal, seconds, title } from "./output_words.js";

/** @typedef {import("./steering.js").Steering} Steering */

const HALL = "hall";

/** @param {string} selector @returns {HTMLElement | null} what only those have who may steer */
const found = (selector) => document.querySelector(selector);

export class OutputDesk {
  /** @param {Steering} steering */
  constructor(steering) {
    this.steering = steering;
    const { room, outputs, name } = steering;
    const { words } = room;
    this.title = title(words, name);
    this.hand = one("[data-hand]");
    this.numbers = one("[data-numbers]");
    this.address = /** @type {HTMLInputElement} */ (one("[data-address]"));
    this.address.value = addressOf(window.location.origin, name);
    one("[data-copy]").addEventListener("click", () => this.copy());
    if (!outputs.hand.steer) return;
    this.breaking = new Ask("break", (values) => {
      void steering.do("unlock", { reason: String(values.get("reason") ?? "").trim() }, "done_break", { output: this.title });
    });
    this.storing = new Ask("store", () => {
      const store = this.otherStore;
      // Who has read what it does, and confirmed it, ends a live run with it.
      void steering.do("store", { store, ends_run: store === "rehearsal" }, `done_store_${store}`, { output: this.title });
    });
    this.rehearsing = new Ask("rehearse", (values) => {
      const speed = Number(values.get("speed"));
      void steering.do("rehearse", { speed }, "done_rehearse", { output: this.title, n: words.number(speed) });
    });
    this.making = found("[data-desk=make]") ? new Ask("make", () => void this.make()) : null;
    if (found("[data-desk=remove]")) {
      const removing = new Ask("remove", () => void this.remove());
      this.on("remove", () => removing.open(words.say("remove_title", { output: this.title }), words.say("remove_what")));
    }
    const clap = new ClapTest(this);
    this.on("clap", () => clap.open());
    this.on("lock", () => void steering.do("lock", {}, "done_lock", { output: this.title }));
    this.on("unlock", () => void steering.do("unlock", {}, "done_unlock", { output: this.title }));
    this.on("break", () => this.askToBreak());
    this.on("store", () => this.askForStore());
    this.on("rehearse", () => this.rehearsing?.open(words.say("rehearse_title", { output: this.title }), words.say("rehearse_what")));
    this.on("make", () => this.askToMake());
    this.onForm("delay", (form) => void this.late(form));
    this.onForm("follow", (form) => void this.follow(form));
  }

  /** @param {string} name @param {() => void} press */
  on(name, press) {
    found(`[data-desk=${name}]`)?.addEventListener("click", press);
  }

  /** @param {string} name @param {(form: HTMLFormElement) => void} send */
  onForm(name, send) {
    const form = /** @type {HTMLFormElement | null} */ (found(`form[data-desk=${name}]`));
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      send(form);
    });
    form?.addEventListener("input", ({ target }) => {
      form.dataset.touched = "";
      // A field that still says what was wrong keeps its form from being sent.
      if (target instanceof HTMLInputElement) target.setCustomValidity("");
    });
  }

  /** @returns {import("./output_words.js").OutputState} */
  get state() {
    return this.steering.outputs.state(this.steering.name);
  }

  /** @returns {"live" | "rehearsal"} */
  get otherStore() {
    return isRehearsal(this.state) ? "live" : "rehearsal";
  }

  askToBreak() {
    const { lock } = this.state;
    const { words, phrases } = this.steering.room;
    if (lock) this.breaking?.open(words.say("break_title", { output: this.title }), words.say("break_what", { who: phrases.who(lock.by), time: phrases.moment(lock.at) }));
  }

  askForStore() {
    const { words } = this.steering.room;
    const store = this.otherStore;
    const what = words.say(`store_what_${store}`);
    this.storing?.open(words.say(`store_title_${store}`, { output: this.title }), what);
    if (store === "live") void this.tellAgainst(what);
  }

  /** What of the list before the broadcast still stands against going live: told, and no hindrance. @param {string} what */
  async tellAgainst(what) {
    const { room, name } = this.steering;
    try {
      const { against } = await room.api.checks(name);
      const lines = against.map((line) => room.words.say(`check_${line}`)).join(" · ");
      if (this.storing && lines) write(this.storing.what, `${what} ${room.words.say("checks_against_live", { lines })}`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }

  askToMake() {
    const { room, outputs } = this.steering;
    const name = freeName(outputs.names);
    if (name === null) {
      room.toast.bad(room.words.say("make_none"));
      return;
    }
    const url = addressOf(window.location.origin, name);
    this.making?.open(room.words.say("make_title", { output: title(room.words, name) }), room.words.say("make_what", { url }));
  }

  async make() {
    const { room, outputs } = this.steering;
    const name = freeName(outputs.names);
    if (name === null || !(await room.act(() => room.api.make(name), "done_make", { output: title(room.words, name) }))) return;
    window.location.assign(`/control/program?${new URLSearchParams({ out: name, lang: room.words.lang })}`);
  }

  async remove() {
    const { room, name } = this.steering;
    if (!(await room.act(() => room.api.remove(name), "done_remove", { output: this.title }))) return;
    window.location.assign(`/control/program?${new URLSearchParams({ lang: room.words.lang })}`);
  }

  /** @param {HTMLFormElement} form */
  async late(form) {
    const { room } = this.steering;
    const field = /** @type {HTMLInputElement} */ (one("input", form));
    const ms = delayMs(field.value);
    field.setCustomValidity(ms === null ? room.words.say("delay_wrong") : "");
    if (ms === null) field.reportValidity();
    else if (await this.setDelay(ms)) delete form.dataset.touched;
  }

  /** @param {number} ms @returns {Promise<boolean>} */
  setDelay(ms) {
    const { words } = this.steering.room;
    const done = ms > 0 ? "done_output_late" : "done_output_not_late";
    return this.steering.do("delay", { delay_ms: ms }, done, { output: this.title, s: seconds(words, ms) });
  }

  /** @param {HTMLFormElement} form */
  async follow(form) {
    const { words } = this.steering.room;
    const other = String(new FormData(form).get("output") ?? "") || null;
    const [done, values] = other
      ? ["done_follow", { output: this.title, other: title(words, other, "short") }]
      : ["done_follow_none", { output: this.title }];
    if (await this.steering.do("follow", { output: other }, done, values)) delete form.dataset.touched;
  }

  copy() {
    const { toast, words } = this.steering.room;
    this.address.select();
    // The other way to the clipboard is closed to pages without TLS, as in most halls.
    if (document.execCommand("copy")) {
      // In the field the page's keys would be letters.
      this.address.blur();
      toast.good(words.say("address_copied"));
    } else {
      toast.bad(words.say("address_not_copied"));
    }
  }

  paint() {
    const { room, outputs, name } = this.steering;
    const { words, phrases } = room;
    const { state } = this;
    const { lock } = state;
    write(this.hand, lock ? `${handOf(phrases, state, outputs.hand)} · ${words.say("program_since", { time: phrases.moment(lock.at) })}` : handOf(phrases, state, outputs.hand));
    write(this.numbers, words.say(isRehearsal(state) ? "store_rehearsal" : "store_live"));
    this.numbers.dataset.store = state.output?.store ?? "live";
    if (!outputs.hand.steer) return;
    const others = isOthers(state, outputs.hand);
    const isShut = room.hasEnded || room.isOld || outputs.gone.has(name);
    this.set("remove", true, isShut || others);
    this.set("clap", true, isShut || others);
    this.set("lock", !lock, isShut);
    this.set("unlock", Boolean(lock) && !others, isShut);
    this.set("break", others && outputs.hand.break, isShut);
    // Nobody goes over to made-up numbers in the middle of a ceremony.
    const isRunning = !isRehearsal(state) && Boolean(state.running?.on && state.running.next);
    this.set("store", !isRunning, isShut || others || Boolean(state.still) || Boolean(state.withdrawn));
    this.set("rehearse", isRehearsal(state), isShut || others || Boolean(state.still) || Boolean(state.withdrawn));
    write(one("[data-desk=store]"), words.say(`store_to_${this.otherStore}`));
    for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-desk]"))) {
      const pressed = /** @type {HTMLButtonElement} */ (one("button", form));
      if (pressed.disabled !== (isShut || others)) pressed.disabled = isShut || others;
    }
    this.paintForms(name);
  }

  /** A form that somebody has touched stays as it is. @param {string} name */
  paintForms(name) {
    const { room: { words }, outputs } = this.steering;
    const { state } = this;
    const delay = /** @type {HTMLFormElement} */ (one("form[data-desk=delay]"));
    const follow = /** @type {HTMLFormElement | null} */ (found("form[data-desk=follow]"));
    if (!("touched" in delay.dataset)) /** @type {HTMLInputElement} */ (one("input", delay)).value = seconds(words, state.output?.delay_ms ?? 0);
    if (!follow || "touched" in follow.dataset) return;
    const select = /** @type {HTMLSelectElement} */ (one("select", follow));
    // Whoever is bound to one output knows of no other but the hall's.
    const others = outputs.hand.output === null ? followable(name, outputs.states) : [HALL].filter((each) => each !== name);
    const names = ["", ...others];
    const known = [...select.options].map((each) => each.value);
    if (names.length !== known.length || names.some((each, at) => each !== known[at])) {
      select.replaceChildren(...names.map((each) => option(each, each ? title(words, each, "short") : words.say("follow_none"))));
    }
    if (select.value !== (state.follows ?? "")) select.value = state.follows ?? "";
  }

  /** @param {string} name @param {boolean} isShown @param {boolean} isDisabled */
  set(name, isShown, isDisabled) {
    const pressed = /** @type {HTMLButtonElement | null} */ (found(`button[data-desk=${name}]`));
    if (!pressed) return;
    show(pressed, isShown);
    if (pressed.disabled !== isDisabled) pressed.disabled = isDisabled;
  }
}

/** @param {string} value @param {string} text @returns {HTMLElement} */
function option(value, text) {
  const made = /** @type {HTMLOptionElement} */ (el("option", "", text));
  made.value = value;
  return made;
}
