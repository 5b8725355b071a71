/**
 * The bar of keys, and which output they steer: the hall, whatever output's page is looked at, until somebody locks them
 * into the one that he looks at. That stays so over pages and reloads of this tab until they are given back. Who is bound
 * to one output has keys for that alone.
 * @module
 */

import { kept } from "../lib/kept.js";
import { one } from "../lib/page.js";
import { Ask } from "./ask.js";
import { mark, show, write } from "./element.js";
import { KeyLock } from "./key_lock.js";
import { bindHolds, bindKeys, keepPage, leaveFocus } from "./keys.js";
import { mayRestore, seenOn, title } from "./output_words.js";
import { armable, isArmed, isLaunching, LAUNCH_MS, minutes } from "./rundown_words.js";
import { Steering } from "./steering.js";
import { WithdrawDialog } from "./withdraw.js";

/** @typedef {import("./output_words.js").OutputState} OutputState */

export const HALL = "hall";
const KEPT = "diemcau.keys.output";
/** "Đếm ngược rồi sáng": a cue is told to screens so long ahead. */
const COUNTED_MS = 10_000;
/** What each key presses; it does what its button does, and nothing where that is off. */
const CODES = { Space: "ready", PageDown: "ready", ArrowUp: "up", PageUp: "up", ArrowDown: "down", ArrowRight: "forth", ArrowLeft: "undo", 0: "standby", KeyM: "arm", KeyL: "launch", KeyC: "soon" };

/**
 * The output that keys steer.
 * @param {{bound: string | null, locked: string | null, page: string, known: ReadonlySet<string>}} of the output of who
 *   has no other, the one that keys were locked into, the one whose page this is, and all that the page has heard of
 * @returns {string}
 */
export function keysOf({ bound, locked, page, known }) {
  if (bound !== null) return bound;
  if (locked !== null && known.has(locked)) return locked;
  return known.has(HALL) ? HALL : page;
}

export class KeyBar {
  /**
   * @param {Steering} own of the output whose page this is
   * @param {(scene: string) => boolean} reveals whether a scene goes by steps
   */
  constructor(own, reveals) {
    this.own = own;
    this.reveals = reveals;
    this.room = own.room;
    this.outputs = own.outputs;
    /** @type {Map<string, Steering>} */
    this.steerings = new Map([[own.name, own]]);
    /** The output that the keys were locked into by hand. @type {string | null} */
    this.locked = kept(() => window.sessionStorage.getItem(KEPT)) ?? null;
    /** When a launch was asked to give way, ms of the page's clock: the second press does it. */
    this.askedAtMs = -Infinity;
    /** What a question that is open was asked about. */
    this.asked = own;
    this.withdrawing = new WithdrawDialog(own);
    this.resuming = new Ask("resume", () => void this.asked.do("resume", {}, "done_resume"));
    this.element = one("[data-keys]");
    this.name = one("[data-keys-output]");
    this.facts = one("[data-keys-facts]");
    this.here = /** @type {HTMLElement | null} */ (document.querySelector("[data-keys-here]"));
    this.back = /** @type {HTMLElement | null} */ (document.querySelector("[data-keys-back]"));
    this.here?.addEventListener("click", () => this.lock(this.own.name));
    this.back?.addEventListener("click", () => this.lock(null));
    this.bind();
  }

  bind() {
    /** @type {Record<string, () => void>} */
    const acts = {
      ready: () => this.takeReady(),
      up: () => void this.steering.do("prepare", { by: -1 }, "done_prepare_by"),
      down: () => void this.steering.do("prepare", { by: 1 }, "done_prepare_by"),
      back: () => void this.steering.do("back", {}, "done_back"),
      forth: () => void this.steering.do("step", { by: 1 }, "done_step"),
      undo: () => void this.steering.do("step", { by: -1 }, "done_step"),
      arm: () => this.arm(),
      launch: () => void this.steering.do("launch", { armed: true }, "done_launch"),
      soon: () => void this.steering.do("launch", { armed: true, at_ms: Math.round(this.room.clock.now() + COUNTED_MS) }, "done_launch_soon"),
      standby: () => void this.steering.do("standby", {}, "done_standby"),
      panic: () => void this.steering.do("panic", {}, "done_panic"),
      resume: () => void this.steering.do("resume", {}, "done_resume"),
      withdraw: () => this.askToWithdraw(),
    };
    /** @param {string} name @returns {HTMLButtonElement} */
    const key = (name) => /** @type {HTMLButtonElement} */ (one(`[data-key=${name}]`));
    this.keys = new Map(Object.keys(acts).map((name) => [name, key(name)]));
    for (const [name, act] of Object.entries(acts)) key(name).addEventListener("click", act);
    bindKeys(Object.fromEntries(Object.entries(CODES).map(([code, name]) => [code, () => key(name).click()])));
    bindKeys({ KeyT: () => { if (!this.steering.isShut) this.steering.turnCountdown(); } });
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
  }

  /** What the keys steer. An output that was taken away keeps them, and they do nothing: never another's by itself. @returns {Steering} */
  get steering() {
    const { own, outputs } = this;
    const known = new Set(outputs.stores.keys());
    const name = keysOf({ bound: outputs.hand.output, locked: this.locked, page: own.name, known });
    const found = this.steerings.get(name) ?? new Steering(this.room, outputs, name);
    this.steerings.set(name, found);
    return found;
  }

  /** @param {string | null} name the output that keys steer from now on, null for the hall */
  lock(name) {
    this.locked = name === HALL ? null : name;
    this.askedAtMs = -Infinity;
    kept(() => {
      if (this.locked === null) window.sessionStorage.removeItem(KEPT);
      else window.sessionStorage.setItem(KEPT, this.locked);
    });
    this.room.paint();
  }

  /** Take what is prepared: a scene that was chosen by hand, else the next item of the rundown. */
  takeReady() {
    const { room, steering } = this;
    const { state, next } = steering;
    const { words } = room;
    const { still, preview } = state;
    if (still) {
      this.asked = steering;
      this.resuming.open(words.say("resume_title"), words.say("resume_what", { time: room.phrases.moment(still.at) }));
      return;
    }
    if (isLaunching(state, room.clock.now()) && performance.now() - this.askedAtMs > LAUNCH_MS) {
      this.askedAtMs = performance.now();
      room.toast.calm(words.say("launch_again"));
      return;
    }
    this.askedAtMs = -Infinity;
    if (preview) void steering.take(preview.name, preview.settings);
    else if (next) void steering.do("next", { item: next.id }, "done_next", { title: next.title });
  }

  /** Take numbers off by the key that was held; the way back is asked. */
  withdraw() {
    if (mayRestore(this.steering.state, this.outputs.hand)) this.askToWithdraw();
    else void this.steering.do("withdraw", {}, "done_withdraw");
  }

  askToWithdraw() {
    this.withdrawing.steering = this.steering;
    this.withdrawing.open();
  }

  arm() {
    const { state } = this.steering;
    const asked = armable(state);
    if (!asked) return;
    const on = !isArmed(asked, state.running, this.room.clock.now());
    void this.steering.do("arm", { ...asked, on }, on ? "done_arm" : "done_disarm");
  }

  paint() {
    this.paintOutput();
    this.paintKeys();
  }

  /** Which output it is; of another than the page's also what is on air there and what comes next. */
  paintOutput() {
    const { steering, room, own, locked, outputs } = this;
    const { words, phrases } = room;
    const { state, next } = steering;
    const short = (/** @type {string} */ name) => title(words, name, "short");
    const isElsewhere = steering.name !== own.name;
    mark(this.element, "data-of", isElsewhere ? "other" : steering.name === HALL ? "hall" : "own");
    write(this.name, short(steering.name));
    for (const each of /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll("[data-of-output]"))) write(each, short(steering.name));
    const seen = seenOn(state);
    const ready = state.preview ? phrases.scene(state.preview.name) : next?.title;
    const parts = [
      seen ? words.say("keys_on_air", { scene: phrases.scene(seen.name) }) : "",
      ready ? words.say("keys_ready", { title: ready }) : "",
    ];
    const facts = outputs.gone.has(steering.name) ? words.say("line_gone") : isElsewhere ? parts.filter(Boolean).join(" · ") : "";
    write(this.facts, facts);
    mark(this.facts, "title", facts);
    if (!this.here || !this.back) return;
    write(this.here, words.say("keys_here", { output: short(own.name) }));
    show(this.here, isElsewhere && own.name !== HALL);
    show(this.back, locked !== null && steering.name !== HALL);
  }

  paintKeys() {
    const { steering } = this;
    const { state, isShut } = steering;
    const isResting = isShut || steering.rests;
    const asked = armable(state);
    const now = this.room.clock.now();
    const armed = isArmed(asked, state.running, now);
    const isLaunch = asked !== null && !asked.item && !asked.scene;
    const reveals = this.reveals(state.on_air?.scene.name ?? "");
    /** @type {Record<string, boolean>} */
    const isOff = {
      ready: isResting || !(state.still || state.preview || steering.next),
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
        write(one("[data-arm]", pressed), this.room.words.say(armed ? "act_armed" : "act_arm", { time: minutes(leftMs) }));
      }
      if (name === "panic") mark(pressed, "aria-pressed", String(Boolean(state.still)));
      if (name === "withdraw") mark(pressed, "aria-pressed", String(mayRestore(state, this.outputs.hand)));
    }
  }
}
