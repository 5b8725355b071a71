/**
 * A screen of the registry in words. Pure.
 * @module
 */

import { title } from "./output_words.js";

/** @typedef {wire.ScreenShown} Shown */
/** @typedef {{heard: number, seq: number | null, behind: number | null, offset: number | null, bound: number | null}} Moving */
/** @typedef {import("../lib/words.js").Words} Words */
/** @typedef {"live" | "care" | "gone" | "kept"} State */

/** By how much a machine's clock may be off before somebody should look: certificates and logs, not cues, go by it. */
const OFFSET_CARE_MS = 60_000;
/** A screen may be this wrong about the server's time before a cue is seen to be late on it. */
const BOUND_CARE_MS = 250;
const OFFSET_RIGHT_MS = 1_000;
/** A screen reports each 10 s while numbers come, so it always is some rows behind when it does. */
const BEHIND_CARE = 2_000;
const SECOND_MS = 1_000;

/** What a screen is for, with the unit or overlay that it is of. @param {Words} words @param {Shown} shown @param {(code: string) => string} unit @returns {string} */
export function roleOf(words, shown, unit) {
  const { role = "other", out = "" } = shown;
  const path = (shown.address ?? "").split("?")[0]?.split("/") ?? [];
  const name = words.say(`screen_role_${role}`);
  if (role === "tv") return title(words, out);
  if ((role === "unit" || role === "point") && path[2]) return `${name} · ${unit(decodeURIComponent(path[2]))}`;
  if (role === "overlay" && path[2]) return `${name} · ${path[2]}`;
  return name;
}

/** @param {Words} words @param {Shown} shown @param {(code: string) => string} unit @returns {string} */
export function nameOf(words, shown, unit) {
  return shown.name || words.say("screen_unnamed", { role: roleOf(words, shown, unit), label: shown.label ?? "" });
}

/**
 * How a screen stands: what is said of it first, and how much it matters.
 * @param {Words} words
 * @param {Shown} shown
 * @param {number} nowMs
 * @returns {{state: State, text: string}}
 */
export function stateOf(words, shown, nowMs) {
  const gone = shown.gone ?? null;
  if (gone !== null && shown.link == null) return { state: "kept", text: words.say("screen_state_kept") };
  if (gone !== null) return { state: "gone", text: words.say("screen_state_lost", { age: words.duration(nowMs - gone) }) };
  if (shown.fault) return { state: "care", text: words.say("screen_state_fault", { address: shown.fault }) };
  if (shown.is_old) return { state: "care", text: words.say("screen_state_old") };
  if (shown.hidden) return { state: "care", text: words.say("screen_state_hidden") };
  return { state: "live", text: words.say("screen_state_live") };
}

/** A length of time as short as it can be said. @param {Words} words @param {number} ms @returns {string} */
function spanOf(words, ms) {
  if (ms < SECOND_MS) return words.say("screen_ms", { n: words.number(Math.round(ms)) });
  return ms < 60 * SECOND_MS ? words.say("screen_s", { n: words.number(Math.round(ms / SECOND_MS)) }) : words.duration(ms);
}

/**
 * The clock of its machine, and by how much the screen may be wrong about the server's.
 * @param {Words} words
 * @param {Moving} moving
 * @returns {{machine: string, bound: string, machineCares: boolean, boundCares: boolean}}
 */
export function clockOf(words, { offset, bound }) {
  const away = Math.abs(offset ?? 0);
  const sign = words.say((offset ?? 0) < 0 ? "screen_clock_fast" : "screen_clock_slow");
  const machine = offset === null ? "" : away < OFFSET_RIGHT_MS ? words.say("screen_clock_right") : words.say("screen_clock_off", { sign, value: spanOf(words, away) });
  const said = bound === null ? words.say("screen_clock_none") : words.say("screen_clock_bound", { value: spanOf(words, bound) });
  return { machine, bound: said, machineCares: away >= OFFSET_CARE_MS, boundCares: (bound ?? 0) >= BOUND_CARE_MS };
}

/**
 * Where it stands in its numbers.
 * @param {Words} words
 * @param {Shown} shown
 * @param {Moving} moving
 * @returns {{at: string, behind: string, cares: boolean}}
 */
export function placeOf(words, shown, { seq, behind }) {
  if (seq === null) return { at: "", behind: "", cares: false };
  const at = words.say("screen_place", { topic: shown.topic ?? "", seq: words.number(seq) });
  if (behind === null) return { at, behind: words.say("screen_of_other"), cares: false };
  return { at, behind: behind === 0 ? words.say("screen_current") : words.say("screen_behind", { n: words.number(behind) }), cares: behind >= BEHIND_CARE };
}

/** @param {Words} words @param {Shown} shown @returns {string} "1920×1080, ×1,5" */
export function sizeOf(words, shown) {
  if (!shown.size) return "";
  const [width, height, ratio] = shown.size;
  const values = { width: String(width), height: String(height), ratio: words.lang === "en" ? String(ratio) : String(ratio).replace(".", ",") };
  return words.say(ratio === 1 ? "screen_size" : "screen_size_ratio", values);
}

/** Whether somebody should look at it. @param {Words} words @param {Shown} shown @param {Moving} moving @param {number} nowMs @returns {boolean} */
export function caresFor(words, shown, moving, nowMs) {
  const { state } = stateOf(words, shown, nowMs);
  if (state === "kept") return false;
  const { machineCares, boundCares } = clockOf(words, moving);
  return state !== "live" || machineCares || boundCares || placeOf(words, shown, moving).cares || shown.test?.verdict === "bad";
}
