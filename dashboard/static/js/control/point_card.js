/**
 * The point that the cursor stands on: who sits there, what is heard of it, what it is called to.
 * @module
 */

import { one } from "../lib/page.js";
import { Ask } from "./ask.js";
import { show, write } from "./element.js";
import { factsOf } from "./roll_rows.js";
import * as say from "./roll_words.js";

/** @typedef {import("./roll_call.js").RollCall} RollCall */

const NAMES = /** @type {const} */ (["chair_title", "chair", "technician", "telephone"]);

export class PointCard {
  /** @param {RollCall} rollCall */
  constructor(rollCall) {
    this.rollCall = rollCall;
    this.card = /** @type {HTMLElement} */ (one("[data-point-card]"));
    /** @param {string} selector @returns {HTMLElement | null} */
    const found = (selector) => this.card.querySelector(selector);
    this.form = /** @type {HTMLFormElement | null} */ (found("[data-card-people]"));
    this.moderate = found("[data-card-line]");
    this.below = found("[data-card-below]");
    this.text = /** @type {HTMLInputElement | null} */ (found("#call-text"));
    /** What was read into the form, so that what somebody else saves meanwhile is seen where nobody types. */
    this.filled = "";
    /** What the question asks for that is open. */
    this.confirmed = () => {};
    found("[data-card-tick]")?.addEventListener("click", () => void rollCall.tick(true));
    found("[data-card-missing]")?.addEventListener("click", () => void rollCall.tick(false));
    found("[data-card-untick]")?.addEventListener("click", () => void rollCall.tick(null));
    for (const each of /** @type {NodeListOf<HTMLElement>} */ (this.card.querySelectorAll("[data-card-call]"))) {
      each.addEventListener("click", () => void this.call(each.dataset.cardCall ?? "", each.textContent ?? ""));
    }
    for (const state of /** @type {const} */ (["shown", "aside"])) {
      found(`[data-card-line-${state}]`)?.addEventListener("click", () => void rollCall.lines.moderate(rollCall.chosen ?? "", state));
    }
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save();
    });
    if (this.below) {
      const { room } = rollCall;
      this.ask = new Ask("roll", () => this.confirmed());
      this.below.addEventListener("click", () => {
        const code = rollCall.chosen;
        if (code === null) return;
        const codes = rollCall.below(code);
        const fresh = codes.filter((each) => factsOf(rollCall.roll, each).bridge !== 1).length;
        this.confirmed = () => void rollCall.tickAll(codes, true);
        const values = { unit: rollCall.name(code), n: room.words.number(codes.length), changes: room.words.number(fresh) };
        this.ask?.open(room.words.say("roll_ask_below", values), room.words.say("roll_ask_below_what", values));
      });
      one("[data-roll-afresh]").addEventListener("click", () => {
        const n = room.words.number(rollCall.codes.length);
        this.confirmed = () => void room.act(() => room.api.beginRollCall(rollCall.codes[0] ?? ""), "done_roll_afresh");
        this.ask?.open(room.words.say("roll_ask_afresh"), room.words.say("roll_ask_afresh_what", { n }));
      });
    }
  }

  /** @param {string | null} code */
  open(code) {
    show(this.card, code !== null);
    this.filled = "";
    if (this.text) this.text.value = "";
    this.paint(this.rollCall.room.clock.now());
  }

  /** @param {string} state @param {string} what */
  async call(state, what) {
    const { room, chosen } = this.rollCall;
    if (chosen === null) return;
    const text = this.text?.value ?? "";
    await room.act(() => room.api.callPoint(chosen, state || null, text), "done_roll_call", { unit: this.rollCall.name(chosen), what });
  }

  async save() {
    const { room, chosen } = this.rollCall;
    if (chosen === null || this.form === null) return;
    const values = new FormData(this.form);
    const people = Object.fromEntries(NAMES.map((name) => [name, String(values.get(name) ?? "")]));
    const typed = String(values.get("present") ?? "").trim();
    const said = { unit: this.rollCall.name(chosen) };
    const saved = await room.act(async () => {
      await room.api.tellPoint(chosen, { present: typed === "" ? null : Number(typed) });
      return room.api.namePeople(chosen, people);
    }, "done_roll_people", said);
    if (saved === null) return;
    this.filled = "";
    /** @type {HTMLElement} */ (this.rollCall.box).focus();
  }

  /** @param {number} nowMs */
  paint(nowMs) {
    const { rollCall } = this;
    const { chosen: code, roll, room: { words } } = rollCall;
    if (code === null) return;
    const facts = factsOf(roll, code);
    const [people, called, line] = [roll.state.get("people")?.[code], roll.state.get("calls")?.[code], roll.state.get("lines")?.[code]];
    const part = (/** @type {string} */ name) => /** @type {HTMLElement | null} */ (this.card.querySelector(`[data-card=${name}]`));
    const put = (/** @type {string} */ name, /** @type {string} */ text) => {
      const element = part(name);
      if (element) write(element, text);
    };
    const above = rollCall.room.parents.get(code) ?? null;
    put("name", rollCall.name(code));
    put("above", [code, above === null ? "" : rollCall.name(above)].filter(Boolean).join(" · "));
    put("facts", [say.bridge(words, facts), `${words.say("roll_column_page")}: ${say.page(words, facts, nowMs)}`, say.ready(words, facts)].filter(Boolean).join(" · "));
    put("people", [say.chair(people), say.technician(people)].filter(Boolean).join(" · "));
    const answered = called && called.state !== "none" ? words.say(facts.acked ? "call_acked" : "call_not_acked") : "";
    put("call", called ? [say.call(words, called, nowMs), called.text, called.by_hand ? words.say("call_hand") : "", answered].filter(Boolean).join(" · ") : words.say("call_nothing"));
    const lineText = part("line");
    if (lineText) {
      show(lineText, line !== undefined);
      if (line) write(lineText, `“${line.text}” · ${words.say(`line_${line.state}`)}`);
    }
    if (this.moderate) show(this.moderate, line !== undefined);
    if (this.below) show(this.below, rollCall.below(code).length > 1);
    const byRundown = /** @type {HTMLElement | null} */ (this.card.querySelector('[data-card-call=""]'));
    if (byRundown) show(byRundown, called?.by_hand === true);
    this.fill(code, facts.present, people);
  }

  /** @param {string} code @param {number | null} present @param {wire.People | undefined} people */
  fill(code, present, people) {
    const { form } = this;
    if (form === null) return;
    const values = { ...Object.fromEntries(NAMES.map((name) => [name, people?.[name] ?? ""])), present: present === null ? "" : String(present) };
    const filled = JSON.stringify([code, values]);
    // What is being typed stays.
    if (this.filled === filled || (this.filled !== "" && form.contains(document.activeElement))) return;
    this.filled = filled;
    for (const [name, value] of Object.entries(values)) /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).value = value;
  }
}
