/**
 * The pictures: a form that takes one in and says what is wrong with a file where it was chosen, and all that are there.
 * @module
 */

import { data, one } from "../lib/page.js";
import { Refused } from "./asking.js";
import { Ask } from "./ask.js";
import { List, button, el, mark, show, write } from "./element.js";
import { typed } from "./form.js";

/** @typedef {import("./room.js").Room} Room */

const MIB = 1024 * 1024;

export class PicturesView {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.shown = /** @type {wire.PicturesShown} */ (data("pictures"));
    /** @type {List<wire.PictureShown>} */
    this.list = new List(one("[data-pictures]"), ({ digest }) => digest, (picture) => this.line(picture));
    this.form = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-upload]"));
    if (this.form) this.bind(this.form);
    /** @type {wire.PictureShown | null} what is asked about */
    this.asked = null;
    this.ask = this.form && new Ask("remove-picture", () => void this.remove());
  }

  /** @param {HTMLFormElement} form */
  bind(form) {
    const { words } = this.room;
    const file = /** @type {HTMLInputElement} */ (one("#picture-file"));
    const name = /** @type {HTMLInputElement} */ (one("#picture-name"));
    write(one("[data-upload-note]"), words.say("picture_note", { n: words.number(Math.floor(this.shown.file_bytes_max / MIB)) }));
    file.addEventListener("change", () => {
      this.fail("");
      name.value = file.files?.[0]?.name ?? "";
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.upload(form, file.files?.[0] ?? null);
    });
  }

  /** @param {HTMLFormElement} form @param {File | null} file */
  async upload(form, file) {
    const { room, shown } = this;
    const { words } = room;
    const pressed = /** @type {HTMLButtonElement} */ (one("button", form));
    if (pressed.disabled || room.isNobodys()) return;
    if (file === null) return this.fail(words.say("picture_no_file"));
    if (file.size > shown.file_bytes_max) return this.fail(this.tooLarge());
    this.fail("");
    pressed.disabled = true;
    write(pressed, words.say("picture_uploading"));
    try {
      const added = await room.api.upload(file, typed(new FormData(form), "name") || file.name);
      this.set([added, ...shown.pictures.filter((each) => each.digest !== added.digest)]);
      room.toast.good(words.say("picture_added", { name: added.name }));
      form.reset();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.fail(error.refusal.code === "too_large" ? this.tooLarge() : room.phrases.refusal(error.refusal));
    } finally {
      pressed.disabled = false;
      write(pressed, words.say("picture_upload"));
    }
  }

  /** @returns {string} */
  tooLarge() {
    const { words } = this.room;
    return words.say("refused_too_large", { n: words.number(Math.floor(this.shown.file_bytes_max / MIB)) });
  }

  /** What is wrong with what was filled in. @param {string} text */
  fail(text) {
    const said = one("[data-upload-error]");
    write(said, text);
    show(said, text !== "");
  }

  async remove() {
    const { asked, room } = this;
    if (asked === null) return;
    const removed = await room.act(() => room.api.removePicture(asked.digest), "picture_removed", { name: asked.name });
    if (removed) this.set(this.shown.pictures.filter((each) => each.digest !== asked.digest));
  }

  /** @param {wire.PictureShown} picture @param {HTMLInputElement} input */
  async rename(picture, input) {
    const { room } = this;
    const name = input.value.trim();
    if (name === picture.name) return;
    const named = await room.act(() => room.api.renamePicture(picture.digest, name), "picture_renamed", { name });
    if (named) this.set(this.shown.pictures.map((each) => (each.digest === named.digest ? named : each)));
    else input.value = picture.name;
  }

  /** @param {wire.PictureShown[]} pictures */
  set(pictures) {
    this.shown = { ...this.shown, pictures };
    this.paint();
  }

  paint() {
    const { shown, room: { words } } = this;
    const total = shown.pictures.reduce((sum, each) => sum + each.bytes, 0);
    this.list.set(shown.pictures);
    show(one("[data-pictures-none]"), shown.pictures.length === 0);
    write(one("[data-pictures-room]"), words.say("pictures_room", {
      count: words.number(shown.pictures.length), count_max: words.number(shown.count_max), size: words.number(Math.ceil(total / MIB)), size_max: words.number(Math.floor(shown.bytes_max / MIB)),
    }));
  }

  /** @param {wire.PictureShown} first @returns {import("./element.js").View<wire.PictureShown>} */
  line(first) {
    const { words } = this.room;
    let picture = first;
    const image = /** @type {HTMLImageElement} */ (el("img"));
    image.src = first.address;
    image.loading = "lazy";
    image.alt = "";
    const called = /** @type {HTMLInputElement} */ (el(this.form ? "input" : "p", "called"));
    if (this.form) {
      called.maxLength = 120;
      called.autocomplete = "off";
      mark(called, "aria-label", words.say("picture_name"));
      called.addEventListener("change", () => void this.rename(picture, called));
    }
    const facts = el("p", "facts");
    const used = el("p", "used");
    const remove = button(words.say("picture_remove"), () => {
      this.asked = picture;
      this.ask?.open(words.say("picture_remove_title", { name: picture.name }), words.say("picture_remove_what"));
    });
    const element = el("li", "picture", [el("span", "frame", [image]), called, facts, used, this.form && el("p", "acts", [remove])]);
    return {
      element,
      set: (now) => {
        picture = now;
        if (!this.form) write(called, now.name);
        else if (document.activeElement !== called) called.value = now.name;
        const kind = (now.address.split(".").pop() ?? "").toUpperCase();
        write(facts, `${words.number(now.width)} × ${words.number(now.height)} · ${kind} · ${words.number(Math.ceil(now.bytes / 1024))} KB`);
        write(used, now.used_by === null ? "" : words.say("picture_used"));
        show(used, now.used_by !== null);
        remove.disabled = now.used_by !== null;
      },
    };
  }
}
