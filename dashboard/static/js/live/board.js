/**
 * What the screens read out of a board. dashboard/parts/board.py follows the same rules; both are held to
 * tests/golden/board.json.
 * @module
 */

/** @typedef {{code: string, rank: number | null, value: number | null}} Line */
/** @typedef {{root: string, by: string}} Rules the contest's root and the column it ranks by */

/**
 * Places by value, highest first: 1, 2, 2, 4; null for a code without a value.
 * @param {Map<string, number | null>} values
 * @returns {Map<string, number | null>}
 */
export function places(values) {
  const ordered = [...values.values()].filter((value) => value !== null).sort((one, other) => other - one);
  /** @type {Map<number, number>} */
  const first = new Map();
  ordered.forEach((value, index) => {
    if (!first.has(value)) first.set(value, index + 1);
  });
  return new Map([...values].map(([code, value]) => [code, value === null ? null : first.get(value) ?? null]));
}

/** @template [S=any] what the topic says beside its rows, see wire */
export class Board {
  /**
   * @param {import("./store.js").Store<S>} store
   * @param {Rules} rules
   */
  constructor(store, rules) {
    this.store = store;
    this.rules = rules;
    this.columns = new Map(store.columns.map((name, index) => [name, index]));
  }

  /** A unit's number; null where the frame has none. @param {string} code @param {string} column @returns {number | null} */
  cell(code, column) {
    const index = this.columns.get(column);
    const row = this.store.rows.get(code);
    return row === undefined || index === undefined ? null : row[index] ?? null;
  }

  /** A unit's count, 0 where there is none. @param {string} code @param {string} column @returns {number} */
  count(code, column) {
    return this.cell(code, column) ?? 0;
  }

  /** In how many of these somebody has started or finished. @param {readonly string[]} leaves @returns {number} */
  takingPart(leaves) {
    let count = 0;
    for (const code of leaves) if (this.count(code, "started") > 0 || this.count(code, "completed") > 0) count += 1;
    return count;
  }

  /**
   * The units from the first place down; ties in the order given, units without a value last.
   * @param {readonly string[]} codes
   * @param {string} by
   * @returns {Line[]}
   */
  lines(codes, by) {
    /** @type {Map<string, number | null>} */
    const values = new Map(codes.map((code) => [code, this.cell(code, by)]));
    const ranks = by === this.rules.by ? new Map(codes.map((code) => [code, this.cell(code, "rank")])) : places(values);
    /** @param {string} code */
    const rank = (code) => ranks.get(code) ?? null;
    const order = [...codes].sort((one, other) => (rank(one) ?? Infinity) - (rank(other) ?? Infinity) || 0);
    return order.map((code) => {
      const value = values.get(code) ?? null;
      return { code, rank: this.hasEntries(code, by) ? rank(code) : null, value };
    });
  }

  /**
   * Whether anything has been counted for a unit. Asked of the counts: a rate is rounded, and 1 of 100,000 looks like none.
   * @param {string} code
   * @param {string} by
   * @returns {boolean}
   */
  hasEntries(code, by) {
    return this.count(code, by === "started" ? "started" : "completed") > 0;
  }

  /**
   * What the listed units leave of the whole.
   * @param {readonly string[]} listed
   * @param {string} column
   * @param {string} whole
   * @returns {number}
   */
  rest(listed, column, whole) {
    return listed.reduce((left, code) => left - this.count(code, column), this.count(whole, column));
  }
}
