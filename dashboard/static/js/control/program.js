/**
 * One output: what is on air there, what is prepared, the scenes that can be put there, and the keys; a press acts at
 * once, and is refused where something else is on air than this page has shown.
 * @module
 */

import { data, one } from "../lib/page.js";
import { Ask } from "./ask.js";
import { List, el, mark, show, write } from "./element.js";
import { Monitor } from "./monitor.js";
import { KeyLock } from "./key_lock.js";
import { bindHolds, bindKeys, keepPage, leaveFocus } from "./keys.js";
import { OutputDesk } from "./output_desk.js";
import { handOf, isOthers, isRehearsal, linesOf, marksOf, mayRestore, seenOn, soon } from "./output_words.js";
import { Outputs, OutputsBar } from "./outputs.js";
import { RundownDialog } from "./rundown_edit.js";
import { RundownView } from "./rundown_view.js";
import { armable, isArmed, isLaunching, LAUNCH_MS, minutes } from "./rundown_words.js";
import { fillUnits } from "./scene_fields.js";
import { Steering } from "./steering.js";
import { LIVE, TakeView, isOffered } from "./takes.js";
import { WithdrawDialog } from "./withdraw.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./output_words.js").OutputState} OutputState */

/** "Đếm ngược rồi sáng": a cue is told to screens so long ahead. */
const COUNTED_MS = 10_000;

/** A short name of what a picture is of: it is loaded anew where that changes. @param {string} text @returns {string} */
function shortOf(text) {
  let found = 0;
  for (let at = 0; at < text.length; at += 1) found = (found * 31 + text.charCodeAt(at)) | 0;
  return (found >>> 0).toString(36);
}

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
    const prepare = (/** @type {string} */ scene, /** @type {object} */ settings) => void this.steering.do("prepare", { scene, settings }, "done_prepare", { title: room.phrases.scene(scene) });
    this.takes = [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-take]"))].map(
      (element) => new TakeView(element, (scene, settings) => void this.take(scene, settings), prepare),
    );
    this.monitor = new Monitor(one("[data-monitor]"), /** @type {HTMLButtonElement} */ (one("[data-monitor-turn]")));
    fillUnits(room.names, room.children);
    room.phrases.scenes = new Map(this.takes.map((each) => [each.name, each.title]));
    this.editing = shown.may_steer ? new RundownDialog(this.steering) : null;
    this.rundown = new RundownView(this.steering, (id) => this.editing?.open(id));
    /** The take whose settings the page has last chosen. */
    this.followed = 0;
    /** When a launch was asked to give way, ms of the page's clock: the second press does it. */
    this.askedAtMs = -Infinity;
    if (shown.may_steer) this.bind();
    if (this.bar) this.outputs.lookForOthers();
  }

  bind() {
    const { steering } = this;
    this.withdrawing = new WithdrawDialog(steering);
    this.resuming = new Ask("resume", () => void steering.do("resume", {}, "done_resume"));
    /** @type {Record<string, () => void>} */
    const acts = {
      ready: () => this.takeReady(),
      up: () => void steering.do("prepare", { by: -1 }, "done_prepare_by"),
      down: () => void steering.do("prepare", { by: 1 }, "done_prepare_by"),
      back: () => void steering.do("back", {}, "done_back"),
      forth: () => void steering.do("step", { by: 1 }, "done_step"),
      undo: () => void steering.do("step", { by: -1 }, "done_step"),
      arm: () => this.arm(),
      launch: () => void steering.do("launch", { armed: true }, "done_launch"),
      soon: () => void steering.do("launch", { armed: true, at_ms: Math.round(this.room.clock.now() + COUNTED_MS) }, "done_launch_soon"),
      standby: () => void steering.do("standby", {}, "done_standby"),
      panic: () => void steering.do("panic", {}, "done_panic"),
      resume: () => void steering.do("resume", {}, "done_resume"),
      withdraw: () => this.withdrawing?.open(),
    };
    /** @param {string} name @returns {HTMLButtonElement} */
    const key = (name) => /** @type {HTMLButtonElement} */ (one(`[data-key=${name}]`));
    this.keys = new Map(Object.keys(acts).map((name) => [name, key(name)]));
    for (const [name, act] of Object.entries(acts)) key(name).addEventListener("click", act);
    // A key does what its button does, and nothing where that is off.
    const names = { Space: "ready", PageDown: "ready", ArrowUp: "up", PageUp: "up", ArrowDown: "down", ArrowRight: "forth", ArrowLeft: "undo", 0: "standby", KeyM: "arm", KeyL: "launch", KeyC: "soon" };
    bindKeys(Object.fromEntries(Object.entries(names).map(([code, name]) => [code, () => key(name).click()])));
    bindKeys({ KeyT: () => one("[data-countdown-hold]").click() });
    const held = (/** @type {string} */ name, /** @type {() => void} */ act) => ({
      act: () => {
        if (!key(name).disabled) act();
      },
      feel: (/** @type {boolean} */ isHeld) => mark(key(name), "data-held", String(isHeld)),
    });
    bindHolds({ Escape: held("panic", () => key("panic").click()), KeyG: held("withdraw", () => this.withdraw()) });
    new KeyLock(one("[data-key-lock]"));
    keepPage();
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

  /** Take what is prepared: a scene that was chosen by hand, else the next item of the rundown. */
  takeReady() {
    const { room, state } = this;
    const { words } = room;
    const { still, preview } = state;
    if (still) {
      this.resuming?.open(words.say("resume_title"), words.say("resume_what", { time: room.phrases.moment(still.at) }));
      return;
    }
    if (isLaunching(state, room.clock.now()) && performance.now() - this.askedAtMs > LAUNCH_MS) {
      this.askedAtMs = performance.now();
      room.toast.calm(words.say("launch_again"));
      return;
    }
    this.askedAtMs = -Infinity;
    if (preview) void this.take(preview.name, preview.settings);
    else if (this.next) void this.steering.do("next", { item: this.next.id }, "done_next", { title: this.next.title });
  }

  /** The item that is taken next, where no scene was prepared by hand. @returns {wire.Item | undefined} */
  get next() {
    const { rundown, running } = this.state;
    return rundown?.items.find((item) => item.id === running?.next);
  }

  /** Take numbers off by the key that was held; the way back is asked. */
  withdraw() {
    if (mayRestore(this.state, this.outputs.hand)) this.withdrawing?.open();
    else void this.steering.do("withdraw", {}, "done_withdraw");
  }

  arm() {
    const asked = armable(this.state);
    if (!asked) return;
    const on = !isArmed(asked, this.state.running, this.room.clock.now());
    void this.steering.do("arm", { ...asked, on }, on ? "done_arm" : "done_disarm");
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
    this.rundown.paint(this.isShut(state));
    this.editing?.paint();
    this.paintMonitor(state);
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
    const item = preview ? undefined : this.next;
    /** @param {wire.SceneOnAir | wire.Preview} scene @returns {string[]} */
    const chosen = (scene) => Object.entries(scene.settings).map(([name, value]) => words.texts[`setting_${name}_${value}`] ?? "");
    mark(this.onAir, "data-mark", marksOf(this.steering.name, state)[0] ?? "");
    set("tag", still ? words.say("still_for", { time: minutes(Math.max(0, this.room.clock.now() - still.at)) }) : words.say(state.tally ? "tag_tally" : "program_now"));
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
    set("ready", preview ? phrases.scene(preview.name) : item?.title ?? "");
    const of = item && (item.scene === null ? words.say("rundown_no_scene") : phrases.scene(item.scene));
    set("ready-facts", preview ? chosen(preview).filter(Boolean).join(" · ") : of ?? words.say("ready_none"));
    mark(one("[data-ready-box]"), "data-state", preview || item ? "ready" : "none");
  }

  /** What would be taken next, and what is on air, as screens show it. @param {OutputState} state */
  paintMonitor({ preview, on_air: onAir, lacks }) {
    const next = preview ? undefined : this.next;
    const scene = preview ? preview.name : next?.scene ?? null;
    const cannot = scene === null ? !next : lacks?.[scene] !== undefined || !this.room.phrases.scenes.has(scene);
    // What is shown there changes with what is chosen, and where a speech leaves the picture with what is on air.
    const what = JSON.stringify(preview ?? [next?.id, next?.settings, next?.unit, scene === null && onAir?.scene.take]);
    const query = new URLSearchParams({ out: this.steering.name, lang: this.room.words.lang });
    this.monitor.show(`/?${query}`, cannot ? "" : `/preview?${query}&of=${shortOf(what)}`);
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
    const asked = armable(state);
    const now = this.room.clock.now();
    const armed = isArmed(asked, state.running, now);
    const isLaunch = asked !== null && !asked.item && !asked.scene;
    const reveals = this.takes.find((each) => each.name === state.on_air?.scene.name)?.reveals ?? false;
    /** @type {Record<string, boolean>} */
    const isOff = {
      ready: isResting || !(state.still || state.preview || this.next),
      up: isShut || !state.rundown?.items.length,
      down: isShut || !state.rundown?.items.length,
      forth: isShut || !reveals,
      undo: isShut || !reveals,
      arm: isShut,
      launch: isShut || !armed || !isLaunch,
      soon: isShut || !armed || !isLaunch,
      back: isResting,
      standby: isResting,
      panic: isShut,
      resume: isShut || !state.still,
      withdraw: isShut,
    };
    for (const [name, pressed] of this.keys ?? []) {
      if (pressed.disabled !== isOff[name]) pressed.disabled = Boolean(isOff[name]);
      if (name === "forth" || name === "undo") show(pressed, reveals);
      if (name === "launch" || name === "soon") show(pressed, isLaunch);
      if (name === "arm") {
        show(pressed, asked !== null);
        mark(pressed, "aria-pressed", String(armed));
        const leftMs = (state.running?.armed?.until ?? 0) - now;
        write(one("span", pressed), this.room.words.say(armed ? "act_armed" : "act_arm", { time: minutes(leftMs) }));
      }
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
