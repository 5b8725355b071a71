/**
 * The button on stage: what it looks like, and what a press on it does. Pure.
 *
 * It is dead until the room has armed the launch. Of several that are pressed the server takes the first; the others hear
 * that it was launched. A press names the arming that it has seen, so none that comes late launches another time.
 * @module
 */

/** @typedef {"dead" | "armed" | "pressing" | "launched" | "refused" | "trying" | "tried" | "offline" | "gone"} Look */
/** @typedef {"done" | "launched" | "not_armed" | "gone" | "unheard"} Answer what became of a press: "launched" is somebody else's */

/** A press is sent again while nothing is heard of it, for so long at most: what comes later is a surprise. */
export const PRESS_MS = 4_000;
/** After it was tried, a button that comes to be armed is dead for this long: the finger may still be on its way. */
export const FINGER_MS = 700;
/** That a try has come through is told for so long, and a try is waited for. */
export const TRIED_MS = 6_000;
export const TRYING_MS = 30_000;
/** Without a word from the server for this long the button says that it is not heard. */
export const SILENT_MS = 6_000;

export class StageButton {
  /**
   * @param {() => number} now the server's time
   * @param {(what: "press" | "try", body: object, againMs: number) => Promise<Answer>} send asks the server, again and again for
   *   `againMs`
   * @param {() => void} changed
   */
  constructor(now, send, changed) {
    this.now = now;
    this.send = send;
    this.changed = changed;
    /** @type {Partial<wire.ButtonState>} */
    this.told = {};
    this.silentMs = 0;
    this.isGone = false;
    this.isSending = false;
    this.isRefused = false;
    /** Until when a press is a try, and until when it is told that one has come through. */
    this.triesUntil = 0;
    this.triedUntil = 0;
    /** From when on a press launches. */
    this.liveFrom = 0;
  }

  /** @param {Partial<wire.ButtonState>} told what the server says of the button now */
  hear(told) {
    const wasArmed = this.isArmed;
    this.told = told;
    if (!wasArmed && this.isArmed) {
      this.liveFrom = this.triesUntil > this.now() || this.triedUntil > this.now() ? this.now() + FINGER_MS : 0;
      this.triesUntil = this.triedUntil = 0;
    }
    if (!this.isArmed) this.isRefused = false;
    this.changed();
  }

  /** @returns {boolean} */
  get isArmed() {
    return (this.told.armed_until ?? 0) > this.now();
  }

  /** @returns {Look} */
  get look() {
    if (this.isGone) return "gone";
    if (typeof this.told.launched_at === "number") return "launched";
    if (this.isSending) return "pressing";
    if (this.silentMs > SILENT_MS) return "offline";
    if (this.isArmed) return this.isRefused ? "refused" : "armed";
    if (this.triedUntil > this.now()) return "tried";
    return this.triesUntil > this.now() ? "trying" : "dead";
  }

  /** Let the next press be a try, or no more. */
  toggleTry() {
    if (this.isArmed || this.isSending) return;
    this.triesUntil = this.triesUntil > this.now() ? 0 : this.now() + TRYING_MS;
    this.triedUntil = 0;
    this.changed();
  }

  /** Somebody has pressed. @returns {Promise<void>} */
  async press() {
    if (this.isGone || this.isSending || typeof this.told.launched_at === "number") return;
    if (this.isArmed) {
      if (this.now() >= this.liveFrom) await this.launch(this.told.armed_until ?? 0);
    } else if (this.triesUntil > this.now()) await this.tryOut();
  }

  /** @param {number} until */
  async launch(until) {
    const answer = await this.ask("press", { until }, PRESS_MS);
    this.isRefused = answer === "unheard" && this.isArmed;
    // What the topic says comes as soon; until then nobody is to press again.
    if (answer === "done" || answer === "launched") this.told = { ...this.told, armed_until: null, launched_at: this.told.launched_at ?? this.now() };
    if (answer === "not_armed") this.told = { ...this.told, armed_until: null };
    this.changed();
  }

  async tryOut() {
    const answer = await this.ask("try", {}, 0);
    if (answer === "done") {
      this.triesUntil = 0;
      this.triedUntil = this.now() + TRIED_MS;
    }
    this.changed();
  }

  /** @param {"press" | "try"} what @param {object} body @param {number} againMs @returns {Promise<Answer>} */
  async ask(what, body, againMs) {
    this.isSending = true;
    this.changed();
    const answer = await this.send(what, body, againMs);
    this.isSending = false;
    if (answer === "gone") this.isGone = true;
    return answer;
  }
}

/** Keys that press nothing: those that lead around the page, and those that are half of another. */
const OTHERS = new Set(["Tab", "Escape", "Shift", "Control", "Alt", "Meta", "AltGraph", "CapsLock", "NumLock", "Fn", "F11"]);

/** Whether a key presses the button. @param {{key: string, repeat: boolean, ctrlKey: boolean, altKey: boolean, metaKey: boolean}} event @returns {boolean} */
export function presses({ key, repeat, ctrlKey, altKey, metaKey }) {
  return !repeat && !ctrlKey && !altKey && !metaKey && !OTHERS.has(key);
}
