/**
 * The page of what was shown: a button that marks this moment of the output.
 * @module
 */

import { one } from "../lib/page.js";
import { typed } from "../control/form.js";
import { Room } from "../control/room.js";

const room = new Room();
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-mark]"));
form?.addEventListener("submit", (event) => {
  event.preventDefault();
  void mark(form);
});
room.start(() => {});

/** @param {HTMLFormElement} form */
async function mark(form) {
  const pressed = /** @type {HTMLButtonElement} */ (one("button", form));
  if (pressed.disabled) return;
  pressed.disabled = true;
  const done = await room.act(() => room.api.steer(form.dataset.output ?? "", "mark", { text: typed(new FormData(form), "text") }), "shown_marked");
  pressed.disabled = false;
  if (done) location.reload();
}
