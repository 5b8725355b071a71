/**
 * The form of one overlay: what is typed there is sent when it is shown, or prepared; until somebody types it goes by what
 * the output says.
 * @module
 */

import { canonical, textOf, valueOf } from "./overlay_fields.js";
import { UnitField } from "./unit_field.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./overlay_fields.js").Told} Told */
/** @typedef {import("./overlay_fields.js").Field} Field */

export class OverlayForm {
  /** @param {Room} room @param {HTMLFormElement} element @param {() => void} changed */
  constructor(room, element, changed) {
    this.room = room;
    this.element = element;
    this.fields = [.../** @type {NodeListOf<Field>} */ (element.querySelectorAll("[data-field]"))];
    /** @type {Map<Field, UnitField>} */
    this.units = new Map();
    /** What a person's strap says where nothing is typed. @type {Told} */
    this.empty = element.dataset.form === "lower-third" ? { honorific: "", titles: [], capitals: false } : {};
    for (const field of this.fields) {
      if (field.dataset.sort !== "unit") continue;
      this.units.set(field, new UnitField(room, /** @type {HTMLInputElement} */ (field), false));
    }
    /** What the output said when the fields last went by it. */
    this.followed = canonical({});
    element.addEventListener("submit", (event) => event.preventDefault());
    element.addEventListener("input", (event) => {
      /** @type {Field} */ (event.target).setCustomValidity("");
      changed();
    });
    element.addEventListener("change", changed);
    // A unit that is taken from the list is no input of the field's own.
    element.addEventListener("focusout", changed);
  }

  /**
   * What is typed. A unit that is none yet is left out; of a person all is told, so that nothing is left to an address.
   * @returns {Told}
   */
  get told() {
    /** @type {Told} */
    const found = {};
    for (const field of this.fields) {
      const value = this.value(field);
      if (value !== undefined) found[field.dataset.field ?? ""] = value;
    }
    return "name" in found && "titles" in this.empty ? { ...this.empty, ...found } : found;
  }

  /** @param {Field} field @returns {unknown} */
  value(field) {
    const unit = this.units.get(field);
    if (!unit) return valueOf(field.dataset.sort ?? "", field.value, this.room.words);
    const typed = field.value.trim().normalize("NFC");
    if (typed === "") return undefined;
    return (unit.choices.find(({ text, code }) => text === typed || code === typed) ?? unit.named(typed))?.code;
  }

  /** Whether something is typed that the output does not say. @returns {boolean} */
  get isUnsent() {
    return canonical(this.told) !== this.followed;
  }

  /** Go by what the output says, unless somebody is typing something else. @param {Told} said */
  follow(said) {
    const told = canonical(said);
    if (told === this.followed) return;
    const isTyped = this.isUnsent && canonical(this.told) !== told;
    this.followed = told;
    if (!isTyped) this.fill(said);
  }

  /** @param {Told} said */
  fill(said) {
    for (const field of this.fields) {
      const value = said[field.dataset.field ?? ""];
      const unit = this.units.get(field);
      field.setCustomValidity("");
      if (unit && value) unit.choose(String(value));
      else field.value = textOf(field.dataset.sort ?? "", value, this.room.words);
    }
  }

  /** Whether what is typed can be sent; else the first wrong field says why. @returns {boolean} */
  check() {
    for (const field of this.fields) {
      const { sort, lines = "", chars = "" } = field.dataset;
      if (sort === "unit" && field.value.trim() !== "" && this.value(field) === undefined) {
        this.units.get(field)?.chosen();
        return false;
      }
      if (sort === "moment") field.setCustomValidity(field.value.trim() !== "" && this.value(field) === undefined ? this.room.words.say("date_time_wrong") : "");
      if (sort === "lines") {
        const typed = /** @type {string[]} */ (this.value(field) ?? []);
        const isRight = typed.length <= Number(lines) && typed.every((line) => [...line].length <= Number(chars));
        field.setCustomValidity(isRight ? "" : this.room.words.say("overlay_lines_wrong", { n: lines, chars }));
      }
    }
    return this.element.reportValidity();
  }

  /** What the output's data tells, in a few words. @param {Told} said @returns {string} */
  sentence(said) {
    const { words, names } = this.room;
    const parts = this.fields.map((field) => {
      const value = said[field.dataset.field ?? ""];
      if (value === undefined || value === null || value === "" || value === false) return "";
      if (this.units.has(field)) return names.get(String(value)) ?? String(value);
      if (field.dataset.sort === "moment") return value ? this.room.phrases.moment(Number(value)) : "";
      if (field.dataset.sort === "choice" || field.dataset.sort === "flag") return words.texts[`setting_${field.dataset.field}_${value}`] ?? "";
      if (field.dataset.sort === "number") return `${field.labels?.[0]?.textContent}: ${words.number(Number(value))}`;
      return Array.isArray(value) ? value.join("; ") : String(value);
    });
    return parts.filter(Boolean).join(" · ");
  }
}

