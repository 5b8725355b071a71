/**
 * The door of a connection point: the token of its link stands behind the #, which browsers tell nobody, and goes to the
 * server in the form alone.
 * @module
 */

import { one } from "../lib/page.js";

/** A screen that is narrower than this, either way round, is a telephone's. */
const PHONE_PX = 600;

const form = /** @type {HTMLFormElement} */ (one("[data-door]"));
const field = /** @type {HTMLInputElement} */ (one("#code", form));
const isPhone = Math.min(window.screen.width, window.screen.height) < PHONE_PX;
const way = /** @type {HTMLButtonElement} */ (one(`button[value=${isPhone ? "phone" : "screen"}]`, form));

// The first button is the one that Enter presses.
for (const button of form.querySelectorAll("button")) button.classList.toggle("main", button === way);
one("[data-ways]", form).prepend(way);

function open() {
  const { hash, pathname, search } = window.location;
  if (hash.length < 2) return;
  field.value = hash.slice(1);
  // Neither the way back nor the history is to show it.
  window.history.replaceState(null, "", pathname + search);
  way.click();
}

window.addEventListener("hashchange", open);
open();
