/**
 * The prepared straps on the page of overlays: found without marks, and put into the form of the strap, where each is seen
 * before it is shown. What nobody has approved is unlocked first.
 * @module
 */

import { fitting, folded } from "../lib/folded.js";
import { one } from "../lib/page.js";
import { Refused } from "./asking.js";
import { List, button, el, mark, show, write } from "./element.js";
import { minutes } from "./rundown_words.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./overlay_fields.js").Told} Told */

const STRAP = "lower-third";
const FOUND_MAX = 8;

export class OverlayStraps {
  /**
   * @param {Room} room
   * @param {(told: Told) => void} onPicked called with what a strap says
   * @param {() => void} arm
   */
  constructor(room, onPicked, arm) {
    this.room = room;
    /** @type {wire.Strap[]} */
    this.straps = [];
    this.element = one("[data-prepared]");
    this.search = /** @type {HTMLInputElement} */ (one("[data-prepared-search]"));
    this.none = one("[data-prepared-none]");
    this.arming = /** @type {HTMLButtonElement | null} */ (document.querySelector("[data-form-do=arm]"));
    this.arming?.addEventListener("click", arm);
    /** @type {List<wire.Strap>} */
    this.list = new List(one("[data-prepared-list]"), ({ id }) => id, () => {
      /** @type {wire.Strap | null} */
      let strap = null;
      const pick = button("", () => {
        if (strap) onPicked(told(strap));
      });
      return {
        element: el("li", "", [pick]),
        set: (now) => {
          strap = now;
          write(pick, [this.called(now), ...now.titles].join(" · "));
          mark(pick, "data-state", now.approved === null ? "waits" : "approved");
          mark(pick, "title", room.words.say(now.approved === null ? "strap_waits" : "strap_is_approved"));
        },
      };
    });
    this.search.addEventListener("input", () => this.find());
    // Somebody may have edited or approved meanwhile.
    this.search.addEventListener("focus", () => void this.load());
    void this.load();
  }

  async load() {
    try {
      this.straps = (await this.room.api.straps()).straps;
    } catch (error) {
      // Those that were heard of last stay; the server looks at what is shown.
      if (!(error instanceof Refused)) throw error;
    }
    this.find();
  }

  find() {
    const choices = this.straps.map((strap) => {
      const text = [strap.name, ...strap.titles, strap.note].join(" · ");
      return { text, folded: folded(text), strap };
    });
    const found = fitting(choices, this.search.value.trim()).map((each) => each.strap).slice(0, FOUND_MAX);
    this.list.set(found);
    show(this.none, found.length === 0);
  }

  /**
   * @param {string} overlay the one that is chosen
   * @param {Told} said what is typed
   * @param {wire.Armed | null | undefined} armed what is unlocked on the output
   * @param {boolean} isShut
   */
  paint(overlay, said, armed, isShut) {
    show(this.element, overlay === STRAP);
    if (!this.arming) return;
    show(this.arming, overlay === STRAP && Boolean(said.name) && !this.straps.some((each) => each.approved !== null && isSame(told(each), said)));
    this.arming.disabled = isShut;
    const { words, clock } = this.room;
    const leftMs = armed?.overlay === overlay ? armed.until - clock.now() : 0;
    mark(this.arming, "aria-pressed", String(leftMs > 0));
    write(this.arming, leftMs > 0 ? words.say("act_armed", { time: minutes(leftMs) }) : words.say("overlay_arm"));
  }

  /** @param {wire.Strap} strap @returns {string} */
  called({ honorific, name }) {
    return honorific === "" ? name : `${this.room.words.say(`honorific_${honorific.replace("-", "_")}`)} ${name}`;
  }
}

/** What a strap says, as the overlay is told it. @param {wire.Strap} strap @returns {Told} */
const told = ({ honorific, name, titles, capitals }) => ({ honorific, name, titles, capitals });

/** @param {Told} strap @param {Told} said @returns {boolean} */
const isSame = (strap, said) => Object.entries(strap).every(([field, value]) => JSON.stringify(value) === JSON.stringify(said[field]));
