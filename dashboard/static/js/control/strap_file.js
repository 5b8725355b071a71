/**
 * The list of straps as a file: what a workbook would change is shown first, with what is wrong by row and column.
 * @module
 */

import { one } from "../lib/page.js";
import { el, show, write } from "./element.js";
import { sent } from "./file_form.js";

/** @typedef {import("./room.js").Room} Room */

const FILE_BYTES_MAX = 4 * 1024 * 1024;

export class StrapFileView {
  /** @param {Room} room @param {() => Promise<void>} onTaken called once the list is another */
  constructor(room, onTaken) {
    this.room = room;
    this.onTaken = onTaken;
    this.form = /** @type {HTMLFormElement} */ (one("[data-straps-file]"));
    /** What was looked at: the file, and what it would change. @type {{file: File, read: wire.StrapsFileRead} | null} */
    this.looked = null;
    const file = /** @type {HTMLInputElement} */ (one("#straps-file"));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.look(file.files?.[0] ?? null);
    });
    file.addEventListener("change", () => this.leave());
    one("[data-straps-do]").addEventListener("click", () => void this.act());
    one("[data-straps-leave]").addEventListener("click", () => this.leave());
  }

  /** @param {File | null} file */
  async look(file) {
    const { words } = this.room;
    if (file === null) return this.fail(words.say("rundown_no_file"));
    if (file.size > FILE_BYTES_MAX) return this.fail(words.say("refused_too_large", { n: words.number(FILE_BYTES_MAX / 1024 / 1024) }));
    const read = await this.send(file, null);
    if (read === null) return;
    this.looked = { file, read };
    this.paint(read);
  }

  async act() {
    if (this.looked === null) return;
    const { file, read } = this.looked;
    const done = await this.send(file, read.version);
    if (done === null) return;
    this.form.reset();
    this.leave();
    this.room.toast.good(this.room.words.say("straps_replaced", { n: this.room.words.number(done.people) }));
    await this.onTaken();
  }

  /** @param {File} file @param {number | null} seen @returns {Promise<wire.StrapsFileRead | null>} */
  async send(file, seen) {
    const { room } = this;
    return sent(room, "[data-straps-file] button, [data-straps-read] button", (text) => this.fail(text), () => room.api.takeStraps(file, seen, room.contest.lang));
  }

  /** @param {string} text */
  fail(text) {
    const said = /** @type {HTMLElement} */ (one("[data-straps-file-error]"));
    write(said, text);
    show(said, text !== "");
  }

  leave() {
    this.looked = null;
    this.fail("");
    show(/** @type {HTMLElement} */ (one("[data-straps-read]")), false);
  }

  /** @param {wire.StrapsFileRead} read */
  paint({ faults, changes }) {
    const { words } = this.room;
    const title = faults.length ? "straps_faults" : changes.length ? "straps_changes" : "straps_same";
    write(one("[data-straps-read-title]"), words.say(title, { n: words.number(faults.length || changes.length) }));
    one("[data-straps-faults]").replaceChildren(...faults.map((fault) => el("li", "", this.fault(fault))));
    // Of a file with faults it is not known what it would change.
    one("[data-straps-changes]").replaceChildren(...(faults.length ? [] : changes).map((change) => el("li", "", this.change(change))));
    show(/** @type {HTMLElement} */ (one("[data-straps-do]")), changes.length > 0 && faults.length === 0);
    show(/** @type {HTMLElement} */ (one("[data-straps-read]")), true);
  }

  /** "Dòng 5, cột “Chức danh 2”: …" @param {wire.RowFault} fault @returns {string} */
  fault({ row, column, code, found, expected }) {
    const { words } = this.room;
    const what = words.say(`fault_${code}`, { found, expected });
    const where = column === "" ? "fault_row" : code === "formula" ? "fault_cell" : "fault_in";
    const tellsFound = found && code !== "formula" && code !== "strap_twice";
    return words.say(where, { row: String(row), column, cell: `${column}${row}`, what: tellsFound ? `${what} (${words.say("fault_found", { found })})` : what });
  }

  /** @param {wire.StrapChange} change @returns {string} */
  change({ did, name, note, row, fields, ends_approval: endsApproval }) {
    const { words } = this.room;
    const columns = fields.map((field) => words.say(`strap_field_${field}`)).join(", ");
    const called = note ? `${name} (${note})` : name;
    const said = words.say(`change_${did}`, { title: called, row: String(row ?? ""), columns });
    return endsApproval ? `${said} · ${words.say("strap_ends_approval")}` : said;
  }
}
