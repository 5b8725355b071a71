/**
 * The dialog in which an item of the rundown is edited, and the rundown with it. What was typed stays there until it is
 * saved or left, also where somebody else has changed the rundown meanwhile.
 * @module
 */

import { one } from "../lib/page.js";
import { Refused } from "./asking.js";
import { el, show, write } from "./element.js";
import { fill, named, read, settingsOf } from "./scene_fields.js";
import { hour, isTomorrows, toCome } from "./times_of_day.js";

/** @typedef {import("./steering.js").Steering} Steering */

const MINUTE_S = 60;
const ID_CHARS_MAX = 40;
/** How long it is waited for the list that was just saved, and how often it is looked for. */
const LIST_WAIT_MS = 3_000;
const LIST_LOOK_MS = 50;

/** An id for a new item, by its title, that no other has. @param {string} title @param {readonly wire.Item[]} items @returns {string} */
export function freeId(title, items) {
  const plain = title.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d").replace(/Đ/g, "D").toLowerCase();
  const stem = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, ID_CHARS_MAX - 4) || "muc";
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? stem : `${stem}-${n}`;
    if (!items.some((item) => item.id === id)) return id;
  }
}

/** An item moved by one place. @param {readonly wire.Item[]} items @param {string} id @param {1 | -1} by @returns {wire.Item[]} */
export function moved(items, id, by) {
  const at = items.findIndex((item) => item.id === id);
  const to = at + by;
  if (at < 0 || to < 0 || to >= items.length) return [...items];
  const rest = items.filter((item) => item.id !== id);
  return [...rest.slice(0, to), /** @type {wire.Item} */ (items[at]), ...rest.slice(to)];
}

/** An item put in place of the one of its id, else behind another, else at the end. @param {readonly wire.Item[]} items @param {wire.Item} item @param {string | null} behind @returns {wire.Item[]} */
export function put(items, item, behind) {
  if (items.some((each) => each.id === item.id)) return items.map((each) => (each.id === item.id ? item : each));
  const at = items.findIndex((each) => each.id === behind);
  return at < 0 ? [...items, item] : [...items.slice(0, at + 1), item, ...items.slice(at + 1)];
}

export class RundownDialog {
  /** @param {Steering} steering */
  constructor(steering) {
    this.steering = steering;
    this.dialog = /** @type {HTMLDialogElement} */ (one("[data-item-dialog]"));
    this.form = /** @type {HTMLFormElement} */ (one("form", this.dialog));
    this.head = one("[data-item-head]", this.dialog);
    this.fault = one("[data-item-fault]", this.dialog);
    this.fields = one("[data-item-settings]", this.dialog);
    this.scene = /** @type {HTMLSelectElement} */ (/** @type {unknown} */ (this.field("scene")));
    this.scene.addEventListener("change", () => this.showSettings({}));
    this.fillUnits();
    /** The item that is edited, null for a new one. @type {wire.Item | null} */
    this.item = null;
    this.seen = 0;
    /** The time of which it was said last that it has passed. */
    this.said = "";
    /** The version of a refusal that was read, until the list of it comes; 0 for none. */
    this.awaited = 0;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save();
    });
    one("[data-item-leave]", this.dialog).addEventListener("click", () => this.dialog.close());
    for (const [name, by] of /** @type {const} */ ([["up", -1], ["down", 1]])) {
      one(`[data-item-${name}]`, this.dialog).addEventListener("click", () => void this.move(by));
    }
    one("[data-item-remove]", this.dialog).addEventListener("click", () => void this.remove());
    this.ends = /** @type {HTMLFormElement} */ (one("form[data-rundown-ends]"));
    // A field that somebody types in is not written over.
    this.ends.addEventListener("input", () => { this.ends.dataset.touched = ""; });
    one("[data-rundown-add]").addEventListener("click", () => this.open(null));
    this.ends.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.saveEnds();
    });
  }

  /** The rundown as it is now. @returns {wire.Rundown} */
  rundown() {
    return this.steering.outputs.state(this.steering.name).rundown ?? { items: [], ends_ms: null };
  }

  /** The version of that list, which may be behind what the server has answered: an older list must not pass for a newer. */
  get listVersion() {
    return this.steering.outputs.state(this.steering.name).version ?? 0;
  }

  /** @param {string} name @returns {HTMLInputElement} */
  field(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  get words() {
    return this.steering.room.words;
  }

  fillUnits() {
    const { room } = this.steering;
    const select = /** @type {HTMLSelectElement} */ (/** @type {unknown} */ (this.field("unit")));
    for (const [code, name] of room.names) select.append(option(code, name));
  }

  /** @param {string | null} id null for a new item */
  open(id) {
    const { words } = this;
    const item = this.rundown().items.find((each) => each.id === id) ?? null;
    this.item = item;
    this.seen = this.listVersion;
    this.said = "";
    this.awaited = 0;
    write(this.head, words.say(item ? "item_title" : "item_new"));
    write(this.fault, "");
    /** @param {string} name @param {string} value */
    const set = (name, value) => { this.field(name).value = value; };
    set("title", item?.title ?? "");
    set("scene", item?.scene ?? "");
    // A scene that this release has not stays named until another is chosen.
    if (item?.scene && this.scene.value !== item.scene) {
      this.scene.append(option(item.scene, item.scene));
      this.scene.value = item.scene;
    }
    set("say", item?.say ?? "");
    set("note", item?.note ?? "");
    set("unit", item?.unit ?? "");
    set("at", item?.at_ms ? hour(words, item.at_ms) : "");
    set("minutes", item?.duration_s === null || !item ? "" : String(item.duration_s / MINUTE_S));
    set("advance", item?.advance_s === null || !item ? "" : String(item.advance_s));
    for (const name of /** @type {const} */ (["hold", "arm"])) this.field(name).checked = item?.[name] ?? false;
    for (const name of ["up", "down", "remove"]) show(one(`[data-item-${name}]`, this.dialog), item !== null);
    this.showSettings(item?.settings ?? {});
    this.dialog.showModal();
    this.field("title").focus();
  }

  /** The fields of the scene that is chosen. @param {Record<string, unknown>} settings */
  showSettings(settings) {
    this.fields.replaceChildren(...settingsOf(this.scene.value, "item"));
    fill(this.fields, settings);
  }

  /** What was typed, or null where something cannot be. @returns {wire.Item | null} */
  typed() {
    const { words, steering } = this;
    const old = this.item;
    const text = this.field("at").value.trim();
    const at = toCome(words, text, steering.room.phrases.now());
    if (at === undefined) {
      this.tell(words.say("item_time_wrong"));
      return null;
    }
    // The hour that stands there already is the one that was planned, though it may have passed.
    const isSame = old?.at_ms && hour(words, old.at_ms) === text;
    if (!isSame && !this.mayBeTomorrows(text)) {
      this.tell(this.passed(text));
      return null;
    }
    const number = (/** @type {string} */ name, times = 1) => {
      const text = this.field(name).value.trim().replace(",", ".");
      return text === "" ? null : Math.round(Number(text) * times);
    };
    const title = this.field("title").value.trim();
    const scene = this.scene.value || null;
    // What this page has no field for stays as it was; a field that was emptied leaves it to the scene.
    const kept = Object.entries(old?.scene === scene ? old?.settings ?? {} : {}).filter(([name]) => !named(this.fields, name));
    const now = this.rundown().items.find((item) => item.id === old?.id);
    return {
      id: old?.id ?? freeId(title, this.rundown().items),
      title,
      scene,
      settings: scene === null ? {} : { ...Object.fromEntries(kept), ...read(this.fields) },
      say: this.field("say").value,
      note: this.field("note").value,
      unit: this.field("unit").value || null,
      at_ms: isSame ? /** @type {number} */ (old?.at_ms) : at,
      duration_s: number("minutes", MINUTE_S),
      advance_s: number("advance"),
      hold: this.field("hold").checked,
      // Somebody may have left it out since, which this dialog does not show.
      skip: now?.skip ?? old?.skip ?? false,
      arm: this.field("arm").checked,
    };
  }

  /** Whether a time is to come today, or it was said that it is tomorrow's and it was sent once more. @param {string} text @returns {boolean} */
  mayBeTomorrows(text) {
    if (this.said === text || !isTomorrows(this.words, text, this.steering.room.phrases.now())) return true;
    this.said = text;
    return false;
  }

  /** @param {string} text @returns {string} */
  passed(text) {
    const at = toCome(this.words, text, this.steering.room.phrases.now()) ?? 0;
    return this.words.say("item_time_passed", { time: text, date: this.words.date(at) });
  }

  async save() {
    const item = this.typed();
    if (item === null) return;
    if (this.item && !this.rundown().items.some((each) => each.id === item.id)) {
      this.tell(this.words.say("item_removed"));
      return;
    }
    const { next, on } = this.steering.outputs.state(this.steering.name).running ?? { next: null, on: null };
    if (await this.send({ items: put(this.rundown().items, item, this.item ? null : next ?? on) })) this.dialog.close();
  }

  /** @param {1 | -1} by */
  async move(by) {
    if (this.item && (await this.send({ items: moved(this.rundown().items, this.item.id, by) }))) this.seen = this.listVersion;
  }

  async remove() {
    const id = this.item?.id;
    if (id && (await this.send({ items: this.rundown().items.filter((item) => item.id !== id) }))) this.dialog.close();
  }

  async saveEnds() {
    const field = /** @type {HTMLInputElement} */ (one("input", this.ends));
    const at = toCome(this.words, field.value, this.steering.room.phrases.now());
    const wrong = at === undefined ? this.words.say("item_time_wrong") : this.mayBeTomorrows(field.value.trim()) ? "" : this.passed(field.value.trim());
    field.setCustomValidity(wrong);
    if (at === undefined || wrong) {
      field.reportValidity();
      // It is no fault to be mended: the same press once more means it.
      field.setCustomValidity("");
      return;
    }
    this.seen = this.listVersion;
    const { room, name } = this.steering;
    const body = { ...this.rundown(), ends_ms: at, seen: this.seen };
    if (await room.act(() => room.api.rundown(name, body), "done_rundown")) {
      delete this.ends.dataset.touched;
      field.blur();
    }
  }

  /**
   * Put the rundown there with something changed; what is refused is told in the dialog, which keeps what was typed.
   * @param {Partial<wire.Rundown>} changed
   * @returns {Promise<boolean>}
   */
  async send(changed) {
    const { room, name } = this.steering;
    if (room.isNobodys()) return false;
    try {
      const { version } = await room.api.rundown(name, { ...this.rundown(), ...changed, seen: this.seen });
      this.steering.hear(version);
      await this.listed(version);
      room.toast.good(this.words.say("done_rundown"));
      return true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { refusal } = error;
      const { last } = refusal;
      if (refusal.code === "stale" && last && "version" in last) {
        this.hasRead(last.version);
        this.tell(this.words.say("item_stale", { who: room.phrases.who(last.by), time: room.phrases.moment(last.at) }));
      } else {
        this.tell(refusal.field ? `${refusal.field}: ${refusal.expected ?? refusal.code}` : room.phrases.refusal(refusal));
      }
      return false;
    }
  }

  /** The list of a version has come, or the line is too slow: then what is sent next is refused. @param {number} version */
  async listed(version) {
    for (let waitedMs = 0; this.listVersion < version && waitedMs < LIST_WAIT_MS; waitedMs += LIST_LOOK_MS) {
      await new Promise((resolve) => { window.setTimeout(resolve, LIST_LOOK_MS); });
    }
  }

  /**
   * Make the hand-over to the total an item, the next one: it is taken in its turn, and no offer is needed any more.
   * @param {string} title
   * @param {string} scene
   */
  async handOver(title, scene) {
    const { items } = this.rundown();
    const { next, on } = this.steering.state.running ?? { next: null, on: null };
    /** @type {wire.Item} */
    const item = {
      id: freeId(title, items), title, scene, settings: { lead: "completed" }, say: "", note: "", unit: null, at_ms: null,
      duration_s: null, advance_s: null, hold: false, skip: false, arm: false,
    };
    const at = items.findIndex((each) => each.id === next);
    const before = at < 0 ? items.findIndex((each) => each.id === on) + 1 || items.length : at;
    this.seen = this.listVersion;
    if (await this.send({ items: [...items.slice(0, before), item, ...items.slice(before)] })) {
      await this.steering.do("prepare", { item: item.id }, "done_prepare", { title });
    }
  }

  /** @param {string} text */
  tell(text) {
    if (!this.dialog.open) {
      this.steering.room.toast.bad(text);
      return;
    }
    write(this.fault, text);
    this.fault.scrollIntoView({ block: "nearest" });
  }

  /** After a refusal that was read, what is sent next goes by the list that has come since. @param {number} version */
  hasRead(version) {
    if (this.listVersion >= version) this.seen = this.listVersion;
    else this.awaited = version;
  }

  paint() {
    if (this.awaited > 0 && this.listVersion >= this.awaited) {
      this.seen = this.listVersion;
      this.awaited = 0;
    }
    const { ends_ms: endsMs } = this.rundown();
    const field = /** @type {HTMLInputElement} */ (one("input", this.ends));
    if (!("touched" in this.ends.dataset)) field.value = endsMs === null ? "" : hour(this.words, endsMs);
  }
}

/** @param {string} value @param {string} text @returns {HTMLElement} */
function option(value, text) {
  const made = /** @type {HTMLOptionElement} */ (el("option", "", text));
  made.value = value;
  return made;
}
