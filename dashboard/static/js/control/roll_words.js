/**
 * What the roll call says of a point, as text. Pure.
 * @module
 */

/** @typedef {import("../lib/words.js").Words} Words */
/** @typedef {import("./roll_rows.js").Facts} Facts */

const MINUTE_MS = 60_000;

/** @param {Words} words @param {Facts} facts @returns {string} */
export const bridge = (words, { bridge: is }) => words.say(is === 1 ? "bridge_yes" : is === 0 ? "bridge_no" : "bridge_unknown");

/** @param {Words} words @param {Facts} facts @param {number} nowMs @returns {string} */
export function page(words, { page: is, since }, nowMs) {
  if (is === null) return words.say("page_never");
  return is === 1 ? words.say("page_open") : words.say("page_lost", { age: words.duration(Math.max(0, nowMs - (since ?? nowMs))) });
}

/** @param {Words} words @param {Facts} facts @returns {string} "" for a point that has not said */
export const ready = (words, { ready: is }) => (is === null ? "" : words.say(is === 1 ? "ready_yes" : "ready_no"));

/** What a point is called to: "Chuẩn bị · còn 2 phút". @param {Words} words @param {wire.Call | undefined} call_ @param {number} nowMs @returns {string} */
export function call(words, call_, nowMs) {
  if (call_ === undefined) return "";
  if (call_.state !== "get_ready" || call_.due === null) return words.say(`call_state_${call_.state}`);
  const minutes = Math.max(1, Math.ceil((call_.due - nowMs) / MINUTE_MS));
  return words.say("call_state_get_ready_in", { age: words.duration(minutes * MINUTE_MS) });
}

/** Who chairs, the name first, which a narrow column still shows: "Lò Thị Mỷ, Chủ tịch". @param {wire.People | undefined} people @returns {string} */
export const chair = (people) => (people === undefined ? "" : [people.chair, people.chair_title].filter(Boolean).join(", "));

/** @param {wire.People | undefined} people @returns {string} */
export const technician = (people) => (people === undefined ? "" : [people.telephone, people.technician].filter(Boolean).join(" · "));
