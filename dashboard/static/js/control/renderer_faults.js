/**
 * What went wrong on the renderers of an output's overlays, on the page of whoever directs it, until he has looked at it.
 * @module
 */

import { one } from "../lib/page.js";
import { List, el, show, write } from "./element.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./phrases.js").Phrases} Phrases */

/**
 * What went wrong, where, and when. Pure.
 * @param {Phrases} phrases
 * @param {wire.RendererFault} fault
 * @param {Record<string, string>} overlays the titles of overlays
 * @returns {string}
 */
export function faultLine(phrases, fault, overlays) {
  const { words } = phrases;
  const { code, count, has_key: hasKey, last, overlay, renderer } = fault;
  const where = words.say(hasKey ? "fault_of_key" : "fault_of_address", { name: renderer });
  const times = count > 1 && code.startsWith("host") ? words.say("fault_times", { n: words.number(count) }) : "";
  const said = words.say(`fault_${code}`, { what: whatOf(phrases, fault) });
  return [phrases.moment(last), where, overlays[overlay] ?? "", said, times].filter(Boolean).join(" · ");
}

/** @param {Phrases} phrases @param {wire.RendererFault} fault @returns {string} */
function whatOf({ words }, { code, what }) {
  if (code === "strap") return what;
  if (code === "host_removed") return `${what}()`;
  return words.texts[`fault_what_${what}`] ?? words.texts[`setting_${what}`] ?? words.say("fault_what_other");
}

export class RendererFaults {
  /**
   * @param {Room} room
   * @param {Record<string, string>} overlays the titles of overlays
   * @param {(untilMs: number) => void} onSeen called with the time up to which they have been looked at
   */
  constructor(room, overlays, onSeen) {
    this.element = one("[data-renderer-faults]");
    /** @type {wire.RendererFault[]} */
    this.faults = [];
    /** @type {List<wire.RendererFault>} */
    this.list = new List(one("[data-renderer-faults-list]"), ({ renderer, has_key, overlay, code, what }) => JSON.stringify([renderer, has_key, overlay, code, what]), () => {
      const element = el("li");
      return { element, set: (fault) => write(element, faultLine(room.phrases, fault, overlays)) };
    });
    document.querySelector("[data-renderer-faults-seen]")?.addEventListener("click", () => onSeen(Math.max(0, ...this.faults.map(({ last }) => last))));
  }

  /** @param {wire.RendererFault[]} faults */
  paint(faults) {
    this.faults = faults;
    this.list.set(faults);
    show(this.element, faults.length > 0);
  }
}
