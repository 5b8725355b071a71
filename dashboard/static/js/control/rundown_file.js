/**
 * The rundown as a file: what a workbook would change is shown first, with what is wrong by row and column; then it acts.
 * @module
 */

import { one } from "../lib/page.js";
import { el, show, write } from "./element.js";
import { sent } from "./file_form.js";

/** @typedef {import("./room.js").Room} Room */

const FILE_BYTES_MAX = 4 * 1024 * 1024;

export class RundownFileView {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.form = /** @type {HTMLFormElement} */ (one("[data-rundown]"));
    this.output = /** @type {HTMLSelectElement} */ (one("#rundown-output"));
    /** What was looked at: the file, and what it would change. @type {{file: File, output: string, read: wire.RundownRead} | null} */
    this.looked = null;
    this.output.addEventListener("change", () => this.point());
    this.point();
    const file = /** @type {HTMLInputElement | null} */ (document.querySelector("#rundown-file"));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (file) void this.look(file.files?.[0] ?? null);
    });
    if (!file) return;
    file.addEventListener("change", () => this.leave());
    one("[data-rundown-do]").addEventListener("click", () => void this.act());
    one("[data-rundown-leave]").addEventListener("click", () => this.leave());
  }

  /** Let the links lead to the files of the output that is chosen. */
  point() {
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-file]"))) {
      link.href = `/api/v1/outputs/${this.output.value}/${link.dataset.file}?lang=${this.room.contest.lang}`;
    }
    for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-sheet]"))) {
      link.href = `/control/sheet?out=${this.output.value}&lang=${this.room.contest.lang}`;
    }
    this.leave();
  }

  /** @param {File | null} file */
  async look(file) {
    const { words } = this.room;
    if (file === null) return this.fail(words.say("rundown_no_file"));
    if (file.size > FILE_BYTES_MAX) return this.fail(words.say("refused_too_large", { n: words.number(FILE_BYTES_MAX / 1024 / 1024) }));
    const read = await this.send(file, this.output.value, null);
    if (read === null) return;
    this.looked = { file, output: this.output.value, read };
    this.paint(read);
  }

  async act() {
    if (this.looked === null) return;
    const { file, output, read } = this.looked;
    const done = await this.send(file, output, read.version);
    if (done === null) return;
    this.form.reset();
    this.output.value = output;
    this.leave();
    this.room.toast.good(this.room.words.say("rundown_replaced", { n: this.room.words.number(done.items) }));
  }

  /** @param {File} file @param {string} output @param {number | null} seen @returns {Promise<wire.RundownRead | null>} */
  async send(file, output, seen) {
    const { room } = this;
    const read = await sent(room, "[data-rundown] button, [data-rundown-read] button", (text) => this.fail(text), () => room.api.takeRundown(output, file, seen, room.contest.lang));
    const act = /** @type {HTMLButtonElement} */ (one("[data-rundown-do]"));
    act.disabled = this.looked !== null && this.looked.read.faults.length > 0;
    return read;
  }

  /** @param {string} text */
  fail(text) {
    const said = one("[data-rundown-error]");
    write(said, text);
    show(said, text !== "");
  }

  leave() {
    this.looked = null;
    this.fail("");
    const read = /** @type {HTMLElement | null} */ (document.querySelector("[data-rundown-read]"));
    if (read) show(read, false);
  }

  /** @param {wire.RundownRead} read */
  paint(read) {
    const { words } = this.room;
    const { faults, changes } = read;
    const lines = changes.map((change) => this.change(change));
    if (read.ends_changes) lines.push(words.say("change_ends"));
    const title = faults.length ? "rundown_faults" : lines.length ? "rundown_changes" : "rundown_same";
    write(one("[data-rundown-title]"), words.say(title, { n: words.number(faults.length || lines.length) }));
    one("[data-rundown-faults]").replaceChildren(...faults.map((fault) => el("li", "", this.fault(fault))));
    // Of a file with faults it is not known what it would change.
    one("[data-rundown-changes]").replaceChildren(...(faults.length ? [] : lines).map((line) => el("li", "", line)));
    const act = /** @type {HTMLButtonElement} */ (one("[data-rundown-do]"));
    act.disabled = faults.length > 0;
    show(act, lines.length > 0 && faults.length === 0);
    show(one("[data-rundown-read]"), true);
  }

  /** "Dòng 5, cột “Đơn vị”: …" @param {wire.RowFault} fault @returns {string} */
  fault({ row, column, code, found, expected }) {
    const { words } = this.room;
    const what = words.say(`fault_${code}`, { found, expected });
    const where = column === "" ? "fault_row" : code === "formula" ? "fault_cell" : "fault_in";
    return words.say(where, { row: String(row), column, cell: `${column}${row}`, what: found && code !== "formula" ? `${what} (${words.say("fault_found", { found })})` : what });
  }

  /** @param {wire.ItemChange} change @returns {string} */
  change({ did, title, row, fields }) {
    const { words } = this.room;
    const columns = fields.map((name) => words.say(`column_${name}`)).join(", ");
    return words.say(`change_${did}`, { title, row: String(row ?? ""), columns });
  }
}
