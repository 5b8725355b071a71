/**
 * A question before something is done: what it will do stands there first; Enter does it, Esc leaves it.
 * @module
 */

import { one } from "../lib/page.js";
import { write } from "./element.js";

export class Ask {
  /**
   * @param {string} name of the dialog
   * @param {(values: FormData) => void} confirmed called with what was typed
   */
  constructor(name, confirmed) {
    this.dialog = /** @type {HTMLDialogElement} */ (one(`[data-ask="${name}"]`));
    this.title = one("[data-ask-title]", this.dialog);
    this.what = one("[data-ask-what]", this.dialog);
    this.form = /** @type {HTMLFormElement} */ (one("form", this.dialog));
    one("[data-ask-leave]", this.dialog).addEventListener("click", () => this.dialog.close());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = new FormData(this.form);
      this.dialog.close();
      confirmed(values);
    });
  }

  /** @param {string} title @param {string} what */
  open(title, what) {
    write(this.title, title);
    write(this.what, what);
    this.form.reset();
    if (!this.dialog.open) this.dialog.showModal();
    const field = /** @type {HTMLElement | null} */ (this.form.querySelector("input, [data-ask-confirm]"));
    field?.focus();
  }
}
