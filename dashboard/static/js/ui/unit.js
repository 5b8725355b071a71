/**
 * A unit's page: its numbers, its place, the table below, its part of the map.
 * @module
 */

import { step } from "../live/board.js";
import { Text, one } from "../lib/page.js";
import { MapView } from "../parts/map.js";
import { NumberView } from "../parts/number.js";

/** @typedef {import("../live/board.js").Board<wire.UnitState>} Board */
/** @typedef {import("../lib/words.js").Words} Words */

/** @param {string} selector @param {ParentNode} [within] @returns {HTMLElement | null} */
const maybe = (selector, within = document) => within.querySelector(selector);

class TableRow {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.rank = new Text(one(".rank", element));
    this.cells = [...element.querySelectorAll("td.cell")].map((cell) => new NumberView(/** @type {HTMLElement} */ (cell)));
  }
}

export class UnitView {
  /**
   * @param {wire.UnitData} contest
   * @param {Words} words
   */
  constructor(contest, words) {
    this.contest = contest;
    this.words = words;
    /** @type {[string, NumberView][]} */
    this.figures = ["completed", "participants", "started", "rate"].flatMap((name) => {
      const element = maybe(`[data-num="${name}"]`);
      return element ? [[name, new NumberView(element)]] : [];
    });
    const place = maybe('[data-text="place"]');
    this.place = place && new Text(place);
    this.gaps = new Map(["ahead", "behind"].flatMap((key) => {
      const element = maybe(`[data-text="gap-${key}"]`);
      return element ? [[key, new Text(element)]] : [];
    }));
    this.body = one("[data-table]");
    /** @type {Map<string, TableRow>} */
    this.rows = new Map();
    for (const element of /** @type {NodeListOf<HTMLElement>} */ (this.body.querySelectorAll("tr"))) {
      this.rows.set(element.dataset.code ?? "", new TableRow(element));
    }
    this.order = [...this.rows.keys()].join(" ");
    this.map = new MapView(document);
  }

  /** @param {Board} board */
  paint(board) {
    for (const [name, view] of this.figures) view.set(this.shown(board, name, this.contest.unit));
    this.place?.set(this.placeText(board));
    const near = board.store.state.get("near") ?? { ahead: null, behind: null };
    this.gaps.get("ahead")?.set(this.gapText(board, "ahead", near.ahead ?? null));
    this.gaps.get("behind")?.set(this.gapText(board, "behind", near.behind ?? null));
    const { groups, by } = this.contest;
    const lines = groups.length
      // Units ranked apart come last and show no place.
      ? groups.flatMap((codes, nth) => board.lines(codes, by).map((line) => (nth ? { ...line, rank: undefined } : line)))
      : [near.ahead, this.contest.unit, near.behind].flatMap((code) => (code ? [this.line(board, code)] : []));
    this.paintTable(board, lines);
    if (groups.length) this.map.set((code) => this.colour(board, code));
  }

  /**
   * @param {Board} board
   * @param {string} column
   * @param {string} code
   * @returns {string}
   */
  shown(board, column, code) {
    const value = board.cell(code, column);
    return column === "rate" ? this.words.percent(value) : this.words.number(value);
  }

  /**
   * @param {Board} board
   * @param {string} code
   * @returns {import("../live/board.js").Line}
   */
  line(board, code) {
    const value = board.cell(code, this.contest.by);
    return { code, rank: board.hasEntries(code, this.contest.by) ? board.cell(code, "rank") : null, value };
  }

  /** @param {Board} board @returns {string} */
  placeText(board) {
    const { contest, words } = this;
    const { rank } = this.line(board, contest.unit);
    if (rank === null) return words.say("place_none");
    return words.say("place", { rank: words.number(rank), of: words.number(contest.siblings), kinds: contest.kinds });
  }

  /**
   * @param {Board} board
   * @param {"ahead" | "behind"} key
   * @param {string | null} other
   * @returns {string}
   */
  gapText(board, key, other) {
    const { contest, words } = this;
    const name = other === null ? undefined : contest.units[other]?.full;
    const own = board.cell(contest.unit, contest.by);
    const theirs = other === null ? null : board.cell(other, contest.by);
    if (name === undefined || own === null || theirs === null || !board.hasEntries(contest.unit, contest.by)) return "";
    const gap = Math.abs(own - theirs);
    if (contest.by === "rate") return words.say(`gap_${key}_rate`, { name, n: words.points(gap) });
    return words.count(contest.by === "completed" ? `gap_${key}` : `gap_${key}_participants`, Math.round(gap), { name });
  }

  /**
   * @param {Board} board
   * @param {{code: string, rank?: number | null}[]} lines without a rank: ranked apart
   */
  paintTable(board, lines) {
    for (const { code, rank } of lines) {
      const row = this.rows.get(code) ?? this.add(code);
      row.rank.set(rank === undefined ? "" : this.words.number(rank));
      const isHere = code === this.contest.unit;
      row.element.className = isHere ? "here" : rank === 1 ? "leads" : "";
      this.contest.columns.forEach((column, index) => row.cells[index]?.set(this.shown(board, column, code)));
    }
    const order = lines.map((line) => line.code).join(" ");
    if (order === this.order) return;
    this.order = order;
    this.body.replaceChildren(...lines.map((line) => /** @type {TableRow} */ (this.rows.get(line.code)).element));
  }

  /** A line for a neighbour that was not one before. @param {string} code @returns {TableRow} */
  add(code) {
    const element = document.createElement("tr");
    element.dataset.code = code;
    const rank = element.appendChild(document.createElement("td"));
    rank.className = "num rank";
    const name = element.appendChild(document.createElement("th"));
    name.className = "name";
    name.scope = "row";
    const link = name.appendChild(document.createElement("a"));
    link.href = `/units/${encodeURIComponent(code)}?lang=${this.contest.lang}`;
    link.textContent = this.contest.units[code]?.full ?? code;
    this.contest.columns.forEach((_, index) => {
      element.appendChild(document.createElement("td")).className = `num cell cell-${index + 1}`;
    });
    const row = new TableRow(element);
    this.rows.set(code, row);
    return row;
  }

  /**
   * @param {Board} board
   * @param {string} code
   * @returns {string} the class of a hexagon
   */
  colour(board, code) {
    const area = this.contest.areas[code];
    if (area === undefined) return "snone";
    return `s${step(board.count(area[0], "completed") / area[1], this.contest.steps)}`;
  }
}
