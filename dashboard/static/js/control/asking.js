/**
 * Requests of the control room. Every one has a time limit, every failure a code.
 * @module
 */

import { fetchWithin } from "../lib/within.js";

/** @typedef {import("./phrases.js").Refusal} Refusal */

export const WAIT_MS = 8_000;
const NO_CONTENT = 204;
/** What was public at a time is counted again from the ledger, which takes some ten seconds a million rows. */
export const COUNT_WAIT_MS = 60_000;
/** A file comes over the line first, and is then decoded. */
export const UPLOAD_WAIT_MS = 90_000;

export class Refused extends Error {
  /** @param {Refusal} refusal */
  constructor(refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

/** @param {string} url @param {object} said @param {number} [waitMs] @param {string} [method] @returns {Promise<any>} */
export const send = (url, said, waitMs, method = "POST") => ask(url, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) }, waitMs);

/**
 * @param {string} url
 * @param {RequestInit} init
 * @param {number} [waitMs]
 * @returns {Promise<any>}
 */
export async function ask(url, init, waitMs = WAIT_MS) {
  /** @type {{ok: boolean, status: number, body: any}} */
  let answer;
  try {
    const asked = /** @type {const} */ ({ ...init, cache: "no-store", credentials: "same-origin" });
    answer = await fetchWithin(url, asked, waitMs, async (found) => ({ ok: found.ok, status: found.status, body: found.status === NO_CONTENT ? {} : await found.json() }));
  } catch {
    throw new Refused({ code: "unreachable" });
  }
  if (answer.ok) return answer.body;
  const problem = /** @type {Partial<wire.StaleBody | wire.StaleTakeBody>} */ (answer.body);
  throw new Refused({ code: String(problem.code ?? answer.status), field: problem.field ?? undefined, value: problem.value ?? undefined, expected: problem.expected ?? undefined, last: problem.last });
}
