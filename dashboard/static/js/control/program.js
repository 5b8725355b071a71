/**
 * One output: what is on air there, what is prepared, the scenes that can be put there; a press acts at once, and is refused where something else is on air than this page has shown.
 * @module
 */

import { data, one } from "../lib/page.js";
import { List, el, mark, show, write } from "./element.js";
import { KeyBar } from "./key_bar.js";
import { Monitor } from "./monitor.js";
import { OutputDesk } from "./output_desk.js";
import { handOf, isOthers, isRehearsal, linesOf, marksOf, seenOn, soon } from "./output_words.js";
import { Outputs, OutputsBar } from "./outputs.js";
import { RundownDialog } from "./rundown_edit.js";
import { RundownView } from "./rundown_view.js";
import { minutes } from "./rundown_words.js";
import { fillUnits } from "./scene_fields.js";
import { Steering } from "./steering.js";
import { LIVE, TakeView, isOffered } from "./takes.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./output_words.js").OutputState} OutputState */

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
      (element) => new TakeView(element, (scene, settings) => void this.steering.take(scene, settings), prepare),
    );
    this.monitor = new Monitor(one("[data-monitor]"), /** @type {HTMLButtonElement} */ (one("[data-monitor-turn]")));
    fillUnits(room.names, room.children);
    room.phrases.scenes = new Map(this.takes.map((each) => [each.name, each.title]));
    this.editing = shown.may_steer ? new RundownDialog(this.steering) : null;
    this.rundown = new RundownView(this.steering, (id) => this.editing?.open(id));
    /** The take whose settings the page has last chosen. */
    this.followed = 0;
    const reveals = (/** @type {string} */ scene) => this.takes.find((each) => each.name === scene)?.reveals ?? false;
    this.keys = shown.may_steer ? new KeyBar(this.steering, reveals) : null;
    if (shown.may_steer) this.bind();
    if (this.bar) this.outputs.lookForOthers();
  }

  bind() {
    one("[data-offer-item]").addEventListener("click", () => void this.editing?.handOver(this.room.words.say("offer_item_title"), LIVE));
    one("[data-offer-take]").addEventListener("click", () => {
      void this.steering.take(LIVE, { ...this.takes.find((each) => each.name === LIVE)?.settings, lead: "completed" });
    });
  }

  /** @returns {OutputState} */
  get state() {
    return this.steering.state;
  }

  paint() {
    const { room, state } = this;
    this.bar?.paint();
    this.desk.paint();
    const lines = linesOf(room.phrases, this.steering.name, state);
    this.lines.set(this.outputs.gone.has(this.steering.name) ? [...lines, { key: "gone", text: room.words.say("line_gone") }] : lines);
    this.paintOnAir(state);
    this.paintTakes(state);
    this.keys?.paint();
    this.paintOffer(state);
    this.rundown.paint(this.steering.isShut);
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
    const item = preview ? undefined : this.steering.next;
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
    const next = preview ? undefined : this.steering.next;
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
    const cannot = steering.rests || this.steering.isShut;
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
  paintOffer(state) {
    const { room } = this;
    const board = room.public;
    const [started, completed] = [board.count(room.contest.root, "started"), board.count(room.contest.root, "completed")];
    // The totals that this page has are of one store; an output of the other is not judged by them.
    const isShown = state.output?.store === room.contest.store && isOffered(state.on_air?.scene, started, completed);
    show(this.offer, isShown);
    if (isShown) write(one("[data-offer-why]"), room.words.say("offer_why", { completed: room.words.number(completed), started: room.words.number(started) }));
    const cannot = this.steering.rests || this.steering.isShut;
    for (const press of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-offer] button"))) {
      if (press.disabled !== cannot) press.disabled = cannot;
    }
  }
}
