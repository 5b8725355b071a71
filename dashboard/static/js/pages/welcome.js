/**
 * A one-time link: its token stands behind the #, which browsers tell nobody, and goes to the server in the form alone.
 * @module
 */

import { one } from "../lib/page.js";

const form = /** @type {HTMLFormElement} */ (one("[data-welcome]"));
const field = /** @type {HTMLInputElement} */ (one("#token"));

function open() {
  const { hash, pathname, search } = window.location;
  if (hash.length < 2) return;
  field.value = hash.slice(1);
  // Neither the way back nor the history is to show it.
  window.history.replaceState(null, "", pathname + search);
  form.submit();
}

window.addEventListener("hashchange", open);
open();
