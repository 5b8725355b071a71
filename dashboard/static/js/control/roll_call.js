/**
 * The roll call as it is held: every point in official order, ticked by keys, with what is heard of it beside.
 * @module
 */

import { folded } from "../lib/folded.js";
import { data, one } from "../lib/page.js";
import { Store } from "../live/store.js";
import { el, mark, show, write } from "./element.js";
import { PointCard } from "./point_card.js";
import { RollLines } from "./roll_lines.js";
import { countsOf, factsOf, shownOf, stepped } from "./roll_rows.js";
import * as say from "./roll_words.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./roll_rows.js").Filter} Filter */

const PAGE_ROWS = 10;
const FIELDS = "input, select, textarea, [contenteditable]";
/** What Enter presses by itself. */
const PRESSED = "button, a, summary";

export class RollCall {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.data = /** @type {wire.RollCallData} */ (data("roll"));
    /** @type {Store<wire.PointsState>} */
    this.roll = new Store();
    this.roll.apply(this.data.frame);
    this.codes = this.data.points.map(([code]) => code);
    this.levels = new Map(this.data.points);
    this.plain = new Map(this.codes.map((code) => [code, folded(`${code} ${room.names.get(code) ?? ""}`)]));
    /** @type {Filter} */
    this.filter = "all";
    /** @type {ReadonlySet<string> | null} */
    this.found = null;
    /** Points that have stood in the list since it was filtered. @type {Set<string>} */
    this.stood = new Set();
    /** @type {string | null} */
    this.chosen = null;
    /** @type {string[]} */
    this.shown = [];
    this.box = /** @type {HTMLElement} */ (one("[data-roll-rows]"));
    this.body = /** @type {HTMLElement} */ (one("[data-roll-points]"));
    this.search = /** @type {HTMLInputElement} */ (one("#roll-search"));
    this.rows = new Map(this.codes.map((code) => [code, this.row(code)]));
    this.body.append(...[...this.rows.values()].map(({ element }) => element));
    const land = document.querySelector("[data-roll-map]");
    /** The cells of the map, by the code of their point. @type {Map<string, Element>} */
    this.cells = new Map([...(land?.children ?? [])].map((cell) => [cell.getAttribute("data-code") ?? "", cell]));
    land?.addEventListener("click", (event) => {
      const code = event.target instanceof Element ? event.target.getAttribute("data-code") : null;
      if (code !== null) this.choose(code);
    });
    this.card = new PointCard(this);
    this.lines = new RollLines(this);
    this.bind();
    room.follow("points", this.roll);
  }

  /** @param {string} code @returns {string} */
  name(code) {
    return this.room.names.get(code) ?? code;
  }

  /** The points right below one, and so on. @param {string} code @returns {string[]} itself first */
  below(code) {
    return [code, ...(this.room.children.get(code) ?? []).filter((child) => this.levels.has(child)).flatMap((child) => this.below(child))];
  }

  bind() {
    this.search.addEventListener("input", () => {
      const wanted = folded(this.search.value.trim());
      this.found = wanted ? new Set(this.codes.filter((code) => this.plain.get(code)?.includes(wanted))) : null;
      this.refilter();
    });
    this.search.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        this.findAll();
      } else if (event.key !== "Enter" && event.key !== "ArrowDown") {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      if (event.key !== "Escape") this.choose(this.shown[0] ?? null);
      this.box.focus();
    });
    for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-roll-filter]"))) {
      each.addEventListener("click", () => {
        this.filter = /** @type {Filter} */ (each.dataset.rollFilter);
        this.refilter();
        this.box.focus();
      });
    }
    document.addEventListener("keydown", (event) => this.press(event));
    this.body.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("[data-code]")) : null;
      if (row) this.choose(row.dataset.code ?? null);
    });
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || document.querySelector("dialog[open]")) return;
    // With Shift it is a key of the room.
    if (event.key === "Escape" && event.shiftKey) return;
    const { target } = event;
    if (target instanceof Element && target.closest(FIELDS)) return;
    if (event.key === "Enter" && target instanceof Element && target.closest(PRESSED)) return;
    const act = this.acts()[event.key === "m" || event.key === "M" ? "M" : event.key];
    if (act === undefined) return;
    event.preventDefault();
    // A key that is held walks on, but ticks once.
    if (!event.repeat || event.key.startsWith("Arrow") || event.key.startsWith("Page")) act();
  }

  /** @returns {Record<string, () => void>} by the name of the key */
  acts() {
    const walks = {
      ArrowDown: () => this.step(1), ArrowUp: () => this.step(-1), PageDown: () => this.step(PAGE_ROWS), PageUp: () => this.step(-PAGE_ROWS),
      Home: () => this.choose(this.shown[0] ?? null), End: () => this.choose(this.shown[this.shown.length - 1] ?? null),
      "/": () => this.search.select(), Escape: () => this.findAll(),
    };
    if (!this.data.may_tick) return walks;
    return { ...walks, Enter: () => void this.tick(true), M: () => void this.tick(false) };
  }

  /** @param {number} by */
  step(by) {
    this.choose(stepped(this.shown, this.chosen, by));
  }

  /** @param {string | null} code */
  choose(code) {
    if (this.chosen !== null) this.rows.get(this.chosen)?.element.removeAttribute("aria-selected");
    this.chosen = code;
    if (code !== null) {
      const row = this.rows.get(code)?.element;
      row?.setAttribute("aria-selected", "true");
      row?.scrollIntoView({ block: "nearest" });
    }
    this.card.open(code);
  }

  /** Tick the chosen point as connected (true), called in vain (false), or not called (null). @param {boolean | null} connected */
  async tick(connected) {
    if (this.chosen !== null) await this.tickAll([this.chosen], connected);
  }

  /** @param {string[]} codes @param {boolean | null} connected */
  async tickAll(codes, connected) {
    const { room } = this;
    const answer = await room.act(() => room.api.tickPoints(codes, connected), "done_roll_tick", { n: room.words.number(codes.length) });
    // One that was ticked so before is no mistake.
    if (answer !== null && codes.length === 1) show(room.toast.element, false);
  }

  /** Look for none any more: all of the filter are shown, and the one that was found, from which the roll goes on. */
  findAll() {
    if (this.search.value === "") return;
    this.search.value = "";
    this.found = null;
    this.refilter(this.chosen);
    this.choose(this.chosen);
  }

  /** @param {string | null} [kept] a point that stays whatever the filter says */
  refilter(kept = null) {
    this.stood = new Set(kept === null ? [] : [kept]);
    this.paint();
    if (this.chosen === null || !this.shown.includes(this.chosen)) this.choose(this.shown[0] ?? null);
  }

  paint() {
    const { room: { words }, roll } = this;
    this.shown = shownOf(roll, this.codes, this.filter, this.found, this.stood);
    for (const code of this.shown) this.stood.add(code);
    const isShown = new Set(this.shown);
    const nowMs = this.room.clock.now();
    for (const [code, row] of this.rows) {
      show(row.element, isShown.has(code));
      if (isShown.has(code)) row.paint(nowMs);
    }
    for (const [code, cell] of this.cells) {
      const facts = factsOf(roll, code);
      mark(cell, "data-bridge", String(facts.bridge));
      mark(cell, "data-page", String(facts.page));
      mark(cell, "data-chosen", String(code === this.chosen));
    }
    show(/** @type {HTMLElement} */ (one("[data-roll-none]")), this.shown.length === 0);
    const counts = countsOf(roll, this.codes);
    for (const each of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-roll-filter]"))) {
      const filter = /** @type {Filter} */ (each.dataset.rollFilter);
      mark(each, "aria-pressed", String(filter === this.filter));
      write(one("[data-roll-count]", each), words.number(counts[filter]));
    }
    const totals = roll.state.get("totals")?.[roll.state.get("scope") ?? ""];
    if (totals) {
      write(one("[data-roll=connected]"), `${words.number(totals.connected)}/${words.number(totals.of)}`);
      for (const key of /** @type {const} */ (["missing", "open", "ready"])) write(one(`[data-roll=${key}]`), words.number(totals[key]));
      write(one("[data-roll=present]"), words.number(totals.present_connected));
    }
    this.card.paint(nowMs);
    this.lines.paint();
  }

  /** @param {string} code @returns {{element: HTMLElement, paint: (nowMs: number) => void}} */
  row(code) {
    const { room: { words }, roll } = this;
    const [name, of, dot] = [el("span", "name", this.name(code)), el("span", "of num"), el("span", "line-dot")];
    const [bridge, page, ready, call] = [el("span", "chip"), el("span", "chip"), el("span", "chip"), el("span", "chip")];
    const cells = {
      present: el("td", "num present"), chair: el("td", "chair"), technician: el("td", "technician"),
    };
    const element = el("tr", "point", [
      el("th", "called", [name, of, dot]), el("td", "fact", [bridge]), el("td", "fact", [page]), el("td", "fact", [ready]),
      cells.present, cells.chair, cells.technician, el("td", "call", [call]),
    ]);
    element.dataset.code = code;
    element.dataset.level = String(this.levels.get(code) ?? 0);
    const paint = (/** @type {number} */ nowMs) => {
      const facts = factsOf(roll, code);
      const totals = roll.state.get("totals")?.[code];
      const people = roll.state.get("people")?.[code];
      const called = roll.state.get("calls")?.[code];
      write(of, totals && totals.of > 1 ? `${words.number(totals.connected)}/${words.number(totals.of)}` : "");
      mark(dot, "data-line", String(facts.line));
      write(bridge, say.bridge(words, facts));
      mark(bridge, "data-is", String(facts.bridge));
      write(page, say.page(words, facts, nowMs));
      mark(page, "data-is", String(facts.page));
      write(ready, say.ready(words, facts));
      mark(ready, "data-is", String(facts.ready));
      write(cells.present, facts.present === null ? "" : words.number(facts.present));
      for (const [cell, text] of /** @type {const} */ ([[cells.chair, say.chair(people)], [cells.technician, say.technician(people)]])) {
        write(cell, text);
        mark(cell, "title", text);
      }
      write(call, `${say.call(words, called, nowMs)}${called && facts.acked ? " ✓" : ""}`);
      mark(call, "data-call", called?.state ?? "");
      mark(element, "data-bridge", String(facts.bridge));
    };
    return { element, paint };
  }
}
