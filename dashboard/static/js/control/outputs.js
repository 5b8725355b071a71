/**
 * All outputs that this page follows: their states by name, and the bar that shows each at a glance.
 * @module
 */

import { Store } from "../live/store.js";
import { one } from "../lib/page.js";
import { mark, show, write } from "./element.js";
import { handOf, inOrder, isRehearsal, lateness, marksOf, seenOn, title } from "./output_words.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./output_words.js").OutputState} OutputState */

/** How often it is asked whether somebody has made another output: that is no topic's to tell. */
const LOOK_MS = 2_000;

export class Outputs {
  /**
   * @param {Room} room
   * @param {wire.OutputsData} shown
   */
  constructor(room, shown) {
    this.room = room;
    this.hand = { me: room.contest.me, output: shown.bound, steer: shown.may_steer, break: shown.may_break };
    /** @type {Map<string, Store<wire.ControlProgramState>>} */
    this.stores = new Map();
    /** Those that somebody has taken away. @type {Set<string>} */
    this.gone = new Set();
    for (const [name, frame] of Object.entries(shown.frames)) this.add(name).apply(frame);
  }

  /** Follow an output from now on. @param {string} name @returns {Store<wire.ControlProgramState>} */
  add(name) {
    /** @type {Store<wire.ControlProgramState>} */
    const store = new Store();
    this.stores.set(name, store);
    this.room.follow(topicOf(name), store);
    return store;
  }

  /** What is known of an output. @param {string} name @returns {OutputState} */
  state(name) {
    return Object.fromEntries(this.stores.get(name)?.state ?? []);
  }

  /** @returns {string[]} in the order in which they stand */
  get names() {
    return inOrder([...this.stores.keys()].filter((name) => !this.gone.has(name)));
  }

  /** Everything that is known, by name. @returns {Map<string, OutputState>} */
  get states() {
    return new Map(this.names.map((name) => [name, this.state(name)]));
  }

  /** Look from time to time whether there are others. */
  lookForOthers() {
    window.setInterval(() => {
      if (this.room.hasEnded || this.room.isOld || document.hidden) return;
      this.room.api.outputs().then((names) => {
        this.hear(names);
        this.room.paint();
      }).catch(() => {
        // It is asked again; what is wrong with the line is told by the topics.
      });
    }, LOOK_MS);
  }

  /** @param {readonly string[]} names of all that are there */
  hear(names) {
    for (const name of names) {
      this.gone.delete(name);
      if (!this.stores.has(name)) this.add(name);
    }
    for (const name of this.stores.keys()) {
      if (names.includes(name) || this.gone.has(name)) continue;
      this.gone.add(name);
      // Nothing more will be heard of it, which says nothing about the line.
      this.room.heard.delete(topicOf(name));
    }
  }
}

/** @param {string} name @returns {string} */
const topicOf = (name) => `control/program/${name}`;

/** One output in the bar. */
class Card {
  /** @param {HTMLElement} element @param {Outputs} outputs @param {string} name */
  constructor(element, outputs, name) {
    this.element = element;
    this.outputs = outputs;
    this.name = name;
    this.mark = one("[data-card-mark]", element);
    this.scene = one("[data-card-scene]", element);
    this.tally = one("[data-card-tally]", element);
    this.rehearsal = one("[data-card-rehearsal]", element);
    this.facts = one("[data-card-facts]", element);
  }

  paint() {
    const { element, outputs, name } = this;
    const { words, phrases } = outputs.room;
    const state = outputs.state(name);
    const seen = seenOn(state);
    const [gravest] = marksOf(name, state);
    mark(element, "data-mark", gravest ?? "");
    mark(element, "data-store", state.output?.store ?? "live");
    mark(element, "data-air", String(state.tally === true));
    write(this.mark, gravest ? words.say(`mark_${gravest}`) : "");
    show(this.mark, gravest !== undefined);
    show(this.tally, state.tally === true);
    show(this.rehearsal, isRehearsal(state));
    write(this.scene, seen ? phrases.scene(seen.name) : "");
    const facts = [handOf(phrases, state, outputs.hand), lateness(words, state)].filter(Boolean).join(" · ");
    write(this.facts, facts);
    // Where names are long the end is cut off; whole it stands on the output's own page.
    mark(this.facts, "title", facts);
  }
}

export class OutputsBar {
  /** @param {Outputs} outputs */
  constructor(outputs) {
    this.outputs = outputs;
    this.element = one("[data-outputs]");
    this.pattern = /** @type {HTMLTemplateElement} */ (one("[data-card-pattern]"));
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    for (const found of /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll("[data-card]"))) {
      const name = found.dataset.card ?? "";
      this.cards.set(name, new Card(found, outputs, name));
    }
  }

  paint() {
    for (const name of this.outputs.names) {
      if (!this.cards.has(name)) this.add(name);
      this.cards.get(name)?.paint();
    }
    for (const [name, { element }] of this.cards) show(element, !this.outputs.gone.has(name));
  }

  /** A card at the end, so that none moves under a hand; at the next load it stands in its place. @param {string} name */
  add(name) {
    const { words } = this.outputs.room;
    const made = /** @type {DocumentFragment} */ (this.pattern.content.cloneNode(true));
    const element = /** @type {HTMLAnchorElement} */ (one("[data-card]", made));
    element.dataset.card = name;
    element.href = `${this.element.dataset.path}?${new URLSearchParams({ out: name, lang: words.lang })}`;
    write(one("[data-card-name]", element), title(words, name, "short"));
    this.element.append(made);
    this.cards.set(name, new Card(element, this.outputs, name));
  }
}
