/**
 * What this page does to its output: each time it says which version it has seen, and what comes of it.
 * @module
 */

import { Refused } from "./api.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./outputs.js").Outputs} Outputs */

/** The server refuses a second press within this time; here what is pressed rests as long. */
const PRESS_AGAIN_MS = 800;
/** What counts as a press on the server: one of them keeps the others out for that time. */
const PRESSES = new Set(["take", "next", "standby", "back", "restore"]);

export class Steering {
  /**
   * @param {Room} room
   * @param {Outputs} outputs
   * @param {string} name
   */
  constructor(room, outputs, name) {
    this.room = room;
    this.outputs = outputs;
    this.name = name;
    /** The version that the server answered with, until the topic tells it. */
    this.answered = 0;
    this.rests = false;
  }

  /** The version that who sits here has seen, or been told of. @returns {number} */
  get seen() {
    return Math.max(this.outputs.state(this.name).version ?? 0, this.answered);
  }

  /**
   * @param {string} what the last part of the address
   * @param {object} asked
   * @param {string} done the key of the text for a success
   * @param {Record<string, string>} [values]
   * @returns {Promise<boolean>} whether it is done
   */
  async do(what, asked, done, values = {}) {
    const { seen } = this;
    const isPress = PRESSES.has(what);
    if (isPress) this.rest(true);
    try {
      const answer = await this.room.act(() => this.ask(what, { ...asked, seen }), done, values);
      if (answer) this.hear(answer.version);
      return answer !== null;
    } finally {
      if (isPress) window.setTimeout(() => this.rest(false), PRESS_AGAIN_MS);
    }
  }

  /** @param {string} what @param {object} asked @returns {Promise<wire.TakeAnswer>} */
  async ask(what, asked) {
    try {
      return await this.room.api.steer(this.name, what, asked);
    } catch (error) {
      // A refusal says what was done since: whoever has read that has seen it.
      const last = error instanceof Refused ? error.refusal.last : undefined;
      // It may be less than what was answered: after a kill a server knows of the last acts no more.
      if (last && "version" in last) this.answered = last.version;
      throw error;
    }
  }

  /** @param {number} version */
  hear(version) {
    this.answered = Math.max(this.answered, version);
  }

  /** @param {boolean} rests */
  rest(rests) {
    this.rests = rests;
    this.room.paint();
  }
}
