/**
 * A text that follows the numbers, by the name of what it tells; it steps with them, at the beat.
 * @module
 */

import { Text } from "../lib/page.js";
import { opensMs } from "./part.js";

/** @typedef {import("./part.js").Cut} Cut */

/** @type {Record<string, (spec: wire.TextSpec, cut: Cut) => string>} */
const TEXTS = {
  target: ({ of }, { board, words }) => {
    const rate = board.cell(of ?? board.rules.root, "rate");
    return rate === null ? "" : words.say("target", { percent: words.percent(rate) });
  },
  share: ({ of, above }, { board, words }) => {
    const thousandths = board.store.state.get("share") ?? null;
    if (thousandths === null || board.cell(of ?? board.rules.root, "rate") !== null) return "";
    return words.say("share", { percent: words.percent(thousandths / 1000), kind: above });
  },
  heard: (_, { board: { store }, words, nowMs }) => {
    const frozen = store.state.get("frozen");
    return frozen ? words.frozen(frozen.at, nowMs) : words.heard(store.heard, nowMs);
  },
  corrected: (_, { board: { store }, words }) => words.corrected(store.state.get("corrected") ?? null),
  opens: (_, cut) => {
    const { words, nowMs } = cut;
    const atMs = opensMs(cut);
    // Once that has passed, it is about to open.
    if (atMs === null || nowMs >= atMs) return words.say("opens_soon");
    return words.say("opens_at", { time: words.time(atMs), date: words.date(atMs) });
  },
  today: (_, { words, nowMs }) => words.longDate(nowMs),
  begun: (_, { board, words }) => {
    const { root } = board.rules;
    const [started, completed] = [board.count(root, "started"), board.count(root, "completed")];
    const count = Math.max(started, completed);
    return count ? words.count(started === count ? "begun_started" : "begun_completed", count) : "";
  },
  day: ({ above }, cut) => {
    const atMs = opensMs(cut);
    return atMs === null ? "" : `${above}, ${cut.words.longDate(atMs)}`;
  },
  round: ({ rounds }, { board: { store }, words }) => words.roundLine(rounds, store.state.get("rounds") ?? [], store.at),
};

/**
 * @param {wire.TextSpec} spec
 * @param {Cut} cut
 * @returns {wire.TextView}
 */
export function view(spec, cut) {
  const tell = TEXTS[spec.name];
  if (tell === undefined) throw new Error(`text: there is none named "${spec.name}"`);
  return { text: tell(spec, cut) };
}

export class TextPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.TextSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    this.text = new Text(element);
  }

  /** @param {Cut} cut */
  paint(cut) {
    const { text } = view(this.spec, cut);
    this.text.set(text);
    this.text.show(text !== "");
  }
}
