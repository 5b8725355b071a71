/**
 * What a self-test says of each thing that it has measured, in words an official understands, and of the machine as a whole.
 * Pure.
 * @module
 */

/** @typedef {"ok" | "note" | "bad"} Mark */
/** @typedef {{mark: Mark, key: string, values?: Record<string, string>}} Found what is said, by the key of its text */
/** @typedef {"fit" | "usable" | "unfit"} Verdict */

/** The oldest engine that screens are made for. */
export const CHROME_MIN = 86;
/** A machine whose clock is off by more than this has a wrong one. */
const CLOCK_OFF_MS = 2_000;
/** A cue may come this late without being seen to be. */
const BOUND_MS = 250;
const RTT_SLOW_MS = 400;
const LATE_SHARE = 0.2;
const FPS_GOOD = 45;
const FPS_POOR = 20;
const WIDTH_MIN = 1_024;
const HEIGHT_MIN = 600;
/** A screen narrower than this, either way round, is a telephone's. */
const PHONE_PX = 600;

/** @typedef {import("../lib/words.js").Words} Words */

/**
 * @param {{agent: string, version: number | null, can: boolean}} it its name; the version of its engine, null for one that is no
 *     Chromium; whether it has what screens need
 * @returns {Found}
 */
export function browserOf({ agent, version, can }) {
  if (!can || (version !== null && version < CHROME_MIN)) return { mark: "bad", key: "browser_old", values: { agent } };
  return { mark: version === null ? "note" : "ok", key: version === null ? "browser_unknown" : "browser_ok", values: { agent } };
}

/**
 * @param {{offMs: number, boundMs: number} | null} it how far the machine's clock is from the server's, and how exactly that
 *     is known; null where nobody answered
 * @param {Words} words
 * @returns {Found}
 */
export function clockOf(it, words) {
  if (it === null) return { mark: "bad", key: "clock_none" };
  const values = { off: span(Math.abs(it.offMs), words), bound: `±${span(it.boundMs, words)}` };
  if (it.boundMs > BOUND_MS) return { mark: "note", key: "clock_rough", values };
  return Math.abs(it.offMs) > CLOCK_OFF_MS ? { mark: "note", key: "clock_off", values } : { mark: "ok", key: "clock_ok", values };
}

/**
 * @param {{way: "socket" | "poll" | "portal" | "none", tripsMs: readonly number[], asked: number}} it by which way the server
 *     is reached, the round trips that were answered in time, and how many were asked
 * @param {Words} words
 * @returns {Found}
 */
export function lineOf({ way, tripsMs, asked }, words) {
  if (way === "portal") return { mark: "bad", key: "line_portal" };
  if (way === "none" || tripsMs.length === 0) return { mark: "bad", key: "line_none" };
  const median = /** @type {number} */ ([...tripsMs].sort((one, other) => one - other)[Math.floor(tripsMs.length / 2)]);
  const values = { rtt: span(median, words), lost: words.number(asked - tripsMs.length), of: words.number(asked) };
  if (asked - tripsMs.length > asked * LATE_SHARE) return { mark: "note", key: "line_lossy", values };
  if (way === "poll") return { mark: "note", key: "line_poll", values };
  return median > RTT_SLOW_MS ? { mark: "note", key: "line_slow", values } : { mark: "ok", key: "line_ok", values };
}

/** @param {boolean} isThere @returns {Found} */
export const fontOf = (isThere) => (isThere ? { mark: "ok", key: "font_ok" } : { mark: "note", key: "font_none" });

/** @param {number | null} fps null where the page was hidden @param {Words} words @returns {Found} */
export function framesOf(fps, words) {
  if (fps === null) return { mark: "note", key: "frames_hidden" };
  const values = { n: words.number(Math.round(fps)) };
  if (fps < FPS_POOR) return { mark: "bad", key: "frames_bad", values };
  return fps < FPS_GOOD ? { mark: "note", key: "frames_slow", values } : { mark: "ok", key: "frames_ok", values };
}

/**
 * @param {{width: number, height: number, screenWidth: number, screenHeight: number, zoom: number}} it of the window and the
 *     screen, in CSS pixels; by how much the browser enlarges the page, 1 for not at all
 * @returns {Found}
 */
export function sizeOf({ width, height, screenWidth, screenHeight, zoom }) {
  const values = { w: String(width), h: String(height) };
  if (Math.min(screenWidth, screenHeight) < PHONE_PX) return { mark: "ok", key: "size_phone", values };
  if (zoom > 1.05 && (width < WIDTH_MIN || height < HEIGHT_MIN)) return { mark: "note", key: "size_zoom", values };
  return width < WIDTH_MIN || height < HEIGHT_MIN ? { mark: "note", key: "size_small", values } : { mark: "ok", key: "size_ok", values };
}

/** @param {"lock" | "video" | "none"} way @returns {Found} */
export const awakeOf = (way) => ({ mark: way === "lock" ? "ok" : "note", key: `awake_${way}` });

/** What of it all can be said in one look. @param {readonly Found[]} all @returns {Verdict} */
export function verdictOf(all) {
  if (all.some(({ mark }) => mark === "bad")) return "unfit";
  return all.some(({ mark }) => mark === "note") ? "usable" : "fit";
}

/** What the registry of screens is told, as live/report.js reads it. @param {Record<string, Found>} all @param {number} atMs */
export function toldOf(all, atMs) {
  const verdict = { fit: "good", usable: "fair", unfit: "bad" }[verdictOf(Object.values(all))];
  const faults = Object.entries(all).filter(([, { mark }]) => mark !== "ok").map(([name]) => name);
  return { at: atMs, verdict, faults };
}

/** A span of time as it is told: thousandths below two seconds. @param {number} ms @param {Words} words @returns {string} */
function span(ms, words) {
  return ms < 2_000 ? `${words.number(Math.round(ms))} ms` : words.age(ms);
}
