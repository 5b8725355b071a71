/**
 * The control room's sentences: alarms, decisions, holds and refusals as text. Pure.
 * @module
 */

/** @typedef {import("../lib/words.js").Words} Words */

const SYSTEM = "system";
/** What goes on by itself in a rundown. */
const RUNDOWN = "rundown";
const ACCOUNT = "account:";
const KEY = "key:";
/** The subject of the alarm that entries have waited too long to be verified. */
export const QUARANTINED = "quarantined";
/** The subject of the alarm that everything has been held too long; also the target of its release. */
export const EVERYTHING = "all";
/** Everything, and every unit that is held apart. */
export const EVERY_UNIT = "every";

/** Parts of the reasons why a file cannot be written, as we and SQLite tell them, and the keys of their texts. */
const FAULTS = /** @type {const} */ ([
  ["database is locked", "fault_locked"], ["readonly", "fault_read_only"], ["unable to open", "fault_closed"],
  ["disk is full", "fault_full"], ["holds a lock", "fault_locked"], ["read-only", "fault_read_only"],
  ["cannot be opened", "fault_closed"], ["no commit within", "fault_slow"],
]);

/** How many times its past a pace is, in whole numbers. */
const times = (/** @type {number} */ pace, /** @type {number} */ past) => Math.round(pace / past);

export class Phrases {
  /**
   * @param {Words} words
   * @param {Map<string, string>} units full names by code
   * @param {() => Record<string, string>} names of accounts, by number
   * @param {() => number} now the server's time
   * @param {Set<string>} unitRules the rules that are about a unit
   * @param {() => ReadonlyMap<string, string>} titles what people call sources, by name
   */
  constructor(words, units, names, now, unitRules, titles = () => new Map()) {
    this.titles = titles;
    this.words = words;
    this.units = units;
    this.names = names;
    this.now = now;
    this.unitRules = unitRules;
    /** What scenes are called, by their names, on a page that takes them. @type {Map<string, string>} */
    this.scenes = new Map();
  }

  /** A time of day, with its date unless that is today. @param {number} atMs @returns {string} */
  moment(atMs) {
    return this.words.moment(atMs, this.now());
  }

  /** Who decided: a name, or the account's number where it has no name any more; a device by its key's. @param {string} by @returns {string} */
  who(by) {
    if (by === SYSTEM) return this.words.say("by_system");
    if (by === RUNDOWN) return this.words.say("by_rundown");
    if (by.startsWith(KEY)) return this.words.say("by_key", { name: by.slice(KEY.length) });
    return this.names()[by.startsWith(ACCOUNT) ? by.slice(ACCOUNT.length) : ""] ?? by;
  }

  /** A unit's full name, or "tất cả". @param {string | null} code @returns {string} */
  unit(code) {
    return code === null || code === EVERYTHING ? this.words.say("everything") : this.units.get(code) ?? code;
  }

  /** What people call a source, with its name: "Trang thi trắc nghiệm (trang-thi)". @param {string} name @returns {string} */
  source(name) {
    const title = this.titles().get(name);
    return title ? `${title} (${name})` : name;
  }

  /** The unit that an alarm is about, null where it is about something else. @param {wire.AlarmShown} alarm @returns {string | null} */
  unitOf(alarm) {
    // A unit may have the code "all", so for holds the alarm's detail names the unit.
    if (alarm.rule === "held_long") return alarm.detail.unit === undefined ? null : String(alarm.detail.unit);
    return this.unitRules.has(alarm.rule) && this.units.has(alarm.subject) ? alarm.subject : null;
  }

  /** What an alarm says. @param {wire.AlarmShown} alarm @returns {string} */
  alarm(alarm) {
    const { words } = this;
    const { rule, subject, detail } = alarm;
    const unit = this.unit(subject);
    /** @param {string} key @returns {string} */
    const number = (key) => words.number(Number(detail[key] ?? 0));
    switch (rule) {
      case "source_silent":
        return words.say("alarm_source_silent", { source: this.source(subject), time: this.moment(Number(detail.heard)), n: number("heartbeat_s") });
      case "source_back":
        return words.say("alarm_source_back", { source: this.source(subject), time: this.moment(Number(detail.at)) });
      case "held_long":
        if (detail.unit === undefined && subject === QUARANTINED) return words.say("alarm_quarantined_long", { n: number("entries"), time: this.moment(Number(detail.at)) });
        if (detail.unit === undefined && subject === EVERYTHING) return words.say("alarm_held_all_long", { time: this.moment(Number(detail.at)) });
        return words.say("alarm_held_long", { unit, time: this.moment(Number(detail.at)) });
      case "ledger":
        return words.say("alarm_ledger", { reason: this.fault(String(detail.reason ?? "")) });
      case "clock":
        return this.clock(subject, detail);
      case "checkpoint":
        return words.say("alarm_checkpoint");
      case "put_back":
        return words.say("alarm_put_back", { n: number("count") });
      case "admin":
        return words.say("alarm_admin");
      case "point_lost":
        return this.lost(detail);
      case "program":
      case "shown":
      case "points":
        return words.say(`alarm_${rule}`, { reason: this.fault(String(detail.reason ?? "")) });
      default:
        return this.tripped(alarm);
    }
  }

  /** A point's data page, or many at once, that is lost. @param {wire.AlarmShown["detail"]} detail @returns {string} */
  lost(detail) {
    const age = this.words.duration(Math.max(0, this.now() - Number(detail.since)));
    if (detail.units === undefined) return this.words.say("alarm_point_lost", { unit: this.unit(String(detail.unit)), age });
    const units = String(detail.units).split(" ").map((code) => this.unit(code)).join(", ");
    return this.words.say("alarm_points_lost", { n: this.words.number(Number(detail.count)), units, age });
  }

  /**
   * What a rule has found: its figures stand in its text by their names; a pace is compared with the own past.
   * @param {wire.AlarmShown} alarm
   * @returns {string}
   */
  tripped({ rule, subject, detail }) {
    const { words } = this;
    const key = detail.past === 0 ? `alarm_${rule}_new` : `alarm_${rule}`;
    if (words.texts[key] === undefined) return `${rule}: ${subject}`;
    const figures = Object.fromEntries(Object.entries(detail).map(([name, figure]) => [name, words.number(Number(figure))]));
    const grown = detail.past ? words.number(times(Number(detail.pace), Number(detail.past))) : "";
    return words.say(key, { ...figures, times: grown, unit: this.unit(subject), source: this.source(subject) });
  }

  /**
   * An alarm about the server's clock: it was set, is behind the last row, or differs from the sources' clocks.
   * @param {string} subject
   * @param {wire.AlarmShown["detail"]} detail
   * @returns {string}
   */
  clock(subject, detail) {
    const by = Number(detail.by_ms ?? 0);
    const key = subject === "step" ? (by > 0 ? "ahead" : "back") : subject === "sources" && by < 0 ? "sources_slow" : subject;
    return this.words.say(`alarm_clock_${key}`, { age: this.words.duration(Math.abs(by)), time: this.moment(Number(detail.at ?? 0)) });
  }

  /** Why a file cannot be written, in the words of whoever can mend it. @param {string} reason @returns {string} */
  fault(reason) {
    const found = FAULTS.find(([part]) => reason.includes(part));
    return found ? this.words.say(found[1]) : reason;
  }

  /** Since when, by whom and why something is held. @param {wire.HoldShown} hold @returns {string} */
  hold(hold) {
    const { words } = this;
    const by = hold.scheduled ? words.say("by_schedule") : hold.rule === null ? this.who(hold.by) : words.say("by_alarm");
    const why = hold.rule === null ? hold.reason : words.say(`rule_${hold.rule}`);
    return [this.moment(hold.at), by, why].filter(Boolean).join(" · ");
  }

  /** A decision in one line. @param {Decided} decided @returns {string} */
  decided(decided) {
    const what = this.words.say(`last_${decided.final ? "final" : decided.kind}`, { unit: this.unit(decided.unit), source: decided.source ? this.source(decided.source) : "" });
    return this.words.say("last_decided", { who: this.who(decided.by), what, time: this.moment(decided.at) });
  }

  /** Who has put on air what is there. @param {string} by @returns {string} */
  taker(by) {
    return by === SYSTEM ? this.words.say("program_by_itself") : this.who(by);
  }

  /** A scene's name, its key where this page does not know it. @param {string} scene @returns {string} */
  scene(scene) {
    return this.scenes.get(scene) ?? scene;
  }

  /** What was done to an output: "Lan chuyển sang “Xếp hạng” lúc 09:42:17". @param {wire.Done} done @returns {string} */
  done({ by, at, did, scene }) {
    const key = did === "take" && scene === null ? "did_to_output" : `steered_${did}`;
    const what = this.words.say(key in this.words.texts ? key : "did_to_output", { scene: scene ? this.scene(scene.name) : "" });
    return this.words.say("steered", { who: this.taker(by), what, time: this.moment(at) });
  }

  /** The reason for a refusal. @param {Refusal} refusal @returns {string} */
  refusal(refusal) {
    const { words } = this;
    const { last } = refusal;
    if (last && "did" in last) return words.say(`refused_${refusal.code}_steering`, { last: this.done(last) });
    if (last && refusal.code === "stale") return words.say("refused_stale", { last: this.decided(last) });
    const key = `refused_${refusal.code}${refusal.field ? `_${refusal.field}` : ""}`;
    const known = [key, `refused_${refusal.code}`].find((each) => each in words.texts);
    const { code, value = "", expected = "" } = refusal;
    const as = value && ` (${value})`;
    return words.say(known ?? "refused_other", { code, value, as, expected, who: this.who(value) });
  }
}

/** @typedef {wire.Unwritten & {final?: boolean}} Decided */
/** @typedef {{code: string, field?: string, value?: string, expected?: string, last?: wire.Decided | wire.Done}} Refusal */

/**
 * Whether the gate keeps anything back, or will.
 * @param {wire.GateShown | undefined} gate
 * @returns {boolean}
 */
export const keepsBack = (gate) => gate !== undefined && (gate.held_all !== null || gate.held.length > 0 || gate.delay_ms > 0 || gate.quarantined_total > 0);

/**
 * The hold by which a unit is held: its own, or that of a unit above.
 * @param {string} code
 * @param {ReadonlyMap<string, string | null>} parents
 * @param {wire.GateShown | undefined} gate
 * @returns {wire.UnitHoldShown | null}
 */
export function heldBy(code, parents, gate) {
  if (!gate) return null;
  /** @type {string | null} */
  let at = code;
  while (at !== null) {
    const found = gate.held.find((hold) => hold.unit === at);
    if (found) return found;
    at = parents.get(at) ?? null;
  }
  return null;
}

/** "+1.284", "−3", "0". @param {Words} words @param {number} delta @returns {string} */
export const signed = (words, delta) => (delta > 0 ? "+" : "") + words.number(delta);
