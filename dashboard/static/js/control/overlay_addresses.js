/**
 * The addresses under which a playout host opens an overlay, to copy, and the page for its disk.
 * @module
 */

import { one } from "../lib/page.js";
import { addressOf } from "./overlay_fields.js";

/** @typedef {import("./room.js").Room} Room */

const KINDS = /** @type {const} */ (["web", "waiting"]);

export class OverlayAddresses {
  /** @param {Room} room @param {string} output @param {() => void} changed called when something else is chosen */
  constructor(room, output, changed) {
    this.room = room;
    this.output = output;
    this.name = "";
    /** @type {import("./overlay_fields.js").Told} */
    this.told = {};
    this.options = [.../** @type {NodeListOf<HTMLInputElement | HTMLSelectElement>} */ (document.querySelectorAll("[data-address-of]"))];
    this.prepared = /** @type {HTMLInputElement} */ (one("[data-address-prepared]"));
    for (const each of [...this.options, this.prepared]) each.addEventListener("input", changed);
    for (const kind of KINDS) {
      this.field(kind).addEventListener("focus", () => this.field(kind).select());
      one(`[data-copy=${kind}]`).addEventListener("click", () => this.copy(kind));
    }
  }

  /** The theme that is chosen, "" for that of the output. */
  get theme() {
    return this.options.find((each) => each.dataset.addressOf === "theme")?.value ?? "";
  }

  /** @param {string} kind @returns {HTMLInputElement} */
  field(kind) {
    return /** @type {HTMLInputElement} */ (one(`[data-address=${kind}]`));
  }

  /** @param {string} name @param {import("./overlay_fields.js").Told} told what is typed */
  paint(name, told) {
    this.name = name;
    this.told = told;
    const chosen = Object.fromEntries(this.options.map((each) => [each.dataset.addressOf ?? "", each.value.trim()]));
    for (const kind of KINDS) {
      const parameters = { out: this.output, ...chosen, wait: kind === "waiting" ? "1" : "" };
      const of = (/** @type {string} */ path) => addressOf(window.location.origin, path, parameters, this.prepared.checked ? told : {});
      this.field(kind).value = of(`/overlays/${name}`);
      /** @type {HTMLAnchorElement} */ (one(`[data-shim=${kind}]`)).href = of(`/overlays/${name}/shim.html`);
    }
  }

  /** @param {string} kind */
  copy(kind) {
    const field = this.field(kind);
    const { toast, words } = this.room;
    field.select();
    // The other way to the clipboard is closed to pages without TLS, as in most halls.
    if (document.execCommand("copy")) {
      // In the field the page's keys would be letters.
      field.blur();
      toast.good(words.say("overlay_address_copied"));
    } else toast.bad(words.say("address_not_copied"));
  }
}
