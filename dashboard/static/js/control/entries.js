/**
 * The latest entries of a unit, to be kept out, counted or voided one by one.
 * @module
 */

import { one } from "../lib/page.js";
import { List, el, mark, show, write } from "./element.js";
import { UnitField } from "./unit_field.js";
import { QUARANTINED } from "./phrases.js";

/** @typedef {import("./room.js").Room} Room */

const ACTS = /** @type {const} */ (["quarantine", "clear", "void"]);
/** @typedef {typeof ACTS[number]} Act */

export class EntriesView {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.form = /** @type {HTMLFormElement} */ (one("[data-entries-form]"));
    this.unit = new UnitField(room, /** @type {HTMLInputElement} */ (one("#entries-unit")), false);
    this.found = one("[data-entries-found]");
    this.note = one("[data-entries-note]");
    this.reason = /** @type {HTMLInputElement} */ (one("#entries-reason"));
    this.every = /** @type {HTMLInputElement} */ (one("[data-entries-every]"));
    this.list = new List(one("[data-entries]"), (/** @type {wire.Listed} */ entry) => `${entry.source} ${entry.id}`, (entry) => this.line(entry));
    /** @type {Map<string, {entry: wire.Listed, box: HTMLInputElement}>} */
    this.boxes = new Map();
    /** @type {string | null} the unit that is looked at, null for all that wait to be verified */
    this.code = null;
    /** The last decision when this list was made. */
    this.seen = 0;
    this.isDeciding = false;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const code = this.unit.chosen();
      if (code !== null) void this.look(code);
    });
    one("[data-entries-waiting]").addEventListener("click", () => void this.look(null));
    this.reason.addEventListener("input", () => this.reason.setCustomValidity(""));
    this.every.addEventListener("change", () => {
      for (const { box } of this.boxes.values()) box.checked = this.every.checked;
      this.count();
    });
    for (const act of ACTS) this.act(act).addEventListener("click", () => void this.decide(act));
    const asked = new URLSearchParams(window.location.search).get("entries");
    if (asked === QUARANTINED) void this.look(null);
    else if (asked !== null && room.names.has(asked)) {
      this.unit.choose(asked);
      void this.look(asked);
    }
  }

  /** @param {Act} act @returns {HTMLButtonElement} */
  act(act) {
    return /** @type {HTMLButtonElement} */ (one(`[data-entries-act="${act}"]`));
  }

  /** @param {string | null} code */
  async look(code) {
    const { room } = this;
    const { seen } = room;
    try {
      const { entries, is_whole: isWhole } = await room.api.entries(code);
      this.code = code;
      this.seen = seen;
      this.boxes.clear();
      this.list.set([]);
      this.list.set(entries);
      this.every.checked = false;
      show(this.found, true);
      const kind = code === null ? "waiting" : isWhole ? "all" : "latest";
      const key = entries.length === 0 ? `entries_none${code === null ? "_waiting" : ""}` : `entries_${kind}`;
      write(this.note, room.words.say(key, { n: room.words.number(entries.length), unit: room.phrases.unit(code) }));
      this.count();
    } catch (error) {
      room.refused(error);
    }
  }

  /** @returns {wire.Listed[]} those that are ticked */
  get chosen() {
    return [...this.boxes.values()].filter(({ box }) => box.checked).map(({ entry }) => entry);
  }

  count() {
    const n = this.chosen.length;
    for (const act of ACTS) {
      const button = this.act(act);
      button.disabled = n === 0 || this.isDeciding || !this.room.contest.may_decide;
      write(button, this.room.words.say(`entries_${act}`, { n: this.room.words.number(n) }));
    }
  }

  /** @param {Act} act */
  async decide(act) {
    const reason = this.reason.value.trim();
    // A void is final and needs a reason; a quarantine does not.
    this.reason.setCustomValidity(act === "void" && !reason ? this.room.words.say("reason_needed") : "");
    if (!this.reason.reportValidity()) return;
    const entries = this.chosen.map(({ source, id }) => /** @type {[string, string]} */ ([source, id]));
    const n = this.room.words.number(entries.length);
    this.isDeciding = true;
    this.count();
    const isMade = await this.room.decide({ do: act, entries, seen: this.seen, reason }, `done_${act}`, { n });
    this.isDeciding = false;
    if (isMade) this.reason.value = "";
    // A refusal has told what was decided meanwhile; the list is made anew with it.
    await this.look(this.code);
  }

  /** @param {wire.Listed} made */
  line(made) {
    const { room } = this;
    const { words } = room;
    const box = /** @type {HTMLInputElement} */ (el("input"));
    box.type = "checkbox";
    box.disabled = made.state === "voided" || !room.contest.may_decide;
    box.setAttribute("aria-label", `${made.source} ${made.id}`);
    box.addEventListener("change", () => this.count());
    if (!box.disabled) this.boxes.set(`${made.source} ${made.id}`, { entry: made, box });
    const state = el("td", "state");
    const cells = [
      room.phrases.moment(made.received), room.phrases.moment(made.at), room.phrases.unit(made.unit), words.say(`kind_of_${made.kind}`),
      made.person ?? words.say("none"), made.source, made.id,
    ].map((text) => el("td", "", text));
    const element = el("tr", "", [el("td", "", [box]), ...cells, state]);
    return {
      element,
      set: (/** @type {wire.Listed} */ entry) => {
        mark(element, "data-state", entry.state);
        write(state, words.say(`entry_${entry.state}`));
      },
    };
  }
}
