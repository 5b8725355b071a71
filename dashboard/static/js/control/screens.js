/**
 * The registry of screens: what each shows and how it stands; naming, another address, loading anew, showing its name.
 * @module
 */

import { fitting, folded } from "../lib/folded.js";
import { one } from "../lib/page.js";
import { Store } from "../live/store.js";
import { Refused } from "./asking.js";
import { Ask } from "./ask.js";
import { List, button, el, mark, show, write } from "./element.js";
import { typed } from "./form.js";
import { caresFor, clockOf, nameOf, placeOf, roleOf, sizeOf, stateOf } from "./screen_words.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./screen_words.js").Moving} Moving */
/** @typedef {{id: string, shown: wire.ScreenShown, moving: Moving, name: string}} Line */

/** In which order screens stand, by what they are for. */
const ROLES = ["hall", "points", "tv", "presenter", "point", "overlay", "unit", "scene", "test", "other"];

export class ScreensView {
  /** @param {Room} room @param {wire.RegistryData} found */
  constructor(room, found) {
    this.room = room;
    this.found = found;
    this.store = /** @type {Store<wire.ScreensState>} */ (new Store());
    this.store.apply(found.first);
    this.search = /** @type {HTMLInputElement} */ (one("#screens-search"));
    this.which = /** @type {HTMLSelectElement} */ (one("#screens-which"));
    for (const field of [this.search, this.which]) field.addEventListener("input", () => this.paint());
    const line = (/** @type {Line} */ first) => this.line(first);
    /** @type {List<Line>} */
    this.list = new List(one("[data-screens]"), ({ id }) => id, line);
    /** @type {List<Line>} */
    this.strangers = new List(one("[data-strangers]"), ({ id }) => id, line);
    this.form = found.may_steer ? new ScreenForm(this) : null;
    if (!found.may_steer) return;
    const reloading = new Ask("reload-screens", () => void room.act(() => room.api.reloadScreens(), "screens_reloaded"));
    one("[data-screens-reload]").addEventListener("click", () => {
      const n = room.words.number(this.lines.filter(({ shown }) => shown.gone == null).length);
      reloading.open(room.words.say("screens_reload_all_title", { n }), room.words.say("screens_reload_all_what"));
    });
  }

  /** @param {string} code @returns {string} */
  unit(code) {
    return this.room.names.get(code) ?? code;
  }

  /** All screens, in the order in which they stand. @returns {Line[]} */
  get lines() {
    const { words } = this.room;
    const screens = this.store.state.get("screens") ?? {};
    const at = (/** @type {string} */ name) => this.store.columns.indexOf(name);
    const [heard, seq, behind, offset, bound] = ["heard", "seq", "behind", "offset", "bound"].map(at);
    const lines = Object.entries(screens).map(([id, shown]) => {
      const row = this.store.rows.get(id) ?? [];
      const cell = (/** @type {number | undefined} */ n) => /** @type {number | null} */ (row[n ?? -1] ?? null);
      const moving = { heard: cell(heard) ?? 0, seq: cell(seq), behind: cell(behind), offset: cell(offset), bound: cell(bound) };
      return { id, shown, moving, name: nameOf(words, shown, (code) => this.unit(code)) };
    });
    const order = (/** @type {Line} */ { shown, name }) => [ROLES.indexOf(shown.role ?? "other"), (shown.out ?? "").padStart(8), name];
    return lines.sort((one_, other) => {
      const [a, b] = [order(one_), order(other)];
      return Number(a[0]) - Number(b[0]) || String(a[1]).localeCompare(String(b[1])) || String(a[2]).localeCompare(String(b[2]), "vi");
    });
  }

  paint() {
    const { room: { words, clock } } = this;
    const now = clock.now();
    const { lines } = this;
    const open = lines.filter(({ shown }) => shown.gone == null);
    const lost = lines.filter(({ shown }) => shown.gone != null && shown.link != null).length;
    const old = open.filter(({ shown }) => shown.is_old).length;
    const counts = [
      words.say("screens_count", { open: words.number(open.length) }),
      lost ? words.say("screens_count_lost", { n: words.number(lost) }) : "",
      old ? words.say("screens_count_old", { n: words.number(old) }) : "",
    ];
    write(one("[data-screens-count]"), lines.length ? counts.filter(Boolean).join(", ") : "");
    const found = this.wanted(lines, now);
    const isStranger = (/** @type {Line} */ { shown }) => !shown.by && !shown.name && !shown.show;
    const strangers = found.filter(isStranger);
    this.list.set(found.filter((line) => !isStranger(line)));
    this.strangers.set(strangers);
    write(one("[data-strangers-title]"), words.say("screens_strangers", { n: words.number(strangers.length) }));
    show(one("[data-strangers-head]"), strangers.length > 0);
    const none = one("[data-screens-none]");
    write(none, words.say(lines.length ? "screens_none_found" : "screens_none"));
    show(none, found.length === 0);
    show(one(".screens"), found.length > 0);
  }

  /** Those that are asked for. @param {Line[]} lines @param {number} now @returns {Line[]} */
  wanted(lines, now) {
    const { words } = this.room;
    const which = this.which.value;
    const some = which === "care" ? lines.filter(({ shown, moving }) => caresFor(words, shown, moving, now)) : which === "named" ? lines.filter(({ shown }) => shown.name) : lines;
    const text = this.search.value.trim().replace(/\s+/g, " ");
    if (text === "") return some;
    const choices = some.map((line) => {
      const said = [line.name, roleOf(words, line.shown, (code) => this.unit(code)), line.shown.address ?? "", line.shown.agent ?? ""].join(" · ");
      return { text: said, folded: folded(said), line };
    });
    const fit = new Set(fitting(choices, text).map((each) => each.line));
    return some.filter((line) => fit.has(line));
  }

  /** @param {Line} first @returns {import("./element.js").View<Line>} */
  line(first) {
    const { room, room: { words, phrases } } = this;
    let line = first;
    const [name, address, role, scene, said, more, at, behind, machine, bound, agent, size, test, faults] = Array.from({ length: 14 }, () => el("p"));
    name?.classList.add("name");
    said?.classList.add("said");
    for (const each of [address, scene, more, machine, agent, size, faults]) each?.classList.add("soft");
    const identify = button(words.say("screen_identify"), () => void room.act(() => room.api.orderScreen(line.id, "identify"), "screen_identified", { name: line.name }));
    const reload = button(words.say("screen_reload"), () => void room.act(() => room.api.orderScreen(line.id, "reload"), "screen_reloaded", { name: line.name }));
    const edit = button(words.say("screen_edit"), () => this.form?.open(line));
    const state = el("td", "state", [said ?? null, more ?? null]);
    const element = el("tr", "", [
      el("td", "called", [name ?? null, address ?? null]), el("td", "shows", [role ?? null, scene ?? null]), state,
      el("td", "place", [behind ?? null, at ?? null]), el("td", "clock", [bound ?? null, machine ?? null]), el("td", "machine", [agent ?? null, size ?? null]), el("td", "test", [test ?? null, faults ?? null]),
      this.found.may_steer ? el("td", "acts", [identify, reload, edit]) : null,
    ]);
    at?.classList.add("soft");
    /** @param {HTMLElement | undefined} where @param {string} text */
    const put = (where, text) => { if (where) write(where, text); };
    return {
      element,
      set: (now) => {
        line = now;
        const { shown, moving } = now;
        const stands = stateOf(words, shown, room.clock.now());
        const time = clockOf(words, moving);
        const place = placeOf(words, shown, moving);
        const isOpen = shown.gone == null;
        mark(element, "data-state", stands.state);
        put(name, now.name);
        const goesTo = shown.show && shown.show !== shown.address ? `→ ${shown.show}` : "";
        put(address, [[shown.address, goesTo].filter(Boolean).join(" "), letInBy(phrases, shown.by ?? "")].filter(Boolean).join(" · "));
        // One without a name is called what it is for.
        const [first, second] = [shown.name ? roleOf(words, shown, (code) => this.unit(code)) : "", this.found.scenes[shown.scene ?? ""] ?? ""].filter(Boolean);
        put(role, shown.link == null ? "" : first ?? "");
        put(scene, shown.link == null ? "" : second ?? "");
        put(said, stands.text);
        put(more, isOpen ? [words.say("screen_since", { time: phrases.moment(shown.since ?? 0) }), shown.link === "poll" ? words.say("screen_poll") : ""].filter(Boolean).join(" · ") : moving.heard ? phrases.moment(moving.heard) : "");
        put(behind, isOpen ? place.behind : "");
        put(at, isOpen ? place.at : "");
        behind?.classList.toggle("warn", place.cares);
        put(bound, shown.link == null ? "" : time.bound);
        put(machine, shown.link == null ? "" : time.machine);
        bound?.classList.toggle("warn", isOpen && time.boundCares);
        machine?.classList.toggle("warn", isOpen && time.machineCares);
        put(agent, shown.agent ?? "");
        put(size, sizeOf(words, shown));
        put(test, shown.test ? words.say(`screen_test_${shown.test.verdict}`) : "");
        const known = (shown.test?.faults ?? []).map((fault) => words.texts[`screen_fault_${fault}`] ?? fault);
        put(faults, shown.test ? [...known, phrases.moment(shown.test.at)].join(" · ") : "");
        test?.classList.toggle("warn", shown.test?.verdict === "bad");
        identify.disabled = reload.disabled = !isOpen;
      },
    };
  }
}

/** By what a screen is let in. @param {import("./phrases.js").Phrases} phrases @param {string} by @returns {string} "" for one that anybody may open */
function letInBy(phrases, by) {
  const [kind, name] = [by.slice(0, by.indexOf(":")), by.slice(by.indexOf(":") + 1)];
  if (kind === "screen") return phrases.words.say("screen_by_key", { name });
  return kind === "point" ? phrases.words.say("screen_by_point", { unit: phrases.unit(name) }) : by && phrases.who(by);
}

/** What a screen is called, and what it is to show. */
class ScreenForm {
  /** @param {ScreensView} view */
  constructor(view) {
    this.view = view;
    this.dialog = /** @type {HTMLDialogElement} */ (one("[data-screen-form]"));
    this.form = /** @type {HTMLFormElement} */ (one("form", this.dialog));
    this.error = one("[data-screen-error]", this.dialog);
    this.id = "";
    this.name = "";
    one("[data-screen-leave]", this.dialog).addEventListener("click", () => this.dialog.close());
    one("[data-screen-forget]", this.dialog).addEventListener("click", () => void this.forget());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.save();
    });
  }

  /** @param {Line} line */
  open({ id, shown, name }) {
    this.id = id;
    this.name = name;
    write(one("[data-screen-title]", this.dialog), this.view.room.words.say("screen_edit_title", { name }));
    this.field("name").value = shown.name ?? "";
    this.field("show").value = shown.show ?? "";
    show(this.error, false);
    const known = new Set(this.view.lines.map((line) => line.shown.address ?? "").filter((address) => address && !address.startsWith("/presenter") && !address.startsWith("/control")));
    one("#screen-addresses").replaceChildren(...[...known].sort().map((address) => {
      const option = /** @type {HTMLOptionElement} */ (el("option"));
      option.value = address;
      return option;
    }));
    this.dialog.showModal();
    this.field("name").focus();
  }

  /** @param {string} name @returns {HTMLInputElement} */
  field(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  async save() {
    const values = new FormData(this.form);
    const [name, show_] = [typed(values, "name"), typed(values, "show")];
    // Whoever copies an address from a browser copies the server's name too.
    const address = show_.startsWith(`${window.location.origin}/`) ? show_.slice(window.location.origin.length) : show_;
    await this.ask(() => this.view.room.api.changeScreen(this.id, name, address), "screen_saved", name || this.name);
  }

  async forget() {
    await this.ask(() => this.view.room.api.forgetScreen(this.id), "screen_forgotten", this.name);
  }

  /** What is refused is said in the form, which stays. @param {() => Promise<object>} ask @param {string} done @param {string} name */
  async ask(ask, done, name) {
    const { room } = this.view;
    if (room.isNobodys()) return;
    try {
      await ask();
      this.dialog.close();
      room.toast.good(room.words.say(done, { name }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const { code, field, value } = error.refusal;
      const own = `screen_wrong_${field}`;
      write(this.error, code === "wrong_value" && own in room.words.texts ? room.words.say(own, { value: value ?? "" }) : room.phrases.refusal(error.refusal));
      show(this.error, true);
    }
  }
}
