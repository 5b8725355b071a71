/**
 * One output: what is on air there, what is prepared, the scenes that can be put there, and the keys; a press acts at
 * once, and is refused where something else is on air than this page has shown.
 * @module
 */

import { data, one } from "../lib/page.js";
import { List, el, mark, show, write } from "./element.js";
import { bindKeys, leaveFocus } from "./keys.js";
import { OutputDesk } from "./output_desk.js";
import { handOf, isOthers, isRehearsal, linesOf, marksOf, mayRestore, seenOn, soon } from "./output_words.js";
import { Outputs, OutputsBar } from "./outputs.js";
import { Steering } from "./steering.js";
import { LIVE, TakeView, isOffered } from "./takes.js";
import { WithdrawDialog } from "./withdraw.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./output_words.js").OutputState} OutputState */

export class ProgramView {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    const shown = /** @type {wire.OutputsData} */ (data("outputs"));
    room.accounts = shown.names;
    this.outputs = new Outputs(room, shown);
    this.bar = document.querySelector("[data-outputs]") ? new OutputsBar(this.outputs) : null;
    this.steering = new Steering(room, this.outputs, shown.output);
    this.desk = new OutputDesk(this.steering);
    this.onAir = one("[data-on-air]");
    /** @type {Record<string, HTMLElement>} */
    this.texts = {};
    for (const found of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("main [data-text]"))) {
      this.texts[found.dataset.text ?? ""] = found;
    }
    this.offer = one("[data-offer]");
    this.lines = new List(one("[data-lines]"), (/** @type {{key: string, text: string}} */ line) => line.key, (line) => {
      const element = el("p", "line");
      element.dataset.line = line.key;
      return { element, set: (/** @type {{text: string}} */ { text }) => write(element, text) };
    });
    this.takes = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-take]"))].map(
      (element) => new TakeView(element, (scene, settings) => void this.take(scene, settings)),
    );
    room.phrases.scenes = new Map(this.takes.map((each) => [each.name, each.title]));
    /** The take whose settings the page has last chosen. */
    this.followed = 0;
    if (shown.may_steer) this.bind();
    if (this.bar) this.outputs.lookForOthers();
  }

  bind() {
    const { steering } = this;
    const withdrawing = new WithdrawDialog(steering);
    /** @type {Record<string, () => void>} */
    const acts = {
      ready: () => this.takeReady(),
      back: () => void steering.do("back", {}, "done_back"),
      standby: () => void steering.do("standby", {}, "done_standby"),
      panic: () => void steering.do("panic", {}, "done_panic"),
      resume: () => void steering.do("resume", {}, "done_resume"),
      withdraw: () => withdrawing.open(),
    };
    /** @param {string} name @returns {HTMLButtonElement} */
    const key = (name) => /** @type {HTMLButtonElement} */ (one(`[data-key=${name}]`));
    this.keys = new Map(Object.keys(acts).map((name) => [name, key(name)]));
    for (const [name, act] of Object.entries(acts)) key(name).addEventListener("click", act);
    // A key does what its button does, and nothing where that is off.
    const names = { Space: "ready", ArrowLeft: "back", 0: "standby", 7: "resume", 8: "withdraw", 9: "panic" };
    bindKeys(Object.fromEntries(Object.entries(names).map(([code, name]) => [code, () => key(name).click()])));
    leaveFocus();
    one("[data-offer-take]").addEventListener("click", () => {
      void this.take(LIVE, { ...this.takes.find((each) => each.name === LIVE)?.settings, lead: "completed" });
    });
  }

  /** @returns {OutputState} */
  get state() {
    return this.outputs.state(this.steering.name);
  }

  /** Whether somebody has taken the output away. @returns {boolean} */
  get isGone() {
    return this.outputs.gone.has(this.steering.name);
  }

  /** Whether nothing can be done from here. @param {OutputState} state @returns {boolean} */
  isShut(state) {
    return this.isGone || this.room.hasEnded || this.room.isOld || isOthers(state, this.outputs.hand);
  }

  /** @param {string} scene @param {object} settings */
  take(scene, settings) {
    return this.steering.do("take", { scene, settings }, "done_take", { scene: this.room.phrases.scene(scene) });
  }

  takeReady() {
    const { preview } = this.state;
    if (preview) void this.take(preview.name, preview.settings);
  }

  paint() {
    const { room, state } = this;
    this.bar?.paint();
    this.desk.paint();
    const lines = linesOf(room.phrases, this.steering.name, state);
    this.lines.set(this.isGone ? [...lines, { key: "gone", text: room.words.say("line_gone") }] : lines);
    this.paintOnAir(state);
    this.paintTakes(state);
    this.paintKeys(state);
    this.paintOffer(state);
  }

  /** @param {OutputState} state */
  paintOnAir(state) {
    const { words, phrases } = this.room;
    const { on_air: onAir, still, preview } = state;
    const seen = seenOn(state);
    /** @param {string} name @param {string} text */
    const set = (name, text) => {
      const found = this.texts[name];
      if (!found) return;
      write(found, text);
      show(found, text !== "");
    };
    /** @param {wire.SceneOnAir | wire.Preview} scene @returns {string[]} */
    const chosen = (scene) => Object.entries(scene.settings).map(([name, value]) => words.texts[`setting_${name}_${value}`] ?? "");
    mark(this.onAir, "data-mark", marksOf(this.steering.name, state)[0] ?? "");
    set("tag", words.say(still ? "still_now" : state.tally ? "tag_tally" : "program_now"));
    mark(this.onAir, "data-store", state.output?.store ?? "live");
    set("rehearsal", isRehearsal(state) ? words.say("rehearsal") : "");
    set("held", isOthers(state, this.outputs.hand) ? handOf(phrases, state, this.outputs.hand) : "");
    set("scene", seen ? phrases.scene(seen.name) : "");
    const since = onAir && [words.say("program_since", { time: phrases.moment(onAir.scene.since) }), phrases.taker(onAir.by)];
    set("facts", seen && since ? [...chosen(seen), ...(still ? [] : since)].filter(Boolean).join(" · ") : "");
    set("still", still ? words.say("still_since", { time: phrases.moment(still.at), who: phrases.who(still.by) }) : "");
    const hides = still && onAir && onAir.scene.take !== still.scene.take;
    set("behind", hides ? words.say("still_behind", { scene: phrases.scene(onAir.scene.name) }) : "");
    set("soon", soon(phrases, state));
    set("ready", preview ? phrases.scene(preview.name) : "");
    set("ready-facts", preview ? chosen(preview).filter(Boolean).join(" · ") : words.say("ready_none"));
    mark(one("[data-ready-box]"), "data-state", preview ? "ready" : "none");
  }

  /** @param {OutputState} state */
  paintTakes(state) {
    const { room, steering } = this;
    const { on_air: onAir, lacks } = state;
    const cannot = steering.rests || this.isShut(state);
    const seen = seenOn(state);
    for (const each of this.takes) {
      const isOnAir = each.name === seen?.name;
      if (onAir && each.name === onAir.scene.name && this.followed !== onAir.scene.take) {
        this.followed = onAir.scene.take;
        each.follow(onAir.scene);
      }
      const lack = lacks?.[each.name];
      each.paint(isOnAir, lack === undefined ? "" : room.words.say(`lacks_${lack}`), cannot);
    }
  }

  /** @param {OutputState} state */
  paintKeys(state) {
    const { steering } = this;
    const isShut = this.isShut(state);
    const isResting = isShut || steering.rests;
    /** @type {Record<string, boolean>} */
    const isOff = {
      ready: isResting || !state.preview,
      back: isResting,
      standby: isResting,
      panic: isShut,
      resume: isShut || !state.still,
      withdraw: isShut,
    };
    for (const [name, pressed] of this.keys ?? []) {
      if (pressed.disabled !== isOff[name]) pressed.disabled = Boolean(isOff[name]);
      if (name === "panic") mark(pressed, "aria-pressed", String(Boolean(state.still)));
      if (name === "withdraw") mark(pressed, "aria-pressed", String(mayRestore(state, this.outputs.hand)));
    }
  }

  /** @param {OutputState} state */
  paintOffer(state) {
    const { room } = this;
    const board = room.public;
    const [started, completed] = [board.count(room.contest.root, "started"), board.count(room.contest.root, "completed")];
    // The totals that this page has are of one store; an output of the other is not judged by them.
    const isShown = state.output?.store === room.contest.store && isOffered(state.on_air?.scene, started, completed);
    show(this.offer, isShown);
    if (isShown) write(one("[data-offer-why]"), room.words.say("offer_why", { completed: room.words.number(completed), started: room.words.number(started) }));
    const press = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-offer-take]"));
    const cannot = this.steering.rests || this.isShut(state);
    if (press && press.disabled !== cannot) press.disabled = cannot;
  }
}
