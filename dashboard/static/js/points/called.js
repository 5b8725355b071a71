/**
 * What a point is told of its turn, and when its phone vibrates. Pure.
 * @module
 */

/** @typedef {import("../lib/words.js").Words} Words */

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
/** Vibrations, ms on and off, by what is told. @type {Record<string, number[]>} */
const VIBRATIONS = { get_ready: [250, 150, 250], soon: [400, 150, 400, 150, 400], on_air: [900, 200, 900] };

/** @param {wire.Call | null} call @param {Words} words @param {number} nowMs @returns {string} */
export function word(call, words, nowMs) {
  if (call === null || call.state === "none") return words.say("call_none");
  if (call.state !== "get_ready" || call.due === null) return words.say(`call_${call.state}`);
  const leftMs = call.due - nowMs;
  // "còn 2 phút" from two minutes before on, and the seconds in the last.
  if (leftMs > MINUTE_MS) return words.say("call_minutes", { n: String(Math.ceil(leftMs / MINUTE_MS)) });
  return leftMs > 0 ? words.say("call_seconds", { n: String(Math.ceil(leftMs / SECOND_MS)) }) : words.say("call_get_ready");
}

export class Calls {
  /** @param {(pattern: number[]) => void} vibrate */
  constructor(vibrate) {
    this.vibrate = vibrate;
    /** The call that was heard last. @type {string | null} */
    this.heard = null;
  }

  /**
   * @param {wire.Call | null} call
   * @param {boolean} isAcked
   */
  hear(call, isAcked) {
    const key = call === null || call.state === "none" ? "" : call.key;
    if (key === this.heard) return;
    this.heard = key;
    const pattern = call === null ? undefined : VIBRATIONS[call.state];
    if (pattern !== undefined && !isAcked) this.vibrate(pattern);
  }
}

/** A number of people as it was typed, null for none, undefined for what is none. @param {string} text @param {number} most @returns {number | null | undefined} */
export function people(text, most) {
  const plain = text.replace(/[\s.,]/g, "");
  if (plain === "") return text.trim() === "" ? null : undefined;
  // "1.200" is how it is written here; what has a sign or a letter is a slip.
  const count = /^\d{1,7}$/.test(plain) ? Number(plain) : NaN;
  return count <= most ? count : undefined;
}
