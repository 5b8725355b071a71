/**
 * The overlays of one output: each as a card, the form of the one that is chosen, how it would look, and the key that takes
 * all away at once.
 * @module
 */

import { data, one } from "../lib/page.js";
import { List, el, mark, show, write } from "./element.js";
import { KeyLock } from "./key_lock.js";
import { bindKeys, keepPage, leaveFocus } from "./keys.js";
import { Picture } from "./monitor.js";
import { OverlayAddresses } from "./overlay_addresses.js";
import { addressOf } from "./overlay_fields.js";
import { OverlayFrame } from "./overlay_frame.js";
import { OverlayForm } from "./overlay_form.js";
import { OverlayStraps } from "./overlay_straps.js";
import { overlayLines } from "./overlay_words.js";
import { isOthers, linesOf, title } from "./output_words.js";
import { Outputs, OutputsBar } from "./outputs.js";
import { RendererFaults } from "./renderer_faults.js";
import { Steering } from "./steering.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./output_words.js").OutputState} OutputState */

/** One overlay. */
class Card {
  /** @param {HTMLElement} element @param {OverlayDesk} desk */
  constructor(element, desk) {
    this.element = element;
    this.desk = desk;
    this.name = element.dataset.overlay ?? "";
    const form = /** @type {HTMLFormElement} */ (one(`[data-form="${this.name}"]`));
    this.form = new OverlayForm(desk.room, form, () => desk.typed());
    /** @type {Map<string, HTMLButtonElement>} */
    this.buttons = new Map();
    for (const found of /** @type {NodeListOf<HTMLButtonElement>} */ (element.querySelectorAll("[data-do]"))) {
      const what = found.dataset.do ?? "";
      this.buttons.set(what, found);
      found.addEventListener("click", () => void desk.do(this, what));
    }
    element.addEventListener("click", () => desk.choose(this));
    this.keep = /** @type {HTMLInputElement | null} */ (element.querySelector("[data-keep]"));
    /** @type {Record<string, HTMLElement>} */
    this.texts = {};
    for (const found of /** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll("[data-says]"))) this.texts[found.dataset.says ?? ""] = found;
  }

  /** What the output says of it. @returns {wire.Overlay | undefined} */
  get said() {
    return this.desk.state.overlays?.[this.name];
  }

  get isShown() {
    return this.said?.shown === true;
  }

  /** @param {boolean} isRespect whether a scene of respect stands there @param {boolean} isShut */
  paint(isRespect, isShut) {
    const { words, phrases, clock } = this.desk.room;
    const { said, isShown } = this;
    this.form.follow(said?.data ?? {});
    const parts = [];
    if (!isShown) parts.push(words.say("overlay_state_hidden"));
    else if (isRespect) parts.push(words.say("overlay_state_respect"));
    else parts.push(said?.since ? words.say("overlay_state_since", { time: phrases.moment(said.since) }) : words.say("overlay_state_shown"));
    if (isShown && said?.hides_at) parts.push(words.say("overlay_state_left", { n: words.number(Math.max(0, Math.ceil((said.hides_at - clock.now()) / 1000))) }));
    const set = (/** @type {string} */ name, /** @type {string} */ text) => {
      const found = this.texts[name];
      if (found) write(found, text);
    };
    set("state", parts.join(" · "));
    const what = this.form.sentence(said?.data ?? {});
    set("what", what);
    if (this.texts.what) mark(this.texts.what, "title", what);
    if (this.texts.unsent) show(this.texts.unsent, this.form.isUnsent);
    mark(this.element, "data-state", isShown ? (isRespect ? "respect" : "shown") : "hidden");
    const isOff = { show: isShut, hide: isShut || !isShown, next: isShut || !isShown };
    for (const [what, button] of this.buttons) button.disabled = isOff[/** @type {keyof typeof isOff} */ (what)];
  }
}

export class OverlayDesk {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    const shown = /** @type {wire.OutputsData} */ (data("outputs"));
    this.about = /** @type {wire.OverlayDeskData} */ (data("overlays"));
    room.accounts = shown.names;
    room.phrases.scenes = new Map(Object.entries(this.about.scenes));
    this.outputs = new Outputs(room, shown);
    this.bar = document.querySelector("[data-outputs]") ? new OutputsBar(this.outputs) : null;
    this.steering = new Steering(room, this.outputs, shown.output);
    this.lines = new List(one("[data-lines]"), (/** @type {{key: string, text: string}} */ line) => line.key, (line) => {
      const element = el("p", "line");
      element.dataset.line = line.key;
      return { element, set: (/** @type {{text: string}} */ { text }) => write(element, text) };
    });
    this.empty = one("[data-picture-empty]");
    this.place = one("[data-picture]");
    this.picture = new Picture(this.place, (page) => show(this.empty, page?.querySelector(".overlay[data-empty]") != null));
    this.addresses = new OverlayAddresses(room, shown.output, () => this.look());
    this.frame = new OverlayFrame(room, this.steering, shown.may_steer);
    this.cards = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-overlay]"))].map((element) => new Card(element, this));
    this.chosen = /** @type {Card} */ (this.cards[0]);
    this.straps = new OverlayStraps(room, (told) => {
      this.chosen.form.fill({ ...this.chosen.form.told, unit: "", ...told });
      this.typed();
    }, () => void this.steering.do("arm", { overlay: this.chosen.name, on: true }, "done_overlay_arm"));
    this.faults = new RendererFaults(room, this.about.overlays, (until) => void this.steering.do("overlays/faults/seen", { until }, "done_faults_seen"));
    this.guides = /** @type {HTMLInputElement} */ (one("[data-guides]"));
    this.guides.addEventListener("change", () => this.look());
    for (const found of this.grounds) found.addEventListener("click", () => this.setGround(found.dataset.groundOf ?? ""));
    this.updating = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-form-do=update]"));
    this.showing = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-form-do=show]"));
    this.updating?.addEventListener("click", () => void this.do(this.chosen, "update"));
    this.showing?.addEventListener("click", () => void this.do(this.chosen, "show"));
    one("[data-form-do=empty]").addEventListener("click", () => {
      this.chosen.form.fill({});
      this.typed();
    });
    if (shown.may_steer) this.bind();
    if (this.bar) this.outputs.lookForOthers();
    this.choose(this.chosen);
  }

  bind() {
    const clear = one("[data-clear]");
    // Nothing is waited for, and nothing asked: whoever may not is told by the server.
    clear.addEventListener("click", () => void this.steering.do("overlays/clear", {}, "done_overlays_clear"));
    bindKeys({ KeyX: () => clear.click() });
    new KeyLock(one("[data-key-lock]"));
    keepPage();
    leaveFocus();
  }

  /** @returns {HTMLElement[]} */
  get grounds() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-ground-of]"))];
  }

  /** @returns {OutputState} */
  get state() {
    return this.outputs.state(this.steering.name);
  }

  get isGone() {
    return this.outputs.gone.has(this.steering.name);
  }

  /** @param {Card} card */
  choose(card) {
    this.chosen = card;
    for (const each of this.cards) {
      show(each.form.element, each === card);
      mark(each.element, "data-chosen", String(each === card));
    }
    write(one("[data-chosen-title]"), this.about.overlays[card.name] ?? card.name);
    this.typed();
  }

  /** @param {string} ground */
  setGround(ground) {
    mark(this.place, "data-ground", ground);
    for (const each of this.grounds) mark(each, "aria-pressed", String(each.dataset.groundOf === ground));
  }

  /** What is typed has changed. */
  typed() {
    this.look();
    this.room.paint();
  }

  /** Show how it would look, and where it stands: by what is typed, whatever the output says. */
  look() {
    const { name, form } = this.chosen;
    const { told } = form;
    const parameters = { out: this.steering.name, lang: this.room.words.lang, frame: "1", own: "1", theme: this.addresses.theme, safe: this.guides.checked ? "1" : "" };
    this.picture.show(addressOf("", `/overlays/${name}`, parameters, told));
    this.addresses.paint(name, told);
  }

  /** @param {Card} card @param {string} what @returns {Promise<void>} */
  async do(card, what) {
    const { name, form, isShown } = card;
    const hasData = what === "show" || what === "update";
    if (hasData && !form.check()) {
      this.choose(card);
      form.check();
      return;
    }
    const asked = what === "show" ? { data: form.told, hold: card.keep?.checked ?? false } : hasData ? { data: form.told } : {};
    const done = what === "update" && !isShown ? "done_overlay_prepare" : `done_overlay_${what}`;
    await this.steering.do(`overlays/${name}/${what}`, asked, done, { overlay: this.about.overlays[name] ?? name });
  }

  paint() {
    const { room, state } = this;
    const { words, phrases } = room;
    const isRespect = this.about.solemn.includes((state.still?.scene ?? state.on_air?.scene)?.name ?? "") || this.about.solemn.includes(state.on_air?.scene.name ?? "");
    const isShut = this.isGone || room.hasEnded || room.isOld || isOthers(state, this.outputs.hand);
    this.bar?.paint();
    const name = this.steering.name;
    const lines = [...linesOf(phrases, name, state).filter(({ key }) => key !== "solemn"), ...overlayLines(phrases, state, this.about, this.outputs.hand)];
    this.lines.set(this.isGone ? [...lines, { key: "gone", text: words.say("line_gone") }] : lines);
    for (const card of this.cards) card.paint(isRespect, isShut);
    this.faults.paint(state.faults ?? []);
    const hand = document.querySelector("[data-hand]");
    if (hand) write(hand, state.follows ? words.say("overlay_follows", { output: title(words, state.follows, "short") }) : words.say("overlay_own"));
    if (this.updating) {
      write(this.updating, words.say(this.chosen.isShown ? "overlay_update" : "overlay_prepare"));
      this.updating.disabled = isShut;
    }
    if (this.showing) this.showing.disabled = isShut;
    this.frame.follow(state);
    this.frame.paint();
    this.straps.paint(this.chosen.name, this.chosen.form.told, state.running?.armed, isShut);
    // Fields that went by what the output says look otherwise now.
    this.look();
  }
}
