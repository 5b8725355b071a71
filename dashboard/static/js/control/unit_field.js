/**
 * A field in which a unit is chosen: by any part of its name, with or without marks, or by its code. The units that fit
 * stand in a list below it; arrows move in it, Enter chooses, Esc closes it.
 * @module
 */

import { folded, fitting } from "../lib/folded.js";
import { el } from "./element.js";

/** @typedef {import("./room.js").Room} Room */

/** Between a unit's name and its code in the list. */
const BEFORE_CODE = " · ";
const LISTED_MAX = 8;

export class UnitField {
  /**
   * @param {Room} room
   * @param {HTMLInputElement} input
   * @param {boolean} hasLeavesAlone only units with nothing below them can be chosen
   */
  constructor(room, input, hasLeavesAlone) {
    this.room = room;
    this.input = input;
    this.hasLeavesAlone = hasLeavesAlone;
    /** What can be chosen, made when the field is first used. @type {{text: string, code: string, folded: string}[] | null} */
    this.made = null;
    /** @type {{text: string, code: string}[]} */
    this.listed = [];
    this.at = -1;
    this.list = el("ul", "choices");
    this.list.id = `${input.id}-units`;
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    input.after(this.list);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": this.list.id, "aria-expanded": "false" };
    for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);
    input.addEventListener("input", () => {
      input.setCustomValidity("");
      this.open();
    });
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    // Before the field loses the focus, which would close the list.
    this.list.addEventListener("mousedown", (event) => {
      event.preventDefault();
      const on = /** @type {Element} */ (event.target).closest("li");
      if (on) this.take([...this.list.children].indexOf(on));
    });
  }

  /** @returns {{text: string, code: string, folded: string}[]} */
  get choices() {
    if (this.made === null) {
      const units = this.room.contest.units.filter(([code]) => !this.hasLeavesAlone || !this.room.children.has(code));
      this.made = units.map(([code, parent]) => {
        const text = this.text(code, parent);
        return { text, code, folded: folded(text) };
      });
    }
    return this.made;
  }

  /** @param {string} code @param {string | null} parent @returns {string} */
  text(code, parent) {
    const { names, contest } = this.room;
    const above = parent === null || parent === contest.root ? "" : ` (${names.get(parent)})`;
    return `${names.get(code)}${above}${BEFORE_CODE}${code}`;
  }

  /** @param {string} code */
  choose(code) {
    this.input.value = this.text(code, this.room.parents.get(code) ?? null);
    this.close();
  }

  open() {
    const typed = this.input.value.trim();
    // Whoever has typed a whole name needs no list, which would lie over the fields below.
    const isWhole = this.choices.some(({ code }) => typed.normalize("NFC") === this.room.names.get(code));
    this.listed = typed === "" || isWhole ? [] : fitting(this.choices, typed).slice(0, LISTED_MAX);
    this.list.textContent = "";
    this.listed.forEach(({ text }, index) => {
      const line = el("li", "", text);
      line.id = `${this.list.id}-${index}`;
      line.setAttribute("role", "option");
      this.list.append(line);
    });
    this.list.hidden = this.listed.length === 0;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.move(-1);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.at = -1;
  }

  /** @param {number} index */
  move(index) {
    this.at = index;
    [...this.list.children].forEach((line, at) => line.setAttribute("aria-selected", String(at === index)));
    const line = this.list.children[index];
    if (line) {
      this.input.setAttribute("aria-activedescendant", line.id);
      line.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {number} index */
  take(index) {
    const found = this.listed[index];
    if (found) this.choose(found.code);
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && this.list.hidden) this.open();
    if (this.list.hidden) return;
    const last = this.listed.length - 1;
    if (event.key === "ArrowDown") this.move(this.at === last ? 0 : this.at + 1);
    else if (event.key === "ArrowUp") this.move(this.at <= 0 ? last : this.at - 1);
    else if (event.key === "Enter" && this.at >= 0) this.take(this.at);
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** The chosen unit; null, with a message at the field, if the text names none. @returns {string | null} */
  chosen() {
    const typed = this.input.value.trim().normalize("NFC");
    const exact = this.choices.find(({ text, code }) => text === typed || code === typed);
    const found = exact ?? this.named(typed);
    this.input.setCustomValidity(found === null ? this.room.words.say("unit_unknown") : "");
    if (found === null) this.input.reportValidity();
    return found === null ? null : found.code;
  }

  /** The one unit that fits, or the one of exactly this name; null if there is none or several. @param {string} typed */
  named(typed) {
    const found = typed === "" ? [] : fitting(this.choices, typed);
    if (found.length === 1) return found[0] ?? null;
    const wanted = folded(typed);
    const same = found.filter(({ code }) => folded(this.room.names.get(code) ?? "") === wanted);
    return same.length === 1 ? same[0] ?? null : null;
  }
}
