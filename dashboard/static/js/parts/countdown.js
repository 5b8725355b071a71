/**
 * The seconds until the start. Each stands for one second of the picture's time, the first of them whole; at the end stands a
 * sentence, for as long as it takes.
 * @module
 */

import { Text, one, setData } from "../lib/page.js";
import { two } from "../lib/words.js";
import { opensMs } from "./part.js";

/** @typedef {import("./part.js").Cut} Cut */

const SECOND_MS = 1_000;
const DAY_S = 86_400;

/**
 * @param {wire.CountdownSpec} spec
 * @param {Cut} cut
 * @returns {wire.CountdownView}
 */
export function view(spec, cut) {
  const { words } = cut;
  const leftMs = left(spec, cut);
  if (leftMs <= 0) return { head: words.say("opens_soon"), days: "", clock: "" };
  // Rounded up: ten seconds before the end "10" has just begun, and 0 is the end itself.
  const all = Math.ceil(leftMs / SECOND_MS);
  const [days, seconds] = [Math.floor(all / DAY_S), all % DAY_S];
  const hours = Math.floor(seconds / 3_600);
  const minutes = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  const clock = days ? `${two(hours)}:${minutes}` : hours ? `${hours}:${minutes}` : minutes;
  return { head: words.say("starts_in"), days: days ? words.count("days_left", days) : "", clock };
}

/** @param {wire.CountdownSpec} spec @param {Cut} cut @returns {number} ms */
function left(spec, cut) {
  const onAir = cut.countdown ?? null;
  if (onAir !== null && onAir.left_ms !== null) return onAir.left_ms;
  const toMs = (onAir === null ? spec.to_ms : onAir.to_ms) || opensMs(cut);
  return toMs === null ? 0 : toMs - cut.nowMs;
}

export class CountdownPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.CountdownSpec} spec
   */
  constructor(element, spec) {
    this.element = element;
    this.spec = spec;
    /** @param {string} name */
    const text = (name) => new Text(one(`.countdown-${name}`, element));
    this.head = text("head");
    this.days = text("days");
    this.clock = text("clock");
  }

  /** @param {Cut} cut */
  paint(cut) {
    const { head, days, clock } = view(this.spec, cut);
    this.head.set(head);
    this.days.set(days);
    this.days.show(days !== "");
    this.clock.set(clock);
    this.clock.show(clock !== "");
    setData(this.clock.element, "chars", clock.length);
    setData(this.element, "over", clock === "" ? "yes" : "no");
  }

  /** @param {Cut} cut */
  tick(cut) {
    this.paint(cut);
  }
}
