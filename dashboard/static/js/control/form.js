/**
 * Forms of the control room: a decision is sent, and what is wrong is said at its field.
 * @module
 */

import { one } from "../lib/page.js";
import { el } from "./element.js";
import { UnitField } from "./unit_field.js";

/** @typedef {import("./room.js").Room} Room */

/**
 * Send a form by a function; its button is disabled meanwhile.
 *
 * The form is sent with the last decision that was known when it was first touched: whoever filled it in has not seen
 * later ones. A refusal names the later decision; the next press is sent with that one.
 * @param {Room} room
 * @param {string} selector
 * @param {(values: FormData, seen: number) => Promise<boolean>} send whether it was accepted: then the form is reset
 * @returns {{form: HTMLFormElement, isTouched: () => boolean}}
 */
export function onSubmit(room, selector, send) {
  const form = /** @type {HTMLFormElement} */ (one(selector));
  /** @type {number | null} */
  let seen = null;
  form.addEventListener("focusin", () => {
    seen = seen ?? room.seen;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const pressed = /** @type {HTMLButtonElement | null} */ (form.querySelector("button:not([type=button])"));
    if (!pressed || pressed.disabled) return;
    pressed.disabled = true;
    void send(new FormData(form), seen ?? room.seen)
      .then((isAccepted) => {
        if (isAccepted) form.reset();
      })
      .finally(() => {
        pressed.disabled = false;
        seen = null;
      });
  });
  return { form, isTouched: () => seen !== null };
}

/** A text field's value. @param {FormData} values @param {string} name @returns {string} */
export const typed = (values, name) => String(values.get(name) ?? "").trim();

/** The rounds of the contest as options; where none is open, one has to be chosen. @param {Room} room @param {HTMLSelectElement} select */
export function fillRounds(room, select) {
  const current = room.stores.control.state.get("round")?.n;
  select.required = true;
  if (current === undefined) select.append(el("option"));
  for (const [n, name] of Object.entries(room.contest.rounds)) {
    const option = /** @type {HTMLOptionElement} */ (el("option", "", String(name)));
    option.value = n;
    option.defaultSelected = Number(n) === current;
    select.append(option);
  }
}

/**
 * Have every form that names an action send it, `<form data-decides="hold">`; no script of its own is needed where a
 * field is a field of the action by its name. A number may be sent in another unit (`data-times`), `data-unit` chooses a
 * unit by its name ("leaf": one with nothing below it), `data-rounds` a round. `data-at-once`: whatever was decided since.
 * What is said once it acts is the text `done_hold`, whose gaps are the fields.
 * @param {Room} room
 */
export function decidesByForms(room) {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-decides]"))) {
    const action = form.dataset.decides ?? "";
    const fields = [...form.elements].flatMap((element) => {
      const input = /** @type {HTMLInputElement} */ (element);
      return input.name ? [{ name: input.name, read: reader(room, input) }] : [];
    });
    onSubmit(room, `form[data-decides="${action}"]`, (_, seen) => {
      /** @type {Record<string, unknown>} */
      const sent = "atOnce" in form.dataset ? { do: action } : { do: action, seen };
      /** @type {Record<string, string>} */
      const said = {};
      for (const { name, read } of fields) {
        const { value, text } = read();
        if (value === null) return Promise.resolve(false);
        sent[name] = value;
        said[name] = text;
      }
      return room.decide(/** @type {wire.Action} */ (/** @type {unknown} */ (sent)), `done_${action}`, said);
    });
  }
}

/**
 * What reads a field: its value as it is sent, null for none that can be, and in words.
 * @param {Room} room
 * @param {HTMLInputElement} input
 * @returns {() => {value: unknown, text: string}}
 */
function reader(room, input) {
  const { words, phrases, contest } = room;
  const { unit, times, rounds } = input.dataset;
  if (unit !== undefined) {
    const field = new UnitField(room, input, unit === "leaf");
    return () => {
      const value = field.chosen();
      return { value, text: value === null ? "" : phrases.unit(value) };
    };
  }
  if (rounds !== undefined) {
    fillRounds(room, /** @type {HTMLSelectElement} */ (/** @type {unknown} */ (input)));
    return () => ({ value: Number(input.value), text: contest.rounds[input.value] ?? "" });
  }
  if (input.type === "checkbox") return () => ({ value: input.checked, text: "" });
  if (input.type === "number") {
    return () => {
      const value = Math.round(Number(input.value) * Number(times ?? 1));
      return { value, text: times === undefined ? words.number(value) : words.duration(value) };
    };
  }
  return () => ({ value: input.value.trim(), text: input.value.trim() });
}
