/**
 * What a test picture tells of the screen that shows it: the server's time, frames a second, size and pixel ratio.
 * @module
 */

import { Text, one } from "../lib/page.js";

/** The rate is told once for so many ms. */
const RATE_MS = 1_000;

/**
 * @param {wire.GaugeSpec} _spec
 * @param {import("./part.js").Cut} cut
 * @returns {wire.GaugeView}
 */
export function view(_spec, { words, nowMs }) {
  return { clock: words.clock(nowMs) };
}

export class GaugePart {
  /**
   * @param {HTMLElement} element
   * @param {wire.GaugeSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    /** @param {string} name */
    const text = (name) => new Text(one(`[data-gauge="${name}"]`, element));
    this.clock = text("clock");
    this.size = text("size");
    this.ratio = text("ratio");
    this.rate = text("rate");
    this.unit = "";
    this.frames = 0;
    this.since = performance.now();
    this.request = requestAnimationFrame((at) => this.count(at));
  }

  /** @param {import("./part.js").Cut} cut */
  paint(cut) {
    this.clock.set(view(this.spec, cut).clock);
    this.size.set(`${window.innerWidth} × ${window.innerHeight} px`);
    const ratio = String(Math.round(window.devicePixelRatio * 100) / 100);
    this.ratio.set(`${cut.words.say("gauge_ratio")} ${cut.words.lang === "en" ? ratio : ratio.replace(".", ",")}`);
    this.unit = cut.words.say("gauge_rate");
  }

  /** @param {import("./part.js").Cut} cut */
  tick(cut) {
    this.paint(cut);
  }

  /** A frame is drawn. @param {number} at */
  count(at) {
    this.frames += 1;
    const forMs = at - this.since;
    if (forMs >= RATE_MS) {
      this.rate.set(`${Math.round((this.frames * 1000) / forMs)} ${this.unit}`);
      this.frames = 0;
      this.since = at;
    }
    this.request = requestAnimationFrame((next) => this.count(next));
  }

  leave() {
    cancelAnimationFrame(this.request);
  }
}
