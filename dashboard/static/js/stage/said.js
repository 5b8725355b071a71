/**
 * What a presenter says now and next, and how the evening stands: its times go on by themselves, whatever the line does.
 * @module
 */

import { Text, one } from "../lib/page.js";
import { two } from "../lib/words.js";
import { expected, moment } from "../lib/expected.js";

/** @typedef {import("../lib/words.js").Words} Words */
/** @typedef {import("../live/store.js").Store<wire.PresenterState>} Told */

const MINUTE_MS = 60_000;
/** A longer line of the room is set smaller. */
const LONG_CHARS = 90;
/** Before the end this much is as good as in time. */
const EXACT_MS = 30_000;

/** 2:10, 1:02:10: a span as a clock that runs shows it. @param {number} ms @returns {string} */
export function span(ms) {
  const s = Math.floor(Math.abs(ms) / 1_000);
  const [hours, minutes] = [Math.floor(s / 3_600), Math.floor(s / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`;
}

export class Said {
  /**
   * @param {Words} words
   * @param {Told} told
   * @param {() => number} now the server's time
   */
  constructor(words, told, now) {
    this.words = words;
    this.told = told;
    this.now = now;
    /** @type {Record<string, Text>} */
    this.texts = {};
    for (const name of [
      "waits", "next-waits", "clock", "host-line", "host-age", "host", "now-label", "left", "title", "say", "next-at", "late", "next", "next-say",
      "evening", "ends", "over",
    ]) this.texts[name] = new Text(one(`[data-text="${name}"]`));
    this.nextBox = new Text(one(".next"));
    /** The item whose words stand there. @type {string | undefined} */
    this.isOn = undefined;
  }

  /** @param {string} name @param {string} text its element is hidden where there is none */
  set(name, text) {
    const found = /** @type {Text} */ (this.texts[name]);
    found.set(text);
    found.show(text !== "");
  }

  paint() {
    const { words, told: { state } } = this;
    const nowMs = this.now();
    const items = state.get("items") ?? [];
    const on = items[0] !== undefined && items[0].id === state.get("on") ? items[0] : undefined;
    const next = items.find((item) => item.id === state.get("next"));
    const host = state.get("host");
    document.body.classList.toggle("has-rundown", items.length > 0);
    document.body.classList.toggle("is-withdrawn", state.get("withdrawn") === true);
    this.set("clock", words.clock(nowMs));
    this.texts["host-line"]?.show(host !== undefined);
    if (host) {
      this.set("host", host.text);
      this.texts["host-line"]?.element.classList.toggle("is-long", host.text.length > LONG_CHARS);
      this.set("host-age", words.ago(nowMs - host.at));
    }
    const times = expected(
      { items: items.map((item) => ({ ...bare, ...item })), ends_ms: state.get("ends_ms") ?? null },
      { on: state.get("on") ?? null, since: state.get("since") ?? null, next: state.get("next") ?? null, tempo: state.get("tempo") ?? null },
      nowMs,
    );
    this.set("now-label", words.say(on ? "say_now" : next ? "say_not_begun" : "say_finished"));
    if (this.isOn !== on?.id) one(".now").scrollTop = 0;
    this.isOn = on?.id;
    this.set("title", on?.title ?? "");
    this.texts.waits?.show(on?.waits === true);
    this.texts["next-waits"]?.show(next?.waits === true);
    this.set("say", on?.say ?? "");
    this.paintLeft(times.left_ms, on ? nowMs - (state.get("since") ?? nowMs) : null);
    this.nextBox.show(next !== undefined);
    this.set("next", next?.title ?? "");
    this.set("next-say", next?.say ?? "");
    const nextMs = times.items.find((each) => each.item === next?.id)?.at;
    this.set("next-at", nextMs === undefined ? "" : words.say("say_expected", { time: words.time(nextMs) }));
    this.set("late", this.lateness(times.late_ms));
    const endsMs = state.get("ends_ms");
    this.paintEnd(times.over_ms, endsMs === undefined ? null : moment(endsMs, state.get("tempo")));
  }

  /** @param {number | null} leftMs @param {number | null} sinceMs for how long the item has been on */
  paintLeft(leftMs, sinceMs) {
    const isOver = leftMs !== null && leftMs < 0;
    const ms = leftMs ?? sinceMs;
    const key = leftMs === null ? "say_since" : isOver ? "say_over" : "say_left";
    this.set("left", ms === null ? "" : this.words.say(key, { time: span(isOver ? ms - 999 : ms) }));
    this.texts.left?.element.classList.toggle("is-over", isOver);
  }

  /** @param {number | null} lateMs @returns {string} */
  lateness(lateMs) {
    if (lateMs === null || Math.abs(lateMs) < MINUTE_MS) return "";
    return this.words.say(lateMs > 0 ? "say_late" : "say_early", { age: this.length(lateMs) });
  }

  /** @param {number | null} overMs @param {number | null} endsMs */
  paintEnd(overMs, endsMs) {
    const { words } = this;
    this.texts.evening?.show(endsMs !== null);
    if (endsMs === null || overMs === null) return;
    this.set("ends", words.say("say_ends", { time: words.time(endsMs) }));
    const key = Math.abs(overMs) < EXACT_MS ? "say_end_exact" : overMs > 0 ? "say_end_late" : "say_end_spare";
    this.set("over", words.say(key, { age: this.length(overMs) }));
    this.texts.over?.element.classList.toggle("is-over", overMs >= EXACT_MS);
  }

  /** A length in whole minutes. @param {number} ms @returns {string} */
  length(ms) {
    return this.words.duration(Math.max(1, Math.round(Math.abs(ms) / MINUTE_MS)) * MINUTE_MS);
  }
}

/** What a presenter is not told of an item. */
const bare = { scene: null, settings: {}, say: "", note: "", advance_s: null, hold: false, skip: false, arm: false };
