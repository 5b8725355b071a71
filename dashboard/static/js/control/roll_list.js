/**
 * A list of connected points, pasted or as a file: what it would tick is shown first, and lines that name none.
 * @module
 */

import { one } from "../lib/page.js";
import { el, show, write } from "./element.js";
import { sent } from "./file_form.js";

/** @typedef {import("./roll_call.js").RollCall} RollCall */

const FAULTS_SHOWN = 30;

export class RollList {
  /** @param {RollCall} rollCall */
  constructor(rollCall) {
    this.rollCall = rollCall;
    this.dialog = /** @type {HTMLDialogElement} */ (one("[data-list]"));
    this.form = /** @type {HTMLFormElement} */ (one("[data-list-form]"));
    this.text = /** @type {HTMLTextAreaElement} */ (one("#roll-list-text"));
    this.file = /** @type {HTMLInputElement} */ (one("#roll-list-file"));
    this.read = /** @type {HTMLElement} */ (one("[data-list-read]"));
    /** What was looked at. @type {Blob | null} */
    this.looked = null;
    one("[data-roll-list]").addEventListener("click", () => this.open());
    one("[data-list-leave]").addEventListener("click", () => this.dialog.close());
    one("[data-list-do]").addEventListener("click", () => void this.act());
    for (const field of [this.text, this.file]) field.addEventListener("input", () => this.forget());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.look();
    });
  }

  open() {
    this.form.reset();
    this.forget();
    this.dialog.showModal();
    this.text.focus();
  }

  forget() {
    this.looked = null;
    this.fail("");
    show(this.read, false);
  }

  /** @param {string} text */
  fail(text) {
    const error = /** @type {HTMLElement} */ (one("[data-list-error]"));
    write(error, text);
    show(error, text !== "");
  }

  async look() {
    const { words } = this.rollCall.room;
    const body = this.file.files?.[0] ?? (this.text.value.trim() ? new Blob([this.text.value]) : null);
    if (body === null) return this.fail(words.say("roll_list_nothing"));
    const read = await this.send(body, false);
    if (read === null) return;
    this.looked = body;
    const numbers = { n: words.number(read.codes.length), changes: words.number(read.changes) };
    write(one("[data-list-title]"), words.say("roll_list_read", numbers));
    const head = read.faults.length ? [el("li", "head", words.say("roll_list_faults", { n: words.number(read.faults.length) }))] : [];
    one("[data-list-faults]").replaceChildren(...head, ...read.faults.slice(0, FAULTS_SHOWN).map((fault) => el("li", "", this.fault(fault))));
    show(/** @type {HTMLElement} */ (one("[data-list-do]")), read.changes > 0);
    show(this.read, true);
  }

  /** @param {wire.FoundFault} fault @returns {string} */
  fault({ row, value, code, near }) {
    const { rollCall, rollCall: { room: { words } } } = this;
    const names = near.map((each) => `${rollCall.name(each)} (${each})`).join(", ");
    const key = code === "unknown_unit" && names ? "unknown_near" : code;
    return words.say("roll_list_row", { row: words.number(row), value, what: words.say(`roll_fault_${key}`, { near: names }) });
  }

  async act() {
    if (this.looked === null) return;
    const read = await this.send(this.looked, true);
    if (read === null) return;
    const { room } = this.rollCall;
    this.dialog.close();
    room.toast.good(room.words.say("done_roll_tick", { n: room.words.number(read.changes) }));
  }

  /** @param {Blob} body @param {boolean} takes @returns {Promise<wire.ListRead | null>} */
  send(body, takes) {
    const { room } = this.rollCall;
    return sent(room, "[data-list] button", (text) => this.fail(text), () => room.api.listPoints(body, takes));
  }
}
