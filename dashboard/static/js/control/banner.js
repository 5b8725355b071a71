/**
 * What stays at the top of the page while it lasts: long holds, decisions not on disk, a broken connection.
 * @module
 */

import { one } from "../lib/page.js";
import { STALE_MS } from "../ui/mark.js";
import { List, button, el, show, write } from "./element.js";
import { openingLines } from "./opening.js";
import { EVERYTHING, QUARANTINED } from "./phrases.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {{key: string, text: string, link?: string, label?: string, release?: string, acts?: {text: string, press: () => void}[]}} Line */

/** Alarms that are shown here as well as in the list. */
export const ON_TOP = new Set(["held_long", "clock", "ledger", "checkpoint", "put_back", "admin", "program"]);

export class Banner {
  /** @param {Room} room */
  constructor(room) {
    this.room = room;
    this.element = one("[data-banner]");
    this.list = new List(this.element, (/** @type {Line} */ line) => line.key, (line) => this.line(line));
  }

  paint() {
    const lines = this.lines();
    this.list.set(lines);
    show(this.element, lines.length > 0);
  }

  /** The sign-in page, which leads back to this one. @returns {string} */
  get signInUrl() {
    const { contest, words } = this.room;
    return `/sign-in?${new URLSearchParams({ lang: words.lang, next: contest.here + window.location.search })}`;
  }

  /** @returns {Line[]} */
  lines() {
    const { room } = this;
    const { words, phrases } = room;
    /** @type {Line[]} */
    const lines = [];
    if (room.hasEnded) lines.push({ key: "ended", text: words.say("banner_ended"), link: this.signInUrl, label: words.say("banner_sign_in") });
    else if (room.isOld) lines.push({ key: "old", text: words.say(room.contest.may_decide ? "banner_old" : "banner_old_viewer") });
    else if (room.silentMs > STALE_MS) lines.push({ key: "stale", text: words.say("banner_stale", { age: words.age(room.silentMs) }) });
    lines.push(...openingLines(room));
    const unwritten = room.stores.watch.state.get("unwritten") ?? [];
    unwritten.forEach((each, at) => {
      lines.push({ key: `unwritten${at}`, text: `${phrases.decided(each).replace(/\.$/, "")} · ${words.say("not_written")}` });
    });
    for (const alarm of room.alarms) {
      if (!ON_TOP.has(alarm.rule) || alarm.past) continue;
      const isWaiting = alarm.rule === "held_long" && alarm.detail.unit === undefined && alarm.subject === QUARANTINED;
      const release = alarm.rule === "held_long" && !isWaiting ? String(alarm.detail.unit ?? EVERYTHING) : undefined;
      const link = isWaiting ? `/control/gate?entries=${QUARANTINED}&lang=${words.lang}` : undefined;
      lines.push({ key: alarm.id, text: phrases.alarm(alarm), release, link, label: link && words.say("entries") });
    }
    return lines;
  }

  /** @param {Line} made */
  line(made) {
    const text = el("span");
    const element = el("p", "banner-line", [text]);
    const { release } = made;
    for (const { text: says, press } of made.acts ?? []) element.append(button(says, press));
    if (made.link) {
      const link = /** @type {HTMLAnchorElement} */ (el("a", "", made.label));
      link.href = made.link;
      element.append(link);
    } else if (release !== undefined && this.room.contest.may_decide) {
      element.append(button(this.room.words.say("release_ask"), () => this.room.effect.ask(release)));
    }
    return { element, set: (/** @type {Line} */ line) => write(text, line.text) };
  }
}
