/**
 * The standings in full: ranked lines, the rest, and the sum, so that the lines add up. Any number of units: one column,
 * two, or pages that turn by the server's clock.
 * @module
 */

import { Motions, isStill, moveMs } from "../lib/motion.js";
import { Text, setData, svg } from "../lib/page.js";
import { DELAY_MS } from "../live/beat.js";
import { Lines, cellsOf, nameOf, passing, row, span } from "./lines.js";
import { cell, plus, seen, widest } from "./rows.js";

/** @typedef {import("./part.js").Cut} Cut */
/** @typedef {import("../live/board.js").Line} Line */

/** The places that are told in a ceremony; the other units stand in official order. */
const FIRST = 5;
/** Longer paces are set smaller. */
const PACE_CHARS = 7;
/** The part of a motion in which a page goes; then the next one comes. */
const OUT_SHARE = 0.36;

/**
 * @param {wire.TableSpec} spec
 * @param {Cut} cut
 * @returns {wire.TableView}
 */
export function view(spec, cut) {
  const lines = ordered(spec, cut);
  const most = Math.max(0, ...lines.map(({ value }) => value ?? 0));
  const pages = Math.max(1, Math.ceil(spec.codes.length / spec.per_page));
  const page = Math.floor((cut.nowMs - DELAY_MS) / spec.turn_ms) % pages;
  const listed = lines.slice(page * spec.per_page, (page + 1) * spec.per_page);
  const rows = listed.map((line) => lineOf(spec, line, most, cut));
  const count = Math.ceil(spec.per_page / spec.in_column);
  const each = Math.ceil(rows.length / count);
  const halves = Array.from({ length: count }, (_, half) => rows.slice(half * each, (half + 1) * each));
  const foot = footOf(spec, cut, listed.map(({ code }) => code));
  return {
    page: pages > 1 ? [page + 1, pages].map((n) => cut.words.number(n)).join("/") : "",
    halves,
    foot,
    chars: widest(counts(rows)),
    foot_chars: widest(counts(foot)),
    pace_chars: widest([...rows, ...foot].map(({ cells }) => cells.slice(0, 1))),
  };
}

/** The cells of lines without the pace, which comes first. @param {readonly {cells: string[]}[]} lines @returns {string[][]} */
const counts = (lines) => lines.map(({ cells }) => cells.slice(1));

/**
 * The lines as they stand below each other; in a ceremony those beyond the first places without one.
 * @param {wire.TableSpec} spec
 * @param {Cut} cut
 * @returns {Line[]}
 */
function ordered(spec, { board }) {
  const lines = board.lines(spec.codes, spec.by);
  if (spec.order === "full") return lines;
  const first = lines.filter(({ rank }) => rank !== null && rank <= FIRST);
  const told = new Set(first.map(({ code }) => code));
  const others = spec.codes.filter((code) => !told.has(code));
  return [...first, ...others.map((code) => ({ code, rank: null, value: board.cell(code, spec.by) }))];
}

/**
 * @param {wire.TableSpec} spec
 * @param {Line} line
 * @param {number} most
 * @param {Cut} cut
 * @returns {wire.TableLine}
 */
function lineOf(spec, line, most, cut) {
  const painted = seen(line, spec.columns, cut);
  const rank = line.rank === null && spec.order === "ceremony" ? "" : painted.rank;
  return { ...painted, rank, bar: most ? Math.floor((1000 * (line.value ?? 0)) / most) : 0 };
}

/**
 * @param {wire.TableSpec} spec
 * @param {Cut} cut
 * @param {string[]} listed
 * @returns {wire.FootLine[]}
 */
function footOf(spec, cut, listed) {
  const sum = { kind: "sum", cells: spec.columns.map((column) => cell(spec.of, column, cut)) };
  if (spec.rest === null) return [sum];
  return [{ kind: "rest", cells: spec.columns.map((column) => left(spec, column, listed, cut)) }, sum];
}

/**
 * What the listed units leave of a column.
 * @param {wire.TableSpec} spec
 * @param {string} column
 * @param {string[]} listed
 * @param {Cut} cut
 * @returns {string}
 */
function left(spec, column, listed, cut) {
  if (column === "rate") return "";
  const count = cut.board.rest(listed, column, spec.of);
  return column === "pace" ? plus(count, cut) : cut.words.number(count);
}

export class TablePart {
  /**
   * @param {HTMLElement} element
   * @param {wire.TableSpec} spec
   */
  constructor(element, spec) {
    this.element = element;
    this.spec = spec;
    const page = /** @type {HTMLElement | null} */ (element.querySelector(".page"));
    this.page = page && new Text(page);
    this.lists = /** @type {HTMLElement[]} */ ([...element.querySelectorAll(".half")]);
    this.lines = this.listed();
    this.foot = /** @type {HTMLElement[]} */ ([...element.querySelectorAll(".foot")]).map((line) => ({
      line, cells: cellsOf(line, spec.by),
    }));
    /** The lines whose change of place is marked until the next beat. @type {Text[]} */
    this.marked = [];
    this.motions = new Motions();
    /** @type {HTMLElement[]} the page before, on its way out */
    this.going = [];
  }

  listed() {
    return new Lines(this.lists, (code) => this.line(code), this.spec.by);
  }

  /**
   * @param {Cut} cut
   * @param {boolean} moves
   */
  paint(cut, moves) {
    const { page, halves, foot, ...widths } = view(this.spec, cut);
    this.motions.end();
    for (const list of this.going.splice(0)) list.remove();
    for (const mark of this.marked.splice(0)) mark.set("");
    setData(this.element, "chars", widths.chars);
    this.element.classList.toggle("wide-pace", widths.pace_chars > PACE_CHARS);
    this.foot.forEach(({ line, cells }, at) => {
      setData(line, "chars", widths.foot_chars);
      cells.forEach((number, index) => number.set(foot[at]?.cells[index] ?? "", moves));
    });
    if (this.page !== null && page !== this.page.text) {
      this.page.set(page);
      this.turn(halves, moves);
      return;
    }
    const before = this.ranks();
    this.lines.set(halves, moves ? passing() : null);
    if (moves) this.mark(halves, before);
  }

  /** The places that are told now. @returns {Map<string, number>} */
  ranks() {
    return new Map([...this.lines.standing].map(([code, { line }]) => [code, placeOf(line.rank?.text)]));
  }

  /**
   * Say of each unit how many places it has gained; where the whole order is told, of the others how many they lost.
   * @param {readonly (readonly wire.TableLine[])[]} halves
   * @param {Map<string, number>} before
   */
  mark(halves, before) {
    for (const { code, rank } of halves.flat()) {
      const gained = (before.get(code) ?? NaN) - placeOf(rank);
      const text = gained > 0 ? `▲${gained}` : gained < 0 && this.spec.order === "full" ? `▼${-gained}` : "";
      const mark = this.lines.of(code)?.mark;
      if (!text || !mark) continue;
      mark.element.classList.toggle("down", gained < 0);
      mark.set(text);
      this.marked.push(mark);
    }
  }

  /**
   * Turn to another page: the one before fades, then the other one comes.
   * @param {readonly (readonly wire.TableLine[])[]} halves
   * @param {boolean} moves
   */
  turn(halves, moves) {
    const before = this.lists;
    this.lists = before.map((list) => /** @type {HTMLElement} */ (list.cloneNode(false)));
    before.forEach((list, index) => list.before(/** @type {HTMLElement} */ (this.lists[index])));
    this.lines = this.listed();
    this.lines.set(halves, null);
    if (!moves || isStill()) {
      for (const list of before) list.remove();
      return;
    }
    this.going = before;
    for (const list of before) list.setAttribute("aria-hidden", "true");
    const ms = moveMs(this.element);
    const outMs = ms * OUT_SHARE;
    for (const list of before) this.motions.start(list, ["vanish"], { ms: outMs, ended: () => list.remove() });
    for (const list of this.lists) this.motions.start(list, ["appear"], { ms: ms - outMs, delayMs: outMs });
  }

  /** An empty line. @param {string} code @returns {HTMLElement} */
  line(code) {
    const element = row(code);
    element.append(span("rank num"), span("mark num"), nameOf(/** @type {wire.Name} */ (this.spec.names[code])));
    element.append(barOf(), ...this.spec.columns.map((column) => span(`num cell cell-${column}`)));
    return element;
  }
}

/** A place as it is written, NaN where none is told. @param {string | undefined} rank @returns {number} */
const placeOf = (rank = "") => (/\d/.test(rank) ? Number(rank.replace(/\D/g, "")) : NaN);

/** @returns {SVGElement} */
function barOf() {
  const bar = svg("svg", { class: "bar", viewBox: "0 0 1000 1", preserveAspectRatio: "none", "aria-hidden": "true" });
  bar.append(svg("rect", { width: "1", height: "1" }));
  return bar;
}
