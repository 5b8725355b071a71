/**
 * Words: numbers, dates, ages and names as a screen says them. dashboard/words/words.py follows the same rules;
 * both are held to tests/golden/words.json.
 * @module
 */

import { ABOUT_FROM, rounded, spoken } from "./spoken.js";

/** The age up to which figures are dated by the time of day alone. */
export const CLOCK_FRESH_MS = 15 * 60_000;
const AGE_STEP_S = 5;
const MONTHS_WHOLE = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** @typedef {{year: number, month: number, day: number, hour: number, minute: number, second: number}} Local */

/** @param {number} n @returns {string} */
export const two = (n) => String(n).padStart(2, "0");
/** @param {number} ageMs @param {number} unitMs @returns {number} */
const nearest = (ageMs, unitMs) => Math.floor((Math.max(0, ageMs) + unitMs / 2) / unitMs);

export class Words {
  /**
   * @param {string} lang "vi" or "en"
   * @param {string} timezone the contest's
   * @param {Record<string, string>} texts the locale
   */
  constructor(lang, timezone, texts) {
    this.lang = lang;
    this.texts = texts;
    this.format = new Intl.DateTimeFormat("en-GB", {
      timeZone: timezone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
      hour: "numeric", minute: "numeric", second: "numeric",
    });
  }

  /**
   * The text of a key with its {values} filled in, in one pass.
   * @param {string} key
   * @param {Record<string, string>} [values]
   * @returns {string}
   */
  say(key, values = {}) {
    const text = this.texts[key];
    if (text === undefined) throw new Error(`no text "${key}" in the locale ${this.lang}`);
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  }

  /**
   * The text of a key for a number, in its own form for 1 where the language has one.
   * @param {string} key
   * @param {number} n
   * @param {Record<string, string>} [values]
   * @returns {string}
   */
  count(key, n, values = {}) {
    const form = n === 1 && `${key}_one` in this.texts ? `${key}_one` : key;
    return this.say(form, { ...values, n: this.number(n) });
  }

  /** 1234567 → "1.234.567" (vi), "1,234,567" (en); null → a dash. @param {number | null} n @returns {string} */
  number(n) {
    if (n === null) return this.say("none");
    const mark = this.lang === "en" ? "," : ".";
    const digits = String(Math.abs(Math.round(n))).replace(/\B(?=(\d{3})+$)/g, mark);
    return (Math.round(n) < 0 ? "−" : "") + digits;
  }

  /** 33394 → "ba mươi ba nghìn ba trăm chín mươi tư" (vi). @param {number} n @returns {string} */
  spoken(n) {
    return spoken(n, this.lang);
  }

  /** 33394 → "khoảng ba mươi ba nghìn" (vi): what a host can say of a number that still grows. @param {number} n @returns {string} */
  about(n) {
    const said = n >= ABOUT_FROM ? this.spoken(rounded(n)) : "";
    return said ? this.say("about", { n: said }) : this.spoken(n);
  }

  /** 0.2361 → "23,6%"; null → a dash. @param {number | null} fraction @returns {string} */
  percent(fraction) {
    return fraction === null ? this.say("none") : `${this.points(fraction)}%`;
  }

  /** 0.2361 → "23,6": percentage points, rounded half away from 0. @param {number} fraction @returns {string} */
  points(fraction) {
    const tenths = Math.floor(Math.round(Math.abs(fraction) * 10_000) / 10 + 0.5);
    const sign = fraction < 0 && tenths ? "−" : "";
    return `${sign}${this.number(Math.floor(tenths / 10))}${this.lang === "en" ? "." : ","}${tenths % 10}`;
  }

  /** A time on the contest's own clock. @param {number} atMs @returns {Local} */
  local(atMs) {
    const at = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const part of this.format.formatToParts(atMs)) {
      if (part.type in at) at[/** @type {keyof Local} */ (part.type)] = Number(part.value);
    }
    return at;
  }

  /** 09:42:17 @param {number} atMs @returns {string} */
  clock(atMs) {
    const at = this.local(atMs);
    return `${two(at.hour)}:${two(at.minute)}:${two(at.second)}`;
  }

  /** 9h30 (vi), 9:30 (en) @param {number} atMs @returns {string} */
  time(atMs) {
    const at = this.local(atMs);
    return `${at.hour}${this.lang === "en" ? ":" : "h"}${two(at.minute)}`;
  }

  /** 08/9 (vi), 8 Sep (en) @param {number} atMs @returns {string} */
  day(atMs) {
    const at = this.local(atMs);
    if (this.lang === "en") return `${at.day} ${MONTHS[at.month - 1]}`;
    return `${two(at.day)}/${at.month <= 2 ? two(at.month) : at.month}`;
  }

  /** 08/9/2022 (vi), 8 Sep 2022 (en) @param {number} atMs @returns {string} */
  date(atMs) {
    return `${this.day(atMs)}${this.lang === "en" ? " " : "/"}${this.local(atMs).year}`;
  }

  /** ngày 08 tháng 9 năm 2022 (vi), 8 September 2022 (en) @param {number} atMs @returns {string} */
  longDate(atMs) {
    const at = this.local(atMs);
    const values = this.lang === "en" ? { day: String(at.day), month: MONTHS_WHOLE[at.month - 1] ?? "" }
      : { day: two(at.day), month: at.month <= 2 ? two(at.month) : String(at.month) };
    return this.say("day_long", { ...values, year: String(at.year) });
  }

  /**
   * How current the figures are.
   * @param {number | null} heardMs
   * @param {number} nowMs
   * @returns {string}
   */
  heard(heardMs, nowMs) {
    if (heardMs === null) return this.say("heard_none");
    if (nowMs - heardMs <= CLOCK_FRESH_MS) return this.say("heard_clock", { clock: this.clock(heardMs) });
    return this.say("heard_date", { time: this.time(heardMs), date: this.date(heardMs) });
  }

  /**
   * Since when the figures are final: by the time alone on the same day, else with the date.
   * @param {number} atMs
   * @param {number} nowMs
   * @returns {string}
   */
  frozen(atMs, nowMs) {
    const date = this.date(atMs);
    if (date === this.date(nowMs)) return this.say("frozen_time", { time: this.time(atMs) });
    return this.say("frozen_date", { time: this.time(atMs), date });
  }

  /**
   * That somebody has corrected figures: those of these units, or (true) of the unit itself; "" if nobody has.
   * @param {string[] | boolean | null} corrected
   * @returns {string}
   */
  corrected(corrected) {
    if (!corrected) return "";
    return corrected === true ? this.say("corrected") : this.count("corrected_units", corrected.length);
  }

  /** An age to the nearest 5 seconds, minute or hour. @param {number} ageMs @returns {string} */
  age(ageMs) {
    const seconds = nearest(ageMs, AGE_STEP_S * 1000) * AGE_STEP_S;
    if (seconds < 60) return this.say("age_seconds", { n: this.number(seconds) });
    const minutes = nearest(ageMs, 60_000);
    if (minutes < 60) return this.say("age_minutes", { n: this.number(minutes) });
    return this.say("age_hours", { n: this.number(nearest(ageMs, 3_600_000)) });
  }

  /** How long ago something was: "cách đây 10 giây", and "vừa xong" rather than 0 seconds. @param {number} ageMs @returns {string} */
  ago(ageMs) {
    if (nearest(ageMs, AGE_STEP_S * 1000) === 0) return this.say("just_now");
    return this.say("ago", { age: this.age(ageMs) });
  }

  /** A length of time that somebody has set, whole: "1 giờ 30 phút". @param {number} ms @returns {string} */
  duration(ms) {
    const seconds = Math.floor(Math.max(0, ms) / 1000);
    /** @type {[string, number][]} */
    const parts = [
      ["age_hours", Math.floor(seconds / 3600)], ["age_minutes", Math.floor(seconds / 60) % 60], ["age_seconds", seconds % 60],
    ];
    const said = parts.filter(([, n]) => n > 0).map(([key, n]) => this.say(key, { n: this.number(n) }));
    return said.join(" ") || this.say("age_seconds", { n: this.number(0) });
  }

  /**
   * When something was: by the clock alone on the same day, else with the day.
   * @param {number} atMs
   * @param {number} nowMs
   * @returns {string}
   */
  moment(atMs, nowMs) {
    const clock = this.clock(atMs);
    return this.date(atMs) === this.date(nowMs) ? clock : `${clock} ${this.day(atMs)}`;
  }

  /**
   * Which round is open at a time, opens next, by a button perhaps, or that all are over.
   * @param {Record<string, string>} names of the rounds by number
   * @param {[number, number, number][]} rounds [n, opens_ms, closes_ms]
   * @param {number} atMs
   * @returns {string}
   */
  roundLine(names, rounds, atMs) {
    const inOrder = [...rounds].sort((one, other) => one[1] - other[1] || one[2] - other[2]);
    for (const [n, opensMs, closesMs] of inOrder) {
      if (atMs < closesMs) {
        const name = names[String(n)] ?? "";
        if (opensMs === closesMs) return this.say("round_waits", { name });
        const key = atMs >= opensMs ? "round_open" : "round_next";
        return this.say(key, { name, time: this.time(opensMs), day: this.day(opensMs) });
      }
    }
    if (!inOrder.length) return "";
    const closesMs = Math.max(...inOrder.map((round) => round[2]));
    return this.say("round_over", { time: this.time(closesMs), date: this.date(closesMs) });
  }
}
