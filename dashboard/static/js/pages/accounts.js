/**
 * Accounts: a new one asks only for what its role has, and a unit is found by its name. Without this script the form asks for
 * all, and for a unit's code.
 * @module
 */

import { bindCopy } from "../control/copy_link.js";
import { Room } from "../control/room.js";
import { UnitField } from "../control/unit_field.js";
import { one } from "../lib/page.js";

const room = new Room();
bindCopy(room);
const form = /** @type {HTMLFormElement} */ (one("[data-account-form]"));
const role = /** @type {HTMLSelectElement} */ (one("#role", form));
const input = /** @type {HTMLInputElement} */ (one("#unit", form));
const unit = new UnitField(room, input, false);
if (room.names.has(input.value.trim())) unit.choose(input.value.trim());

function suit() {
  for (const each of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("[data-for-role]"))) {
    each.hidden = each.dataset.forRole !== role.value;
  }
}
role.addEventListener("change", suit);
form.addEventListener("submit", (event) => {
  // A field that is not seen says nothing, and keeps no form from being sent.
  if (role.value !== "point") {
    input.value = "";
    input.setCustomValidity("");
    return;
  }
  const code = unit.chosen();
  if (code === null) event.preventDefault();
  else input.value = code;
});
suit();
room.start();
