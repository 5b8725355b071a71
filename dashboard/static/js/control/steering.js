/**
 * What is done to an output: each time it says which version it has seen, and what comes of it.
 * @module
 */

import { Refused } from "./asking.js";
import { isOthers } from "./output_words.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./outputs.js").Outputs} Outputs */
/** @typedef {import("./output_words.js").OutputState} OutputState */

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

  /** @returns {OutputState} */
  get state() {
    return this.outputs.state(this.name);
  }

  /** Whether nothing can be done to it from here. @returns {boolean} */
  get isShut() {
    const { room, outputs } = this;
    return outputs.gone.has(this.name) || room.hasEnded || room.isOld || isOthers(this.state, outputs.hand);
  }

  /** The item that is taken next, where no scene was prepared by hand. @returns {wire.Item | undefined} */
  get next() {
    const { rundown, running } = this.state;
    return rundown?.items.find((item) => item.id === running?.next);
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

  /** @param {string} scene @param {object} settings */
  take(scene, settings) {
    return this.do("take", { scene, settings }, "done_take", { scene: this.room.phrases.scene(scene) });
  }

  /** Hold the countdown on air, or let it go on. */
  turnCountdown() {
    const countdown = this.state.on_air?.scene.countdown;
    if (!countdown) return;
    const isHeld = countdown.to_ms === null;
    void this.do("countdown", { do: isHeld ? "resume" : "hold" }, isHeld ? "done_countdown_resume" : "done_countdown_hold");
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
