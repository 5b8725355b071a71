/**
 * The units below one unit: on air beside all that has arrived, in official order, so that no line moves under the
 * pointer. Each line holds and releases its unit.
 * @module
 */

import { one } from "../lib/page.js";
import { List, button, el, mark, show, write } from "./element.js";
import { heldBy, keepsBack, signed } from "./phrases.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("../live/board.js").Board} Board */

export class UnitsView {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.here = this.asked() ?? room.contest.root;
    this.path = one("[data-path]");
    this.public = room.public;
    this.whole = room.whole;
    this.list = new List(one("[data-units]"), (/** @type {string} */ code) => code, (code) => this.line(code));
    this.sum = this.line(room.contest.root, true);
    one("[data-sum]").append(...this.sum.element.children);
    window.addEventListener("popstate", () => {
      this.here = this.asked() ?? room.contest.root;
      this.open();
    });
    this.open();
  }

  /** @returns {string | null} the unit that the address names */
  asked() {
    const code = new URLSearchParams(window.location.search).get("unit");
    return code !== null && this.room.children.has(code) ? code : null;
  }

  /** @param {string} code */
  go(code) {
    this.here = code;
    const query = new URLSearchParams(window.location.search);
    query.set("unit", code);
    window.history.pushState(null, "", `?${query}`);
    this.open();
    one("[data-units]").closest(".scroll")?.scrollTo(0, 0);
  }

  /** Show the units below the one that is open, and the way back up. */
  open() {
    const { names, parents } = this.room;
    this.path.textContent = "";
    /** @type {string[]} */
    const above = [];
    for (let at = parents.get(this.here) ?? null; at !== null; at = parents.get(at) ?? null) above.unshift(at);
    for (const code of above) this.path.append(button(names.get(code) ?? code, () => this.go(code), "plain"), " › ");
    this.path.append(el("strong", "", names.get(this.here) ?? this.here));
    this.paint();
  }

  paint() {
    this.public = this.room.public;
    this.whole = this.room.whole;
    this.list.set(this.room.children.get(this.here) ?? []);
    this.sum.set(this.here);
  }

  /** Whether a unit is ranked apart from those beside it: it has a number, but no place. @param {string} code @returns {boolean} */
  isApart(code) {
    return this.room.contest.apart.includes(code);
  }

  /** @param {string} made @param {boolean} [isSum] */
  line(made, isSum = false) {
    const { room } = this;
    const { words, contest } = room;
    const name = room.children.has(made) && !isSum
      ? button(room.names.get(made) ?? made, () => this.go(made), "plain unit")
      : el("span", "unit", isSum ? words.say("sum") : room.names.get(made) ?? made);
    const badge = el("span", "badge");
    const cells = ["air num", "rank num", "whole num", "rank num", "people num", "kept num", "pace num"].map((kind) => el("td", kind));
    // On a phone there is no head of the table, and each number says what it is.
    for (const [at, key] of /** @type {const} */ ([[0, "on_air"], [2, "all_arrived"], [5, "kept_back"]])) {
      if (cells[at]) mark(cells[at], "data-label", words.say(key));
    }
    const hold = button(words.say("hold"), () => void room.decide({ do: "hold", unit: made }, "done_hold", { unit: room.phrases.unit(made) }), "hold");
    const release = button(words.say("release_ask"), () => void room.effect.ask(made), "release");
    for (const each of [hold, release]) each.setAttribute("aria-label", `${each.textContent}: ${room.names.get(made)}`);
    const head = el("th", "", [name, badge]);
    head.setAttribute("scope", "row");
    const acts = el("td", "acts", contest.may_decide && !isSum ? [hold, release] : []);
    const element = el("tr", "", [head, ...cells, acts]);
    return {
      element,
      set: (/** @type {string} */ code) => {
        const { public: shown, whole } = this;
        const isKept = keepsBack(room.gate);
        const kept = isKept ? whole.count(code, "completed") - shown.count(code, "completed") : 0;
        const pace = whole.cell(code, "pace");
        const ranks = [shown, whole].map((board) => (isSum || this.isApart(code) || !board.hasEntries(code, "completed") ? "" : words.number(board.cell(code, "rank"))));
        const texts = [
          words.number(shown.count(code, "completed")), ranks[0] ?? "", words.number(whole.count(code, "completed")), ranks[1] ?? "",
          words.number(whole.count(code, "participants")), kept ? signed(words, kept) : "–", pace ? signed(words, pace) : "–",
        ];
        cells.forEach((cell, at) => write(cell, texts[at] ?? ""));
        const by = isSum ? null : heldBy(code, room.parents, room.gate);
        const below = isSum ? 0 : (room.gate?.held ?? []).filter((each) => each.unit !== code && this.isBelow(each.unit, code)).length;
        const state = by ? (by.unit === code ? "held" : "above") : below ? "below" : "";
        mark(element, "data-held", state);
        show(badge, state !== "");
        if (state === "held" && by) write(badge, words.say(by.rule === null ? "unit_held" : "unit_held_by_rule"));
        else if (state === "above" && by) write(badge, words.say("unit_held_above", { unit: room.phrases.unit(by.unit) }));
        else if (below) write(badge, words.count("unit_held_below", below));
        show(hold, state !== "held");
        show(release, state === "held");
      },
    };
  }

  /** @param {string} code @param {string} above @returns {boolean} */
  isBelow(code, above) {
    for (let at = this.room.parents.get(code) ?? null; at !== null; at = this.room.parents.get(at) ?? null) {
      if (at === above) return true;
    }
    return false;
  }
}
