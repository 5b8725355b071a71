/**
 * The control room's API: decisions, and what they would bring. Every request has a time limit, every failure a code.
 * @module
 */

import { fetchWithin } from "../lib/within.js";

/** @typedef {import("./phrases.js").Refusal} Refusal */

const WAIT_MS = 8_000;
const NO_CONTENT = 204;
/** What was public at a time is counted again from the ledger, which takes some ten seconds a million rows. */
const COUNT_WAIT_MS = 60_000;
/** A file comes over the line first, and is then decoded. */
const UPLOAD_WAIT_MS = 90_000;

export class Refused extends Error {
  /** @param {Refusal} refusal */
  constructor(refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}

export class Api {
  /**
   * @param {string} store the store that this page acts on; refused by the server once screens follow the other
   * @param {string} me the account that this page was opened for; refused by the server in another account's session
   */
  constructor(store, me) {
    this.as = `as=${encodeURIComponent(me)}`;
    this.query = `store=${store}&${this.as}`;
  }

  /**
   * Make a decision.
   * @param {wire.Action} action
   * @returns {Promise<wire.DecisionAnswer>}
   * @throws {Refused}
   */
  decide(action) {
    return send(`/api/v1/control/decisions?${this.query}`, action);
  }

  /**
   * Do something to an output.
   * @param {string} output
   * @param {string} what the last part of its address: "take", "panic" …
   * @param {object} asked
   * @returns {Promise<wire.TakeAnswer>}
   * @throws {Refused}
   */
  steer(output, what, asked) {
    return send(`/api/v1/outputs/${output}/${what}?${this.as}`, asked, "to_ms" in asked ? COUNT_WAIT_MS : WAIT_MS);
  }

  /**
   * What it would bring to show what was public at a time.
   * @param {string} output
   * @param {number} toMs
   * @returns {Promise<wire.MomentEffect>}
   * @throws {Refused}
   */
  effectOfMoment(output, toMs) {
    return ask(`/api/v1/outputs/${output}/effect?to_ms=${toMs}&${this.as}`, {}, COUNT_WAIT_MS);
  }

  /**
   * What stands against a broadcast on an output.
   * @param {string} output
   * @returns {Promise<wire.Checks>}
   * @throws {Refused}
   */
  checks(output) {
    return ask(`/api/v1/outputs/${output}/checks?${this.as}`, {});
  }

  /**
   * Put another rundown in place of an output's.
   * @param {string} output
   * @param {object} rundown with the version that was looked at
   * @returns {Promise<wire.TakeAnswer>}
   * @throws {Refused}
   */
  rundown(output, rundown) {
    return send(`/api/v1/outputs/${output}/rundown?${this.as}`, rundown, WAIT_MS, "PUT");
  }

  /**
   * Make an output of a director's.
   * @param {string} name
   * @returns {Promise<wire.TakeAnswer>}
   * @throws {Refused}
   */
  make(name) {
    return send(`/api/v1/outputs?${this.as}`, { name });
  }

  /**
   * Take an output of a director's away.
   * @param {string} name
   * @returns {Promise<object>}
   * @throws {Refused}
   */
  remove(name) {
    return ask(`/api/v1/outputs/${name}?${this.as}`, { method: "DELETE" });
  }

  /**
   * Upload a picture.
   * @param {File} file
   * @param {string} name
   * @returns {Promise<wire.PictureShown>}
   * @throws {Refused}
   */
  upload(file, name) {
    return ask(`/api/v1/pictures?name=${encodeURIComponent(name)}&${this.as}`, { method: "POST", body: file }, UPLOAD_WAIT_MS);
  }

  /**
   * What a workbook would change in the rundown of an output; with the version for which that was told, change it.
   * @param {string} output
   * @param {File} file
   * @param {number | null} seen
   * @param {string} lang
   * @returns {Promise<wire.RundownRead>}
   * @throws {Refused}
   */
  takeRundown(output, file, seen, lang) {
    const version = seen === null ? "" : `seen=${seen}&`;
    return ask(`/api/v1/outputs/${output}/rundown.xlsx?${version}lang=${lang}&${this.as}`, { method: "POST", body: file }, UPLOAD_WAIT_MS);
  }

  /**
   * Call a picture by another name.
   * @param {string} digest
   * @param {string} name
   * @returns {Promise<wire.PictureShown>}
   * @throws {Refused}
   */
  renamePicture(digest, name) {
    return send(`/api/v1/pictures/${digest}?${this.as}`, { name });
  }

  /**
   * Take a picture away.
   * @param {string} digest
   * @returns {Promise<object>}
   * @throws {Refused}
   */
  removePicture(digest) {
    return ask(`/api/v1/pictures/${digest}?${this.as}`, { method: "DELETE" });
  }

  /**
   * The prepared straps of people.
   * @returns {Promise<wire.StrapsShown>}
   * @throws {Refused}
   */
  straps() {
    return ask(`/api/v1/straps?${this.as}`, {});
  }

  /**
   * Put a strap in place of one, or add it.
   * @param {string | null} id
   * @param {object} asked
   * @returns {Promise<wire.StrapsShown>}
   * @throws {Refused}
   */
  saveStrap(id, asked) {
    return send(`/api/v1/straps${id === null ? "" : `/${id}`}?${this.as}`, asked);
  }

  /**
   * Approve a strap as it is seen, or take that back.
   * @param {wire.Strap} strap
   * @param {boolean} on
   * @returns {Promise<wire.StrapsShown>}
   * @throws {Refused}
   */
  approveStrap(strap, on) {
    return send(`/api/v1/straps/${strap.id}/approve?${this.as}`, { seen: strap.version, on });
  }

  /**
   * Take a strap away.
   * @param {wire.Strap} strap
   * @returns {Promise<object>}
   * @throws {Refused}
   */
  removeStrap(strap) {
    return ask(`/api/v1/straps/${strap.id}?seen=${strap.version}&${this.as}`, { method: "DELETE" });
  }

  /**
   * What a workbook would change in the list of straps; with the version for which that was told, change it.
   * @param {File} file
   * @param {number | null} seen
   * @param {string} lang
   * @returns {Promise<wire.StrapsFileRead>}
   * @throws {Refused}
   */
  takeStraps(file, seen, lang) {
    const version = seen === null ? "" : `seen=${seen}&`;
    return ask(`/api/v1/straps.xlsx?${version}lang=${lang}&${this.as}`, { method: "POST", body: file }, UPLOAD_WAIT_MS);
  }

  /**
   * Tick connection points as connected (true), called in vain (false), or not called (null).
   * @param {readonly string[]} codes
   * @param {boolean | null} connected
   * @returns {Promise<wire.BridgeAnswer>}
   * @throws {Refused}
   */
  tickPoints(codes, connected) {
    return send(`/api/v1/points/bridge?${this.as}`, { codes, connected });
  }

  /**
   * What a list of connected points would tick; or tick it.
   * @param {Blob} body
   * @param {boolean} takes
   * @returns {Promise<wire.ListRead>}
   * @throws {Refused}
   */
  listPoints(body, takes) {
    return ask(`/api/v1/points/bridge/list?take=${Number(takes)}&${this.as}`, { method: "POST", body }, UPLOAD_WAIT_MS);
  }

  /**
   * Begin the roll call anew at and below a unit.
   * @param {string} code
   * @returns {Promise<wire.BridgeAnswer>}
   * @throws {Refused}
   */
  beginRollCall(code) {
    return send(`/api/v1/points/afresh?${this.as}`, { code });
  }

  /**
   * Say something for a point.
   * @param {string} code
   * @param {{present: number | null}} said
   * @returns {Promise<wire.PointShown>}
   * @throws {Refused}
   */
  tellPoint(code, said) {
    return send(`/api/v1/points/${encodeURIComponent(code)}?${this.as}`, said);
  }

  /**
   * Call a point by hand; null gives it back to the rundown.
   * @param {string} code
   * @param {string | null} state
   * @param {string} text
   * @returns {Promise<wire.PointShown>}
   * @throws {Refused}
   */
  callPoint(code, state, text) {
    return send(`/api/v1/points/${encodeURIComponent(code)}/call?${this.as}`, { state, text });
  }

  /**
   * Let a point's line of a moment through to the host, or put it aside.
   * @param {string} code
   * @param {number} at
   * @param {wire.Line["state"]} state
   * @returns {Promise<wire.PointShown>}
   * @throws {Refused}
   */
  moderateLine(code, at, state) {
    return send(`/api/v1/points/${encodeURIComponent(code)}/line?${this.as}`, { at, state });
  }

  /**
   * Say who sits at a point.
   * @param {string} code
   * @param {object} people
   * @returns {Promise<wire.PeopleShown>}
   * @throws {Refused}
   */
  namePeople(code, people) {
    return send(`/api/v1/points/${encodeURIComponent(code)}/people?${this.as}`, people, WAIT_MS, "PUT");
  }

  /**
   * Call a screen otherwise, and have it show an address, "" for the one that it was opened with.
   * @param {string} id
   * @param {string} name
   * @param {string} address
   * @returns {Promise<wire.ScreenShown>}
   * @throws {Refused}
   */
  changeScreen(id, name, address) {
    return send(`/api/v1/screens/${id}?${this.as}`, { name, show: address });
  }

  /**
   * Keep nothing of a screen any more.
   * @param {string} id
   * @returns {Promise<object>}
   * @throws {Refused}
   */
  forgetScreen(id) {
    return ask(`/api/v1/screens/${id}?${this.as}`, { method: "DELETE" });
  }

  /**
   * Have a screen load itself anew, or show its name.
   * @param {string} id
   * @param {"reload" | "identify"} what
   * @returns {Promise<wire.ScreensTold>}
   * @throws {Refused}
   */
  orderScreen(id, what) {
    return send(`/api/v1/screens/${id}/${what}?${this.as}`, {});
  }

  /**
   * Have all screens load themselves anew, one after the other.
   * @returns {Promise<wire.ScreensTold>}
   * @throws {Refused}
   */
  reloadScreens() {
    return send(`/api/v1/screens/reload?${this.as}`, {});
  }

  /**
   * The names of all outputs.
   * @returns {Promise<string[]>}
   * @throws {Refused}
   */
  async outputs() {
    const found = /** @type {wire.OutputsShown} */ (await ask(`/api/v1/outputs?${this.as}`, {}));
    return found.outputs.map((each) => each.name);
  }

  /**
   * What the release of a unit, or of "all", would bring.
   * @param {string} release
   * @returns {Promise<wire.Effect>}
   * @throws {Refused}
   */
  effect(release) {
    return ask(`/api/v1/control/effect?release=${encodeURIComponent(release)}&${this.query}`, {});
  }

  /**
   * What a correction would bring.
   * @param {{unit: string, round: number, column: string, delta: number}} made
   * @returns {Promise<wire.CorrectionEffect>}
   * @throws {Refused}
   */
  effectOfCorrection({ unit, round, column, delta }) {
    const asked = new URLSearchParams({ unit, round: String(round), column, delta: String(delta) });
    return ask(`/api/v1/control/effect/correction?${asked}&${this.query}`, {});
  }

  /**
   * The latest entries of a unit, or (null) all that wait to be verified.
   * @param {string | null} unit
   * @returns {Promise<wire.Entries>}
   * @throws {Refused}
   */
  entries(unit) {
    const which = unit === null ? "state=quarantined" : `unit=${encodeURIComponent(unit)}`;
    return ask(`/api/v1/control/entries?${which}&${this.query}`, {});
  }
}

/** @param {string} url @param {object} said @param {number} [waitMs] @param {string} [method] @returns {Promise<any>} */
const send = (url, said, waitMs, method = "POST") => ask(url, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) }, waitMs);

/**
 * @param {string} url
 * @param {RequestInit} init
 * @param {number} [waitMs]
 * @returns {Promise<any>}
 */
async function ask(url, init, waitMs = WAIT_MS) {
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
