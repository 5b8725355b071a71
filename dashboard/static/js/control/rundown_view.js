/**
 * The rundown beside the picture: every item with its times, what is on and what is taken next; a press chooses what is
 * taken next, and never touches what is on air.
 * @module
 */

import { one } from "../lib/page.js";
import { List, button, el, mark, show, write } from "./element.js";
import { leftOf, linesOf, minutes, paceOf } from "./rundown_words.js";

/** @typedef {import("./steering.js").Steering} Steering */
/** @typedef {import("./rundown_words.js").Line} Line */

const MINUTE_MS = 60_000;

export class RundownView {
  /** @param {Steering} steering @param {(id: string) => void} edit */
  constructor(steering, edit) {
    this.steering = steering;
    this.edit = edit;
    this.none = one("[data-rundown-none]");
    this.pace = one("[data-rundown-pace]");
    this.say = one("[data-rundown-say]");
    this.list = new List(one("[data-rundown-items]"), (/** @type {Line} */ line) => line.item.id, (line) => this.line(line));
    /** The item to which the list was scrolled last, so that it follows the evening and not every second. */
    this.followed = "";
    this.host = /** @type {HTMLFormElement | null} */ (document.querySelector("[data-host-form]"));
    this.told = one("[data-host-told]");
    this.host?.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.tell();
    });
    this.countdown = /** @type {HTMLElement | null} */ (document.querySelector("[data-countdown]"));
    if (this.countdown) this.bindCountdown(this.countdown);
  }

  get state() {
    return this.steering.state;
  }

  async tell() {
    const field = /** @type {HTMLInputElement} */ (one("input", /** @type {HTMLElement} */ (this.host)));
    const text = field.value.trim();
    // What was typed stays where it is refused.
    if (!await this.steering.do("host", { text }, text ? "done_host" : "done_host_none")) return;
    field.value = "";
    // The next blank is meant for the picture.
    field.blur();
  }

  /** @param {HTMLElement} element */
  bindCountdown(element) {
    const { steering } = this;
    one("[data-countdown-hold]", element).addEventListener("click", () => steering.turnCountdown());
    one("form", element).addEventListener("submit", (event) => {
      event.preventDefault();
      const n = Number(/** @type {HTMLInputElement} */ (one("input", element)).value);
      const to = Math.round(steering.room.clock.now() + n * MINUTE_MS);
      void steering.do("countdown", { do: "set", to_ms: to }, "done_countdown_set", { n: steering.room.words.number(n) });
    });
  }

  /** @param {boolean} isShut whether nothing can be done from here */
  paint(isShut) {
    const { room } = this.steering;
    const { words, phrases } = room;
    const { rundown, running, host, on_air: onAir } = this.state;
    const { lines, times } = linesOf(rundown ?? { items: [], ends_ms: null }, running ?? NOT_RUN, room.clock.now());
    this.list.set(lines);
    show(this.none, lines.length === 0);
    const tempo = running?.tempo ? words.say("rundown_tempo", { n: words.number(running.tempo.speed) }) : "";
    const pace = running?.on || running?.began.length ? paceOf(words, times) : "";
    // Over and under are told to who steers, and to the presenter, alone.
    const { steer } = this.steering.outputs.hand;
    write(this.pace, [tempo, steer ? leftOf(words, times) : "", steer ? pace : ""].filter(Boolean).join(" · "));
    mark(this.pace, "data-late", String(steer && ((times.left_ms ?? 0) < 0 || (times.late_ms ?? 0) >= MINUTE_MS)));
    const next = lines.find(({ state }) => state === "next");
    const said = [next?.item.say, next?.item.note && `(${next.item.note})`].filter(Boolean).join("\n");
    write(this.say, said);
    show(this.say, said !== "");
    write(this.told, host?.text ? words.say("host_told", { text: host.text, time: phrases.moment(host.at), who: phrases.who(host.by) }) : "");
    this.follow(next?.item.id ?? running?.on ?? "");
    const countdown = onAir?.scene.countdown;
    if (this.countdown) {
      show(this.countdown, Boolean(countdown));
      write(one("[data-countdown-act]", this.countdown), words.say(countdown?.to_ms === null ? "countdown_resume" : "countdown_hold"));
      const leftMs = countdown ? countdown.left_ms ?? Math.max(0, (countdown.to_ms ?? 0) - room.clock.now()) : 0;
      write(one("[data-countdown-left]", this.countdown), minutes(leftMs));
    }
    for (const each of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("[data-rundown] button"))) {
      if (each.disabled !== isShut) each.disabled = isShut;
    }
  }

  /** @param {string} id */
  follow(id) {
    if (this.followed === id) return;
    this.followed = id;
    const { container, views } = this.list;
    const found = views.get(id)?.element;
    // The list alone is scrolled, never the page.
    if (found) container.scrollTop = found.offsetTop - container.clientHeight / 3;
  }

  /** @param {Line} made */
  line(made) {
    const { steering } = this;
    const { words, phrases, names } = steering.room;
    const { id } = made.item;
    const [n, time, title, facts, state] = [el("span", "n num"), el("span", "time num"), el("span", "title"), el("span", "facts"), el("span", "now")];
    const inside = [el("span", "times", [n, time]), el("span", "what", [title, facts]), state];
    const { steer } = steering.outputs.hand;
    const pressed = steer ? button("", () => void steering.do("prepare", { item: id }, "done_prepare", { title: title.textContent ?? "" }), "item") : el("p", "item");
    pressed.append(...inside);
    const skip = button("", () => {
      const isSkipped = skip.getAttribute("aria-pressed") === "true";
      void steering.do("rundown/skip", { item: id, skip: !isSkipped }, isSkipped ? "done_unskip" : "done_skip", { title: title.textContent ?? "" });
    }, "plain skip");
    write(skip, words.say("rundown_skip"));
    const hold = button("", () => {
      const isHeld = hold.getAttribute("aria-pressed") === "true";
      void steering.do("rundown/hold", { item: id, hold: !isHeld }, isHeld ? "done_unhold_item" : "done_hold_item", { title: title.textContent ?? "" });
    }, "plain wait");
    write(hold, words.say("rundown_wait"));
    const edit = button(words.say("rundown_edit"), () => this.edit(id), "plain edit");
    const element = el("li", "line", steer ? [pressed, el("span", "acts", [edit, hold, skip])] : [pressed]);
    mark(element, "data-item", id);
    return {
      element,
      set: (/** @type {Line} */ line) => {
        const { item, at, planned: plannedMs } = line;
        mark(element, "data-state", line.state);
        write(n, words.number(line.n));
        const when = steer ? at ?? plannedMs : plannedMs;
        write(time, when === null ? "" : words.clock(when).slice(0, 5));
        write(title, item.title);
        const unit = item.unit === null ? "" : names.get(item.unit) ?? words.say("rundown_unit_gone", { unit: item.unit });
        const isGone = item.scene !== null && phrases.scenes.size > 0 && !phrases.scenes.has(item.scene);
        const scene = item.scene === null ? words.say("rundown_no_scene") : isGone ? words.say("rundown_scene_gone", { scene: item.scene }) : phrases.scene(item.scene);
        const planned = steer && plannedMs !== null && at !== null && Math.abs(at - plannedMs) >= MINUTE_MS ? words.say("rundown_planned", { time: words.clock(plannedMs).slice(0, 5) }) : "";
        write(facts, [scene, unit, planned, item.hold ? words.say("rundown_hold") : ""].filter(Boolean).join(" · "));
        mark(element, "data-gone", String(isGone || (item.unit !== null && !names.has(item.unit))));
        const said = line.state === "coming" || line.state === "next" ? (item.arm ? words.say("rundown_arm") : "") : "";
        write(state, [line.state === "coming" ? "" : words.say(`rundown_${line.state}`), said].filter(Boolean).join(" · "));
        mark(skip, "aria-pressed", String(item.skip));
        mark(hold, "aria-pressed", String(item.hold));
      },
    };
  }
}

/** @type {wire.Running} */
const NOT_RUN = { run: 0, on: null, since: null, next: null, armed: null, advances_at: null, began: [], launched: null, tempo: null };
