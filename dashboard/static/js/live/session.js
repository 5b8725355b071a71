/**
 * Whether the session for which a page was opened is still in force, as its followers are told. Pure.
 * @module
 */

/** @typedef {import("./socket.js").Hooks} Hooks */

export class Session {
  /** @param {() => void} changed called when it may have ended, or is found to be in force after all */
  constructor(changed) {
    this.changed = changed;
    /** Whether the server has closed a socket because the session ended. */
    this.isOver = false;
    /** Those that the server wants somebody signed in for. @type {Set<string>} */
    this.refusing = new Set();
  }

  /** Whether the server has ended the session, or the browser has another's. @returns {boolean} */
  get hasEnded() {
    return this.isOver || this.refusing.size > 0;
  }

  /** Something was refused because nobody is signed in. @param {string} what a topic, or where its answer is heard of */
  refuse(what) {
    this.refusing.add(what);
    this.changed();
  }

  /**
   * Wraps the hooks of a follower that needs the session, to note what it hears of it.
   * @param {string} topic
   * @param {Hooks} hooks
   * @returns {Hooks}
   */
  heardBy(topic, hooks) {
    return {
      ...hooks,
      contact: () => {
        if (this.refusing.delete(topic)) this.changed();
        hooks.contact();
      },
      refused: () => this.refuse(topic),
      stopped: () => {
        this.isOver = true;
        this.changed();
      },
    };
  }
}
