/**
 * The rundown of an output as lines: what is on, what is taken next, when each is planned and expected. Pure.
 * @module
 */

import { expected, moment } from "../lib/expected.js";

/** @typedef {import("../lib/words.js").Words} Words */
/** @typedef {import("../lib/expected.js").Times} Times */
/** `planned` is when it would begin by the plan, at the tempo of a rehearsal. */
/** @typedef {{item: wire.Item, n: number, at: number | null, planned: number | null, state: "on" | "next" | "done" | "skipped" | "coming"}} Line */

const MINUTE_MS = 60_000;
/** The whole order of a ranking, which is taken with intent alone whatever its item says. */
const FULL = "full";
/** So long after a launch has fired one press alone does not end its picture. */
export const LAUNCH_MS = 6_000;

/**
 * @param {wire.Rundown} rundown
 * @param {wire.Running} running
 * @param {number} nowMs
 * @returns {{lines: Line[], times: Times}}
 */
export function linesOf(rundown, running, nowMs) {
  const times = expected(rundown, running, nowMs);
  const at = new Map(times.items.map((each) => [each.item, each.at]));
  const began = new Map(running.began.map((each) => [each.item, each.at]));
  /** @param {wire.Item} item @returns {Line["state"]} */
  const state = (item) => {
    if (item.id === running.on) return "on";
    if (item.id === running.next) return "next";
    if (item.skip) return "skipped";
    return began.has(item.id) ? "done" : "coming";
  };
  const lines = rundown.items.map((item, index) => ({
    item,
    n: index + 1,
    at: at.get(item.id) ?? began.get(item.id) ?? null,
    planned: item.at_ms === null ? null : moment(item.at_ms, running.tempo),
    state: state(item),
  }));
  return { lines, times };
}

/** "Còn 02:10", "Quá 00:42": how long the item on has still got, "" where nothing was planned. @param {Words} words @param {Times} times @returns {string} */
export function leftOf(words, { left_ms: ms }) {
  if (ms === null) return "";
  return words.say(ms < 0 ? "rundown_over" : "rundown_left", { time: minutes(Math.abs(ms)) });
}

/** "Muộn 4 phút", "Sớm 1 phút", "Đúng giờ", and what it means for the end. @param {Words} words @param {Times} times @returns {string} */
export function paceOf(words, { late_ms: lateMs, over_ms: overMs }) {
  const parts = [];
  if (lateMs !== null) parts.push(by(words, lateMs, "rundown_late", "rundown_early", "rundown_on_time"));
  if (overMs !== null) parts.push(by(words, overMs, "rundown_ends_over", "rundown_ends_under", "rundown_ends_fits"));
  return parts.join(" · ");
}

/** @param {Words} words @param {number} ms @param {string} after @param {string} before @param {string} exact @returns {string} */
function by(words, ms, after, before, exact) {
  const n = Math.round(Math.abs(ms) / MINUTE_MS);
  return n === 0 ? words.say(exact) : words.say(ms > 0 ? after : before, { n: words.number(n) });
}

/** 130000 → "02:10". @param {number} ms @returns {string} */
export function minutes(ms) {
  const seconds = Math.floor(ms / 1000);
  return [Math.floor(seconds / 60), seconds % 60].map((part) => String(part).padStart(2, "0")).join(":");
}

/**
 * What can be armed now: the launch over the scene on air, a scene that is prepared or an item that asks for it; else null.
 * @param {Partial<wire.ControlProgramState>} state
 * @returns {{item?: string, scene?: string} | null}
 */
export function armable({ on_air: onAir, running, rundown, preview }) {
  if (onAir?.scene.name === "launch" && running?.launched !== onAir.scene.take) return {};
  if (preview) return preview.settings.order === FULL ? { scene: preview.name } : null;
  const next = rundown?.items.find((item) => item.id === running?.next);
  const asks = next?.arm || next?.settings.order === FULL;
  return next && asks && next.scene !== "launch" ? { item: next.id } : null;
}

/** Whether that is armed now. @param {{item?: string, scene?: string} | null} asked @param {wire.Running | null | undefined} running @param {number} nowMs @returns {boolean} */
export function isArmed(asked, running, nowMs) {
  const armed = running?.armed;
  return Boolean(asked && armed && (armed.item ?? undefined) === asked.item && (armed.scene ?? undefined) === asked.scene && nowMs < armed.until);
}

/** Whether a launch is counted down on its scene, or has just fired. @param {Partial<wire.ControlProgramState>} state @param {number} nowMs @returns {boolean} */
export function isLaunching({ cue, output, on_air: onAir }, nowMs) {
  if (!cue) return false;
  const sinceMs = nowMs - cue.at - (output?.delay_ms ?? 0);
  // While its scene counts down, a stray press would take the launch away.
  return (sinceMs >= 0 || onAir?.scene.name === "launch") && sinceMs < LAUNCH_MS;
}
