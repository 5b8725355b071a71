/**
 * The prepared straps of people: the list in protocol order, found without marks, edited and approved by the office.
 * @module
 */

import { fitting, folded } from "../lib/folded.js";
import { one } from "../lib/page.js";
import { Refused } from "./asking.js";
import { Ask } from "./ask.js";
import { List, button, el, mark, show, write } from "./element.js";
import { typed } from "./form.js";

/** @typedef {import("./room.js").Room} Room */

/** Refusals after which what is shown here is old. */
const MOVED = new Set(["strap_changed", "unknown_strap"]);

export class StrapsView {
  /** @param {Room} room @param {wire.StrapsData} found */
  constructor(room, found) {
    this.room = room;
    this.mayEdit = found.may_edit;
    this.shown = found.shown;
    this.search = /** @type {HTMLInputElement} */ (one("#strap-search"));
    this.search.addEventListener("input", () => this.paint());
    /** @type {List<wire.Strap>} */
    this.list = new List(one("[data-straps]"), ({ id }) => id, (strap) => this.line(strap));
    this.form = this.mayEdit ? new StrapForm(this) : null;
    /** @type {wire.Strap | null} what is asked about */
    this.asked = null;
    this.ask = this.mayEdit ? new Ask("remove-strap", () => void this.remove()) : null;
    this.paint();
  }

  /** @param {wire.StrapsShown} shown */
  set(shown) {
    this.shown = shown;
    this.paint();
  }

  /** Look at the list as the server has it. */
  async load() {
    try {
      this.set(await this.room.api.straps());
    } catch (error) {
      // What was seen last stays; whatever is done to it says which version it means.
      if (!(error instanceof Refused)) throw error;
    }
  }

  /** @returns {wire.Strap[]} those that are searched for, in protocol order */
  get found() {
    const choices = this.shown.straps.map((strap) => {
      const text = [strap.name, ...strap.titles, strap.note].join(" · ");
      return { text, folded: folded(text), strap };
    });
    const fit = new Set(fitting(choices, this.search.value.trim().replace(/\s+/g, " ")).map((each) => each.strap));
    return this.shown.straps.filter((strap) => fit.has(strap));
  }

  paint() {
    const { room: { words }, shown, found } = this;
    this.list.set(found);
    const approved = shown.straps.filter((each) => each.approved !== null).length;
    write(one("[data-straps-count]"), shown.straps.length ? words.say("straps_count", { n: words.number(shown.straps.length), approved: words.number(approved) }) : "");
    const none = one("[data-straps-none]");
    write(none, words.say(shown.straps.length ? "straps_none_found" : "straps_none"));
    show(none, found.length === 0);
    show(/** @type {HTMLElement} */ (one(".straps")), found.length > 0);
  }

  /** @param {wire.Strap} strap @returns {string} "Đồng chí Nguyễn Văn A" */
  called({ honorific, name, capitals }) {
    const { words } = this.room;
    const written = capitals ? name.toLocaleUpperCase("vi") : name;
    return honorific === "" ? written : `${words.say(`honorific_${honorific.replace("-", "_")}`)} ${written}`;
  }

  /** Do something to one, and show the list that comes of it. @param {() => Promise<wire.StrapsShown>} ask @param {string} done @param {string} name */
  async act(ask, done, name) {
    const { room } = this;
    if (room.isNobodys()) return;
    try {
      this.set(await ask());
      room.toast.good(room.words.say(done, { name }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      room.refused(error);
      if (MOVED.has(error.refusal.code)) await this.load();
    }
  }

  /** @param {wire.Strap} strap */
  approve(strap) {
    const on = strap.approved === null;
    return this.act(() => this.room.api.approveStrap(strap, on), on ? "strap_approved" : "strap_disapproved", strap.name);
  }

  async remove() {
    const strap = this.asked;
    if (strap === null) return;
    await this.act(async () => {
      await this.room.api.removeStrap(strap);
      return this.room.api.straps();
    }, "strap_removed", strap.name);
  }

  /** @param {wire.Strap} first @returns {import("./element.js").View<wire.Strap>} */
  line(first) {
    const { room: { words, phrases } } = this;
    let strap = first;
    const nth = el("td", "num");
    const name = el("td", "called");
    const titles = el("td", "titles");
    const note = el("td", "note-of");
    const state = el("p", "state");
    const by = el("p", "soft");
    const approve = button("", () => void this.approve(strap));
    const edit = button(words.say("strap_edit"), () => this.form?.open(strap, this.place(strap)));
    const remove = button(words.say("picture_remove"), () => {
      this.asked = strap;
      this.ask?.open(words.say("strap_remove_title", { name: strap.name }), words.say("strap_remove_what"));
    });
    const acts = this.mayEdit ? el("td", "acts", [approve, edit, remove]) : null;
    const element = el("tr", "", [nth, name, titles, note, el("td", "approval", [state, by]), acts]);
    return {
      element,
      set: (now) => {
        strap = now;
        const isApproved = now.approved !== null;
        write(nth, words.number(this.place(now)));
        write(name, this.called(now));
        if (titles.textContent !== now.titles.join("")) titles.replaceChildren(...now.titles.map((each) => el("p", "", each)));
        write(note, now.note);
        mark(element, "data-state", isApproved ? "approved" : "waits");
        write(state, words.say(isApproved ? "strap_is_approved" : "strap_waits"));
        write(by, now.approved === null ? "" : words.say("strap_by", { who: phrases.who(now.approved.by), at: phrases.moment(now.approved.at) }));
        write(approve, words.say(isApproved ? "strap_disapprove" : "strap_approve"));
        approve.classList.toggle("release", !isApproved);
      },
    };
  }

  /** @param {wire.Strap} strap @returns {number} where it stands, from 1 */
  place(strap) {
    return this.shown.straps.findIndex((each) => each.id === strap.id) + 1;
  }
}

/** The form of one strap, for a new one and for one that is there. */
class StrapForm {
  /** @param {StrapsView} view */
  constructor(view) {
    this.view = view;
    /** @type {wire.Strap | null} */
    this.strap = null;
    this.dialog = /** @type {HTMLDialogElement} */ (one("[data-strap-form]"));
    this.form = /** @type {HTMLFormElement} */ (one("form", this.dialog));
    one("[data-strap-add]").addEventListener("click", () => this.open(null, null));
    one("[data-strap-leave]").addEventListener("click", () => this.dialog.close());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save();
    });
  }

  /** @param {string} name @returns {HTMLInputElement} */
  field(name) {
    return /** @type {HTMLInputElement} */ (one(`[name="${name}"]`, this.form));
  }

  /** @param {wire.Strap | null} strap @param {number | null} place */
  open(strap, place) {
    const { words } = this.view.room;
    this.strap = strap;
    this.form.reset();
    this.fail("");
    write(one("[data-strap-title]"), strap === null ? words.say("strap_add") : words.say("strap_edit_title", { name: strap.name }));
    if (strap !== null) {
      this.field("honorific").value = strap.honorific;
      this.field("name").value = strap.name;
      this.field("capitals").checked = strap.capitals;
      strap.titles.forEach((title, at) => {
        this.field(`title-${at + 1}`).value = title;
      });
      this.field("note").value = strap.note;
    }
    this.field("place").value = place === null ? "" : String(place);
    this.dialog.showModal();
    this.field("name").focus();
  }

  async save() {
    const { view, view: { room }, strap } = this;
    const pressed = /** @type {HTMLButtonElement} */ (one("button.main", this.form));
    if (pressed.disabled || room.isNobodys()) return;
    const values = new FormData(this.form);
    const place = Number(typed(values, "place"));
    const asked = {
      seen: strap?.version ?? 0,
      place: place >= 1 ? Math.min(Math.floor(place), view.shown.count_max) : null,
      honorific: typed(values, "honorific"),
      name: typed(values, "name"),
      titles: Array.from({ length: view.shown.titles_max }, (_, at) => typed(values, `title-${at + 1}`)).filter((each) => each !== ""),
      capitals: this.field("capitals").checked,
      note: typed(values, "note"),
    };
    pressed.disabled = true;
    this.fail("");
    try {
      view.set(await room.api.saveStrap(strap?.id ?? null, asked));
      this.dialog.close();
      room.toast.good(room.words.say("strap_saved", { name: asked.name }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.fail(room.phrases.refusal(error.refusal));
      if (MOVED.has(error.refusal.code)) await view.load();
    } finally {
      pressed.disabled = false;
    }
  }

  /** @param {string} text */
  fail(text) {
    const said = /** @type {HTMLElement} */ (one("[data-strap-error]", this.form));
    write(said, text);
    show(said, text !== "");
  }
}
