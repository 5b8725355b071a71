/**
 * Which points a roll call shows, and what is known of each. Pure.
 * @module
 */

/** @typedef {import("../live/store.js").Store<wire.PointsState>} Roll */
/**
 * What is known of a point now, as the topic `points` tells it; null where nothing is.
 * @typedef {{bridge: number | null, page: number | null, since: number | null, ready: number | null, present: number | null,
 *   call: number, acked: number, line: number}} Facts
 */
/** @typedef {"all" | "left" | "lost" | "unready" | "lines"} Filter */

/** @type {readonly Filter[]} */
export const FILTERS = ["all", "left", "lost", "unready", "lines"];
const NOTHING = { bridge: null, page: null, since: null, ready: null, present: null, call: 0, acked: 0, line: 0 };
/** A line that waits for somebody to moderate it. */
const WAITS = 1;

/** @param {Roll} roll @param {string} code @returns {Facts} */
export function factsOf(roll, code) {
  const cells = roll.rows.get(code);
  if (cells === undefined) return NOTHING;
  return /** @type {Facts} */ ({ ...NOTHING, ...Object.fromEntries(roll.columns.map((name, at) => [name, cells[at] ?? null])) });
}

/** Whether a point is one that a filter asks for. @param {Facts} facts @param {Filter} filter @returns {boolean} */
export function passes(facts, filter) {
  switch (filter) {
    case "left": return facts.bridge !== 1;
    case "lost": return facts.page === 0;
    case "unready": return facts.ready !== 1;
    case "lines": return facts.line === WAITS;
    default: return true;
  }
}

/**
 * The points that are shown. What has once stood in the list since the filter was chosen goes on standing there: a row must
 * not move away under whoever ticks it.
 * @param {Roll} roll
 * @param {readonly string[]} codes in official order
 * @param {Filter} filter
 * @param {ReadonlySet<string> | null} found by what was typed; null for all
 * @param {ReadonlySet<string>} stood
 * @returns {string[]}
 */
export function shownOf(roll, codes, filter, found, stood) {
  return codes.filter((code) => (found === null || found.has(code)) && (stood.has(code) || passes(factsOf(roll, code), filter)));
}

/**
 * The point a number of rows further; the first where none is chosen, the same at either end.
 * @param {readonly string[]} shown
 * @param {string | null} chosen
 * @param {number} by
 * @returns {string | null}
 */
export function stepped(shown, chosen, by) {
  const at = chosen === null ? -1 : shown.indexOf(chosen);
  if (at < 0) return shown[0] ?? null;
  return shown[Math.min(Math.max(at + by, 0), shown.length - 1)] ?? null;
}

/**
 * How many points each filter would show.
 * @param {Roll} roll
 * @param {readonly string[]} codes
 * @returns {Record<Filter, number>}
 */
export function countsOf(roll, codes) {
  const counts = { all: codes.length, left: 0, lost: 0, unready: 0, lines: 0 };
  for (const code of codes) {
    const facts = factsOf(roll, code);
    for (const filter of FILTERS) if (filter !== "all" && passes(facts, filter)) counts[filter] += 1;
  }
  return counts;
}
