/**
 * The roll call as a host reads it: how many points are connected, how many people are there, and for the host alone who is
 * missing and what points want to be heard.
 * @module
 */

import { Text, one } from "../lib/page.js";

/** @typedef {import("../lib/words.js").Words} Words */

/** As in dashboard/pages/presenter.py. */
const MISSING_NAMED = 8;

/**
 * Who is missing, in a sentence: "" where nobody is.
 * @param {Words} words
 * @param {readonly string[]} codes
 * @param {Record<string, string>} names
 * @returns {string}
 */
export function missing(words, codes, names) {
  const known = codes.filter((code) => code in names);
  const more = known.length - MISSING_NAMED;
  const named = known.slice(0, MISSING_NAMED).map((code) => names[code]).join(", ");
  return more > 0 ? `${named} ${words.say("roll_more", { n: words.number(more) })}` : named;
}

export class Roll {
  /** @param {Words} words @param {Record<string, string>} names of points, by code */
  constructor(words, names) {
    this.words = words;
    this.names = names;
    /** @param {string} name */
    const text = (name) => new Text(one(`[data-text="${name}"]`));
    this.box = text("roll");
    this.count = text("roll-count");
    this.present = text("roll-present");
    this.line = text("roll-missing-line");
    this.missing = text("roll-missing");
    this.list = one("[data-roll-lines]");
    this.listed = "";
  }

  /** @param {wire.PointsHeard | undefined} points */
  paint(points) {
    const { words, names } = this;
    this.box.show(points !== undefined);
    if (points === undefined) return;
    this.count.set(`${words.number(points.connected)}/${words.number(points.of)}`);
    this.present.set(words.number(points.present));
    const who = missing(words, points.missing, names);
    this.missing.set(who);
    this.line.show(who !== "");
    const listed = JSON.stringify(points.lines);
    if (listed === this.listed) return;
    this.listed = listed;
    this.list.replaceChildren(...points.lines.map(({ unit, text }) => {
      const [line, name, said] = [document.createElement("li"), document.createElement("strong"), document.createElement("span")];
      name.textContent = names[unit] ?? unit;
      said.textContent = text;
      line.append(name, " ", said);
      return line;
    }));
  }
}
