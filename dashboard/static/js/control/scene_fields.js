/**
 * The fields in which settings of a scene are chosen or typed: in the palette of scenes, and copies of them in a dialog.
 * @module
 */

import { el } from "./element.js";

/** @typedef {Record<string, string | number>} Chosen */

/** What is chosen and typed within an element; what is left empty the scene chooses. @param {Element} element @returns {Chosen} */
export function read(element) {
  /** @type {Chosen} */
  const found = {};
  for (const field of fieldsIn(element)) {
    const name = field.dataset.setting ?? "";
    if (field.type === "radio" ? !field.checked : field.value.trim() === "") continue;
    found[name] = field.dataset.sort === "number" ? Number(field.value) : field.value;
  }
  return found;
}

/** Show settings in their fields; those that are not named stay. @param {Element} element @param {Record<string, unknown>} settings */
export function fill(element, settings) {
  for (const field of fieldsIn(element)) {
    const value = settings[field.dataset.setting ?? ""];
    if (value === undefined || value === null) continue;
    if (field.type !== "radio") field.value = String(value);
    else if (field.value === String(value)) field.checked = true;
  }
}

/** Whether there is a field for a setting. @param {Element} element @param {string} name @returns {boolean} */
export const named = (element, name) => fieldsIn(element).some((field) => field.dataset.setting === name);

/** Copies of a scene's fields, under names of their own. @param {string} scene @param {string} prefix @returns {Element[]} */
export function settingsOf(scene, prefix) {
  const found = document.querySelectorAll(`[data-take="${CSS.escape(scene)}"] [data-settings] > *`);
  return [...found].map((element) => {
    const copy = /** @type {Element} */ (element.cloneNode(true));
    for (const field of fieldsIn(copy)) {
      if (field.type !== "radio") field.value = "";
      else {
        field.name = `${prefix}-${field.name}`;
        // Not what is on air, by which the palette goes.
        field.checked = false;
      }
    }
    return copy;
  });
}

/** What a scene tells the parts of has some. */
const OF = "of";

/** Let fields of units offer them, by name. @param {ReadonlyMap<string, string>} names @param {ReadonlyMap<string, unknown>} children by the code of what they are in */
export function fillUnits(names, children) {
  for (const select of /** @type {NodeListOf<HTMLSelectElement>} */ (document.querySelectorAll("select[data-setting][data-sort=unit]"))) {
    for (const [code, name] of names) {
      if (select.dataset.setting === OF && !children.has(code)) continue;
      const made = /** @type {HTMLOptionElement} */ (el("option", "", name));
      made.value = code;
      select.append(made);
    }
  }
}

/** @param {Element} element @returns {HTMLInputElement[]} */
const fieldsIn = (element) => /** @type {HTMLInputElement[]} */ ([...element.querySelectorAll("[data-setting]")]);
