/**
 * Kiểm tra trước giờ phát: what the system looks at, every few seconds, and what people tick by their names.
 * @module
 */

import { data, one } from "../lib/page.js";
import { Refused } from "./asking.js";
import { List, button, el, mark, show, write } from "./element.js";

/** @typedef {import("./room.js").Room} Room */

const LOOK_MS = 3_000;
const SIGNS = { yes: "✓", no: "!" };

export class ChecksView {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.shown = /** @type {wire.Checks} */ (data("checks"));
    const ticked = one("[data-checks-ticked]");
    this.maySteer = ticked.dataset.maySteer === "yes";
    this.noteMax = Number(ticked.dataset.noteMax);
    /** @type {List<wire.Check>} */
    this.seen = new List(one("[data-checks-seen]"), ({ line }) => line, () => this.line(null));
    /** @type {List<wire.Check>} */
    this.ticked = new List(ticked, ({ line }) => line, ({ line }) => this.line(this.maySteer ? line : null));
    one("[data-print]").addEventListener("click", () => window.print());
    this.isLost = false;
    window.setInterval(() => void this.look(), LOOK_MS);
  }

  async look() {
    const { room } = this;
    if (room.hasEnded) return;
    try {
      this.shown = await room.api.checks(this.shown.output);
      this.isLost = false;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.isLost = true;
    }
    this.paint();
  }

  /** @param {string} line @param {boolean} on @param {string} note */
  async tick(line, on, note) {
    const { room } = this;
    const done = await room.act(() => room.api.steer(this.shown.output, "checks", { line, on, note }), on ? "checks_ticked_done" : "checks_unticked_done");
    if (done) await this.look();
  }

  paint() {
    const { shown, room: { words } } = this;
    this.seen.set(shown.checks.filter((each) => !each.by_hand));
    this.ticked.set(shown.checks.filter((each) => each.by_hand));
    const verdict = one("[data-verdict]");
    const count = shown.against.length;
    mark(verdict, "data-ok", this.isLost || count > 0 ? "no" : "yes");
    if (this.isLost) write(verdict, words.say("checks_lost"));
    else write(verdict, count > 0 ? words.say("checks_against", { n: words.number(count), of: words.number(shown.checks.length) }) : words.say("checks_good"));
  }

  /** What a line says, beside what it is about. @param {wire.Check} check @returns {string} */
  why({ code, figures, by, at, note }) {
    const { words, phrases } = this.room;
    const who = by === null ? "" : phrases.who(by);
    const time = at === null ? "" : phrases.moment(at);
    /** @type {Record<string, string>} */
    const values = { who, time };
    for (const [name, value] of Object.entries(figures)) {
      values[name] = name === "to" ? phrases.moment(Number(value)) : typeof value === "number" ? words.number(value) : value;
    }
    const said = words.say(`check_${code}`, values);
    return note ? `${said} · ${note}` : said;
  }

  /** @param {string | null} ticks the line that who sits here may tick @returns {import("./element.js").View<wire.Check>} */
  line(ticks) {
    const { words } = this.room;
    const sign = el("span", "sign");
    const what = el("span", "what");
    const why = el("span", "why");
    const note = /** @type {HTMLInputElement} */ (el("input"));
    note.maxLength = this.noteMax;
    note.autocomplete = "off";
    note.placeholder = words.say("checks_note");
    mark(note, "aria-label", words.say("checks_note"));
    const tick = button(words.say("checks_tick"), () => void this.tick(ticks ?? "", true, note.value));
    const untick = button(words.say("checks_untick"), () => void this.tick(ticks ?? "", false, ""));
    const element = el("li", "check", [sign, what, ticks === null ? null : el("span", "acts", [note, tick, untick]), why]);
    return {
      element,
      set: (check) => {
        const ok = check.ok ? "yes" : "no";
        mark(element, "data-ok", ok);
        mark(element, "data-hand", check.by_hand ? "yes" : "no");
        // What nobody has confirmed is a box, which a pen can tick on paper.
        write(sign, check.by_hand && !check.ok ? "" : SIGNS[ok]);
        mark(sign, "role", "img");
        mark(sign, "aria-label", words.say(check.ok ? "checks_ok" : "checks_not_ok"));
        write(what, words.say(`check_${check.line}`));
        write(why, this.why(check));
        show(tick, !check.ok);
        show(note, !check.ok);
        show(untick, check.ok && check.code === "ticked");
      },
    };
  }
}
