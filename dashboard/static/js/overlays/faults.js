/**
 * What goes wrong with an overlay, told to whoever directs its output: over the socket by which the page follows that, few at a
 * time, each once for all that came alike. Nothing of it is seen on air. Pure, but for the timers that it is given.
 * @module
 */

import { same } from "./settings.js";

/** @typedef {Omit<Extract<wire.Said, {type: "fault"}>, "type" | "overlay" | "count">} Fault */

/** The time between two messages: the server lets a screen say 20 things in 10 s, and some of them ask for the time. */
export const EACH_MS = 2_000;
/** Faults that wait for a socket, or their turn; of others the first are kept. */
const WAITING_MAX = 8;
const COUNT_MAX = 1_000;

export class Faults {
  /** @param {string} overlay @param {Pick<import("../live/socket.js").Surroundings, "setTimeout">} around */
  constructor(overlay, around) {
    this.overlay = overlay;
    this.around = around;
    /** @type {{fault: Fault, count: number}[]} */
    this.waiting = [];
    /** What lasts, and so is told to each server that the page comes to. @type {Fault[]} */
    this.lasting = [];
    this.rests = false;
    /** @type {(text: string) => boolean} */
    this.say = () => false;
  }

  /** A socket takes what is said from now on. @param {(text: string) => boolean} say */
  begin(say) {
    this.say = say;
    for (const fault of this.lasting) this.tell(fault);
    this.next();
  }

  /** @param {Fault} fault */
  tell(fault) {
    const waits = this.waiting.find((each) => same({ ...each.fault }, { ...fault }));
    if (waits) waits.count = Math.min(COUNT_MAX, waits.count + 1);
    else if (this.waiting.length < WAITING_MAX) this.waiting.push({ fault, count: 1 });
    this.next();
  }

  /** Tell it now, and of a new socket again. @param {Fault} fault */
  last(fault) {
    if (this.lasting.some((each) => same({ ...each }, { ...fault }))) return;
    this.lasting.push(fault);
    this.tell(fault);
  }

  next() {
    const [first] = this.waiting;
    if (this.rests || first === undefined) return;
    if (!this.say(JSON.stringify({ type: "fault", overlay: this.overlay, ...first.fault, count: first.count }))) return;
    this.waiting.shift();
    this.rests = true;
    this.around.setTimeout(() => {
      this.rests = false;
      this.next();
    }, EACH_MS);
  }
}
