/**
 * How long to wait before the next try. Pure.
 * @module
 */

/** The longest window of the few screens that must be back first: hall, presenter, control room. */
export const CLOSE_RETRY_MAX_MS = 2_000;
/** The same for public pages: after a break they come back spread over half a minute. */
export const PUBLIC_RETRY_MAX_MS = 30_000;
const RETRY_MIN_MS = 250;
const RETRY_FIRST_MS = 500;
/** A longer Retry-After is cut to this, so that a screen does not stay away for an hour. */
const REST_MAX_MS = 30_000;

/**
 * The wait before the next try: full jitter between 0.25 s and a window that doubles up to retryMaxMs.
 * @param {number} failures in a row so far
 * @param {number} retryMaxMs
 * @param {number} random in [0, 1)
 * @returns {number} ms
 */
export function retryMs(failures, retryMaxMs, random) {
  const windowMs = Math.min(retryMaxMs, RETRY_FIRST_MS * 2 ** Math.min(failures, 16));
  return RETRY_MIN_MS + random * (windowMs - RETRY_MIN_MS);
}

/** The wait that a close reason asks for ("retry_ms=1500"), 0 if it asks for none. @param {string} reason @returns {number} */
export function hintMs(reason) {
  const found = /\bretry_ms=(\d{1,6})\b/.exec(reason);
  return found ? Number(found[1]) : 0;
}

/** The wait that a Retry-After names in seconds, at most 30 s; 0 for a date or none. @param {string | null} value @returns {number} */
export function restMs(value) {
  return value !== null && /^\d{1,6}$/.test(value) ? Math.min(Number(value) * 1_000, REST_MAX_MS) : 0;
}
