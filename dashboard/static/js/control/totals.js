/**
 * The bar of totals: what is on air beside all that has arrived, what the gate keeps back, and the keys that every page
 * has.
 * @module
 */

import { one } from "../lib/page.js";
import { isHeard, STALE_MS } from "../ui/mark.js";
import { Refused } from "./asking.js";
import { Ask } from "./ask.js";
import { ON_TOP } from "./banner.js";
import { mark, show, write } from "./element.js";
import { bindKeys } from "./keys.js";
import { EVERYTHING, EVERY_UNIT, keepsBack, signed } from "./phrases.js";

/** @typedef {import("./room.js").Room} Room */

export class Totals {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.element = one("[data-totals]");
    /** @type {Record<string, HTMLElement>} */
    this.texts = {};
    for (const found of /** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll("[data-text]"))) {
      this.texts[found.dataset.text ?? ""] = found;
    }
    this.finally = room.contest.may_decide ? new Ask("final", () => void room.decide({ do: "final" }, "done_final")) : null;
    /** @type {Record<string, () => void>} */
    this.actions = {
      // The figure is read before it is final: whoever is in a hurry holds it, by a key that acts at once.
      final: () => {
        if (room.isNobodys()) return;
        if (room.isOld) room.refused(new Refused({ code: "old_page" }));
        else this.finally?.open(room.words.say("final_title"), this.figure());
      },
      hold: () => void room.decide({ do: "hold", unit: null }, "done_hold", { unit: room.phrases.unit(null) }),
      release: () => {
        if (room.isNobodys()) return;
        if (room.gate?.held_all || room.isOld) void room.effect.ask(EVERYTHING);
        // Where units alone are held there is nothing else to end.
        else if (room.gate?.held.length) void room.effect.ask(EVERY_UNIT);
        else room.toast.bad(room.words.say("refused_not_held"));
      },
      seen: () => this.see(),
    };
    const keys = ["final", "hold", "release", "seen"];
    if (!room.contest.may_decide) return;
    for (const found of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-act]"))) {
      found.addEventListener("click", () => this.actions[found.dataset.act ?? ""]?.());
    }
    bindKeys(Object.fromEntries(keys.map((act, at) => [String(at + 1), () => this.actions[act]?.()])));
  }

  /** Mark the newest unseen alarm as seen. */
  see() {
    const alarm = this.room.alarms.find((each) => !each.seen);
    if (alarm) void this.room.decide({ do: "seen", alarm: alarm.id }, "done_seen", { alarm: this.room.phrases.alarm(alarm) });
  }

  /** What would be final now, in figures and words. @returns {string} */
  figure() {
    const { words, contest, public: shown } = this.room;
    const count = shown.count(contest.root, "completed");
    return words.say("final_what", { n: words.number(count), spoken: `${words.spoken(count)} ${words.say("completed_unit")}` });
  }

  paint() {
    const { room, texts } = this;
    if (this.finally?.dialog.open) write(this.finally.what, this.figure());
    const { words, contest, gate } = room;
    const shown = room.public;
    const whole = room.whole;
    const now = room.clock.now();
    const { board } = room.stores;
    const frozen = board.state.get("frozen");
    const isKept = keepsBack(gate);
    const state = this.state(frozen !== undefined, now);
    mark(this.element, "data-state", state);
    /** @param {string} name @param {string} text */
    const set = (name, text) => {
      const found = texts[name];
      if (found) write(found, text);
    };
    set("mark", words.say(`totals_${state}`));
    const asides = room.stores.control.state.get("aside")?.length ?? 0;
    const heard = words.heard(board.heard, now);
    set("heard", frozen ? words.frozen(frozen.at, now) : asides ? words.count("heard_aside", asides, { heard }) : heard);
    for (const [side, numbers] of /** @type {const} */ ([["public", shown], ["whole", whole]])) {
      for (const column of ["completed", "participants", "started"]) {
        set(`${side}-${column}`, words.number(numbers.count(contest.root, column)));
      }
    }
    set("public-seq", words.say("at_row", { n: words.number(board.seq) }));
    set("whole-seq", words.say("at_row", { n: words.number(room.stores.control.seq) }));
    set("spoken", `${words.spoken(shown.count(contest.root, "completed"))} ${words.say("completed_unit")}`);
    const kept = (/** @type {string} */ column) => isKept ? whole.count(contest.root, column) - shown.count(contest.root, column) : 0;
    set("kept-completed", signed(words, kept("completed")));
    set("kept-participants", signed(words, kept("participants")));
    set("kept-what", this.kept());
    // Whole where the line is too short for it.
    for (const name of ["spoken", "kept-what"]) {
      const found = texts[name];
      if (found) mark(found, "title", found.textContent ?? "");
    }
    const heldAll = gate?.held_all ?? null;
    for (const found of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-act]"))) {
      const act = found.dataset.act;
      // Hold stays enabled whatever this page knows of the gate; an act that is in force shows as pressed.
      found.disabled = room.hasEnded || room.isOld || (act === "release" && heldAll === null && !gate?.held.length);
      if (act === "hold") mark(found, "aria-pressed", String(heldAll !== null));
      if (act === "final") mark(found, "aria-pressed", String(heldAll !== null && heldAll.final));
    }
    const isUnitsAlone = heldAll === null && Boolean(gate?.held.length);
    const release = document.querySelector("[data-release-name]");
    if (release) write(/** @type {HTMLElement} */ (release), words.say(isUnitsAlone ? "act_release_every" : "act_release_all"));
    this.paintAlarms();
    if (texts["spoken"]) show(texts["spoken"], frozen !== undefined);
  }

  /** The newest alarm that nobody has seen, on pages that do not list them; not what stands below in the banner anyway. */
  paintAlarms() {
    const { alarms, phrases, words } = this.room;
    const { newest } = this.texts;
    if (!newest) return;
    const open = alarms.filter((alarm) => !alarm.seen && !alarm.past && !ON_TOP.has(alarm.rule));
    const [first] = open;
    show(newest, first !== undefined);
    if (first) write(newest, words.count("newest_alarm", open.length, { alarm: phrases.alarm(first) }));
  }

  /**
   * @param {boolean} isFinal
   * @param {number} now
   * @returns {"final" | "held" | "partly" | "stale" | "live" | "quiet"}
   */
  state(isFinal, now) {
    const { room } = this;
    const { board } = room.stores;
    if (isFinal) return "final";
    if (room.gate?.held_all) return "held";
    if (room.silentMs > STALE_MS) return "stale";
    if (keepsBack(room.gate)) return "partly";
    // As on every screen: rehearsal figures are never called live.
    return !board.rehearsal && isHeard(board.heard, now) ? "live" : "quiet";
  }

  /** What keeps numbers back. @returns {string} */
  kept() {
    const { room } = this;
    const { words, gate, phrases } = room;
    if (!gate) return "";
    const parts = [];
    if (gate.held_all) parts.push(words.say(gate.held_all.final ? "kept_final" : "kept_all", { hold: phrases.hold(gate.held_all) }));
    if (gate.held.length) parts.push(words.count("kept_units", gate.held.length));
    if (gate.delay_ms) parts.push(words.say("kept_delay", { age: words.duration(gate.delay_ms) }));
    if (gate.quarantined_total) parts.push(words.count("kept_quarantined", gate.quarantined_total));
    return parts.length ? parts.join("; ") : words.say("kept_nothing");
  }
}
