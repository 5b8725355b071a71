/**
 * What is on air and the scenes that can be put there; a press acts at once, and is refused where something else is on
 * air than this page has shown.
 * @module
 */

import { Store } from "../live/store.js";
import { data, one } from "../lib/page.js";
import { mark, show, write } from "./element.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("../lib/words.js").Words} Words */

/** The server refuses a second press within this time; here the buttons rest as long. */
const PRESS_AGAIN_MS = 800;
/** The total is offered once one in this many of those who entered has finished; as in dashboard/parts/board.py. */
const OFFERED_FROM = 10;
/** The scene that leads with those who entered until somebody takes it with the total. */
const LIVE = "live";

/**
 * Whether the total should lead from now on: the scene on air still leads with those who entered, and enough have finished.
 * @param {wire.SceneOnAir | undefined} scene
 * @param {number} started
 * @param {number} completed
 * @returns {boolean}
 */
export function isOffered(scene, started, completed) {
  return scene?.name === LIVE && scene.settings.lead === "started" && completed > 0 && completed * OFFERED_FROM >= started;
}

/** One scene: its button, what is chosen of it, and why it cannot be taken. */
class TakeView {
  /** @param {HTMLElement} element @param {(scene: string, settings: Record<string, string>) => void} take */
  constructor(element, take) {
    this.element = element;
    this.name = element.dataset.take ?? "";
    this.title = one(".name", element).textContent ?? "";
    this.why = one("[data-why]", element);
    this.button = /** @type {HTMLButtonElement | null} */ (element.querySelector("[data-take-button]"));
    this.inputs = /** @type {HTMLInputElement[]} */ ([...element.querySelectorAll("[data-setting]")]);
    this.button?.addEventListener("click", () => take(this.name, this.settings));
  }

  /** What is chosen. @returns {Record<string, string>} */
  get settings() {
    return Object.fromEntries(this.inputs.filter((input) => input.checked).map((input) => [input.dataset.setting ?? "", input.value]));
  }

  /** Choose what is on air. @param {wire.SceneOnAir} scene */
  follow(scene) {
    for (const input of this.inputs) {
      if (scene.settings[input.dataset.setting ?? ""] === input.value) input.checked = true;
    }
  }

  /**
   * @param {boolean} isOnAir
   * @param {string} why it cannot be taken, "" if it can
   * @param {boolean} rests whether nothing can be taken now
   */
  paint(isOnAir, why, rests) {
    mark(this.element, "data-state", isOnAir ? "on-air" : why ? "lacking" : "ready");
    write(this.why, why);
    show(this.why, why !== "");
    if (!this.button) return;
    if (isOnAir) mark(this.button, "aria-current", "true");
    else this.button.removeAttribute("aria-current");
    const isDisabled = rests || why !== "";
    if (this.button.disabled !== isDisabled) this.button.disabled = isDisabled;
  }
}

export class ProgramView {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    /** @type {Store<wire.ControlProgramState>} */
    this.store = new Store();
    this.store.apply(data("first-program"));
    this.scene = one("[data-on-air-scene]");
    this.facts = one("[data-on-air-facts]");
    this.offer = one("[data-offer]");
    this.offerWhy = one("[data-offer-why]");
    const takes = one("[data-output]");
    this.output = takes.dataset.output ?? "";
    this.takes = [...takes.querySelectorAll("[data-take]")].map(
      (element) => new TakeView(/** @type {HTMLElement} */ (element), (scene, settings) => void this.take(scene, settings)),
    );
    room.phrases.scenes = new Map(this.takes.map((each) => [each.name, each.title]));
    /** The take whose settings the page has last chosen. */
    this.followed = 0;
    /** The version that the server answered with, until the topic tells it. */
    this.answered = 0;
    this.rests = false;
    document.querySelector("[data-offer-take]")?.addEventListener("click", () => {
      void this.take(LIVE, { ...this.chosen(LIVE), lead: "completed" });
    });
    room.follow(`control/program/${this.output}`, this.store);
  }

  /** @param {string} scene @returns {Record<string, string>} */
  chosen(scene) {
    return this.takes.find((each) => each.name === scene)?.settings ?? {};
  }

  /** A scene's name on this page. @param {string} scene @returns {string} */
  title(scene) {
    return this.room.phrases.scenes.get(scene) ?? scene;
  }

  /**
   * @param {string} scene
   * @param {Record<string, string>} settings
   */
  async take(scene, settings) {
    const seen = Math.max(this.store.state.get("version") ?? 0, this.answered);
    this.rest(true);
    const done = { scene: this.title(scene) };
    this.answered = (await this.room.act(() => this.room.api.take(this.output, { scene, settings, seen }), "done_take", done))?.version ?? 0;
    window.setTimeout(() => this.rest(false), PRESS_AGAIN_MS);
  }

  /** @param {boolean} rests */
  rest(rests) {
    this.rests = rests;
    this.paint();
  }

  paint() {
    const { room, store } = this;
    const { words, phrases } = room;
    const onAir = store.state.get("on_air");
    const lacks = store.state.get("lacks") ?? {};
    if (onAir) {
      write(this.scene, this.title(onAir.scene.name));
      const chosen = Object.entries(onAir.scene.settings).map(([name, value]) => words.texts[`setting_${name}_${value}`]);
      write(this.facts, [...chosen, words.say("program_since", { time: phrases.moment(onAir.scene.since) }), phrases.taker(onAir.by)].filter(Boolean).join(" · "));
    }
    const cannot = this.rests || room.hasEnded || room.isOld;
    for (const each of this.takes) {
      const isOnAir = each.name === onAir?.scene.name;
      if (onAir && isOnAir && this.followed !== onAir.scene.take) {
        this.followed = onAir.scene.take;
        each.follow(onAir.scene);
      }
      const lack = lacks[each.name];
      each.paint(isOnAir, lack === undefined ? "" : words.say(`lacks_${lack}`), cannot);
    }
    const board = room.public;
    const [started, completed] = [board.count(room.contest.root, "started"), board.count(room.contest.root, "completed")];
    const isShown = isOffered(onAir?.scene, started, completed);
    show(this.offer, isShown);
    if (isShown) write(this.offerWhy, words.say("offer_why", { completed: words.number(completed), started: words.number(started) }));
    const press = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-offer-take]"));
    if (press && press.disabled !== cannot) press.disabled = cannot;
  }
}
