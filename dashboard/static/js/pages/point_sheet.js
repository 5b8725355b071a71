/**
 * The links of connection points: messages and links are copied by a press, points found by a part of their name.
 * @module
 */

import { Room } from "../control/room.js";
import { fitting, folded } from "../lib/folded.js";

const room = new Room();

/** @param {string} text @returns {boolean} */
function copied(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "copying";
  document.body.append(field);
  field.select();
  // The other way to the clipboard is closed to pages without TLS, as in most halls.
  const isDone = document.execCommand("copy");
  field.remove();
  return isDone;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const { copy, good, bad } = /** @type {HTMLElement} */ (button).dataset;
  button.addEventListener("click", () => {
    const isDone = copied(copy ?? "");
    /** @type {HTMLElement} */ (button).focus();
    if (isDone) room.toast.good(good ?? "");
    else room.toast.bad(bad ?? "");
  });
}

const find = /** @type {HTMLInputElement | null} */ (document.querySelector("[data-find]"));
const rows = [...document.querySelectorAll("[data-point]")].map((element) => {
  const row = /** @type {HTMLElement} */ (element);
  const text = row.dataset.point ?? "";
  return { row, text, folded: folded(text) };
});
find?.addEventListener("input", () => {
  const found = new Set(fitting(rows, find.value.trim()));
  for (const each of rows) each.row.hidden = !found.has(each);
  const none = /** @type {HTMLElement} */ (document.querySelector("[data-none]"));
  none.hidden = found.size > 0;
});

room.start();
