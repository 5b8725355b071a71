/**
 * A topic's latest state on this screen. Pure: no sockets, no clock, no page.
 * @module
 */

/** @typedef {NonNullable<wire.Frame["rows"][string]>} Cells a row, in the order of the columns */
/**
 * The keys that a topic has now beside its rows; S is the state of its sort in wire.
 * @template S
 * @typedef {Omit<Map<string, any>, "get"> & {get<K extends keyof S & string>(key: K): NonNullable<S[K]> | undefined}} State
 */
/** @typedef {"applied" | "dropped" | "ask" | "refused"} Outcome */

/** Keys with a meaning in JavaScript itself; no unit has them. */
const FORBIDDEN = new Set(["__proto__", "prototype", "constructor"]);
/** Columns that may be negative: entries net of voids, and by how much a clock differs. */
const SIGNED = new Set(["pace", "offset"]);
/** A frame with more rows is malformed; the largest contest has 20,000 units. */
const ROWS_MAX = 50_000;

/** @param {unknown} value @returns {value is number} */
const isCount = (value) => Number.isSafeInteger(value) && /** @type {number} */ (value) >= 0;

/** @param {unknown} value @returns {value is Record<string, unknown>} */
const isPlain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The message as a frame, or null if it is malformed in any part: a frame is taken whole or not at all.
 * @param {unknown} message
 * @param {readonly string[]} known the columns so far, for a delta
 * @returns {wire.Frame | null}
 */
export function read(message, known) {
  if (!isPlain(message) || message.v !== 1) return null;
  const { type, topic, epoch, base, seq, at, heard, rehearsal, rows, state } = message;
  if (type !== "snapshot" && type !== "delta") return null;
  if (typeof topic !== "string" || typeof epoch !== "string" || typeof rehearsal !== "boolean") return null;
  if (!isCount(base) || !isCount(seq) || !isCount(at) || (heard !== null && !isCount(heard))) return null;
  if (!isPlain(rows) || !isPlain(state)) return null;
  const columns = type === "snapshot" ? message.columns : known;
  if (!Array.isArray(columns) || !columns.every((name) => typeof name === "string")) return null;
  const keys = Object.keys(rows);
  if (keys.length > ROWS_MAX || [...keys, ...Object.keys(state)].some((key) => FORBIDDEN.has(key))) return null;
  const signed = columns.map((name) => SIGNED.has(name));
  if (!keys.every((key) => isRow(rows[key], signed, type))) return null;
  return /** @type {wire.Frame} */ (/** @type {unknown} */ (message));
}

/**
 * @param {unknown} cells
 * @param {boolean[]} signed which columns may be negative
 * @param {string} type
 * @returns {boolean}
 */
function isRow(cells, signed, type) {
  if (cells === null) return type === "delta";
  if (!Array.isArray(cells) || cells.length !== signed.length) return false;
  return cells.every((cell, index) => cell === null || (Number.isFinite(cell) && (cell >= 0 || signed[index])));
}

/** @template [S=Record<string, any>] what the topic says beside its rows, see wire */
export class Store {
  constructor() {
    this.epoch = "";
    this.seq = -1;
    this.at = 0;
    /** @type {number | null} */
    this.heard = null;
    this.rehearsal = false;
    /** @type {readonly string[]} */
    this.columns = [];
    /** @type {Map<string, Cells>} */
    this.rows = new Map();
    /** @type {State<S>} */
    this.state = new Map();
  }

  /**
   * Take a message.
   *
   * A snapshot of another epoch, or newer than what is here, replaces everything. A delta is applied if
   * base ≤ own seq < seq, dropped if seq ≤ own seq; "ask" means that something between is missing. What is
   * malformed is "refused" and changes nothing.
   * @param {unknown} message
   * @returns {Outcome}
   */
  apply(message) {
    const frame = read(message, this.columns);
    if (frame === null) return "refused";
    if (frame.type === "delta") {
      if (frame.epoch !== this.epoch) return "ask";
      if (frame.seq <= this.seq) return "dropped";
      if (frame.base > this.seq) return "ask";
    } else if (frame.epoch === this.epoch && frame.seq <= this.seq) {
      return "dropped";
    }
    this.settle(frame);
    return "applied";
  }

  /** @param {wire.Frame} frame one that follows on what is here */
  settle(frame) {
    if (frame.type === "snapshot") {
      this.epoch = frame.epoch;
      this.columns = frame.columns ?? [];
      this.rows.clear();
      this.state.clear();
    }
    this.seq = frame.seq;
    this.at = frame.at;
    this.heard = frame.heard;
    this.rehearsal = frame.rehearsal;
    merge(this.rows, frame.rows);
    merge(this.state, frame.state);
  }

  /** Stand where another store of the same topic stands. @param {Store<S>} other */
  become(other) {
    Object.assign(this, { ...other, rows: new Map(other.rows), state: new Map(other.state) });
  }

  /** Where this screen stands, as the query of its next request. @returns {string} */
  get position() {
    return this.epoch ? `?epoch=${encodeURIComponent(this.epoch)}&seq=${this.seq}` : "";
  }

  /** The same as the ETag that the server gives to this state; "" before the first frame. @returns {string} */
  get etag() {
    return this.epoch ? `W/"${this.epoch}-${this.seq}"` : "";
  }
}

/**
 * @template T
 * @param {Pick<Map<string, T>, "set" | "delete">} into
 * @param {Record<string, T | null>} changes null removes
 */
function merge(into, changes) {
  for (const key of Object.keys(changes)) {
    const value = changes[key];
    if (value === null || value === undefined) into.delete(key);
    else into.set(key, value);
  }
}
