/**
 * The control room's API of connection points and screens.
 * @module
 */

import { ask, send, UPLOAD_WAIT_MS, WAIT_MS } from "./asking.js";

export class FleetApi {
  /** @param {string} as the account that this page was opened for, as a parameter */
  constructor(as) {
    this.as = as;
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
}
