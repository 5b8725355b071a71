/**
 * The control room's API: decisions, and what they would bring. Points and screens are in fleet_api.js.
 * @module
 */

import { ask, COUNT_WAIT_MS, send, UPLOAD_WAIT_MS, WAIT_MS } from "./asking.js";
import { FleetApi } from "./fleet_api.js";

export class Api extends FleetApi {
  /**
   * @param {string} store the store that this page acts on; refused by the server once screens follow the other
   * @param {string} me the account that this page was opened for; refused by the server in another account's session
   */
  constructor(store, me) {
    super(`as=${encodeURIComponent(me)}`);
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
