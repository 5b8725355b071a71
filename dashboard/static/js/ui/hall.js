/**
 * The four scenes of the big screen. Only the scene that is seen is painted; one that is taken is brought up to date
 * first and comes into sight without a movement of its numbers.
 * @module
 */

import { step } from "../live/board.js";
import { Text, one } from "../lib/page.js";
import { MapView } from "./map.js";
import { NumberView } from "./number.js";
import { RecentView } from "./recent.js";
import { RowsView } from "./rows.js";
import { TrendView } from "./trend.js";

/** @typedef {import("../live/board.js").Board<wire.BoardState>} Board */
/** @typedef {import("../lib/words.js").Words} Words */

const LATEST_ROWS = 8;

/** @param {string} name @returns {NumberView} */
const number = (name) => new NumberView(one(`[data-num="${name}"]`));
/** @param {string} name @returns {Text} */
const text = (name) => new Text(one(`[data-text="${name}"]`));

export class HallView {
  /**
   * @param {wire.HallData} contest
   * @param {Words} words
   * @param {string} plotlyUrl
   */
  constructor(contest, words, plotlyUrl) {
    this.contest = contest;
    this.words = words;
    this.scene = document.body.dataset.scene ?? "live";
    this.lead = number("lead");
    this.leadLabel = text("lead-label");
    this.second = number("second");
    this.secondLabel = text("second-label");
    this.people = number("participants");
    this.takingPart = number("taking-part");
    this.pace = number("pace");
    this.target = text("target");
    this.topHead = text("top-head");
    this.top = new RowsView(one('[data-rows="top"]'), contest.top_rows);
    this.map = new MapView(document);
    const legendHead = /** @type {HTMLElement | null} */ (document.querySelector(".legend-head"));
    this.legendHead = legendHead && new Text(legendHead);
    this.full = new RowsView(one('[data-rows="standings"]'), contest.standings_rows);
    this.trendTotal = number("trend-total");
    this.trend = new TrendView(JSON.parse(one("#trend-figure").textContent ?? ""), words, plotlyUrl);
    this.latestNone = text("latest-none");
    this.latest = new RecentView(one('[data-rows="latest"]'), contest.units, LATEST_ROWS);
  }

  /**
   * Show another scene.
   * @param {string} scene
   * @param {Board} board
   */
  take(scene, board) {
    if (this.scene === "trend") this.trend.leave();
    this.scene = scene;
    this.paint(board, false);
    document.body.dataset.scene = scene;
  }

  /** What the scene shows is there; a chart that is loaded counts once it is drawn, or has failed. @returns {Promise<unknown>} */
  isDrawn() {
    return this.scene === "trend" ? this.trend.tried : Promise.resolve();
  }

  /**
   * @param {Board} board
   * @param {boolean} moves whether what changes may move
   */
  paint(board, moves) {
    if (this.scene === "live") this.paintLive(board, moves);
    else if (this.scene === "standings") this.paintStandings(board, moves);
    else if (this.scene === "trend") this.paintTrend(board, moves);
    else this.paintLatest(board, moves);
  }

  /**
   * @param {Board} board
   * @param {boolean} moves
   */
  paintLive(board, moves) {
    const { contest, words } = this;
    const isStarted = board.startedLeads;
    const total = words.say("total");
    const started = words.say("started");
    const isHandedOver = this.leadLabel.text !== (isStarted ? started : total);
    this.leadLabel.set(isStarted ? started : total);
    this.secondLabel.set(isStarted ? total : started);
    // At the hand-over the two numbers change places; that is no change of a number.
    this.lead.set(this.shown(board, isStarted ? "started" : "completed"), moves && !isHandedOver);
    this.second.set(this.shown(board, isStarted ? "completed" : "started"), moves && !isHandedOver);
    this.people.set(this.shown(board, "participants"), moves);
    const pace = board.count(contest.root, "pace");
    this.pace.set(pace > 0 ? words.count("pace", pace) : "", moves);
    const rate = board.cell(contest.root, "rate");
    this.target.set(rate === null ? "" : words.say("target", { percent: words.percent(rate) }));
    const part = words.number(board.takingPart(contest.leaves));
    this.takingPart.set(`${part}/${words.number(contest.leaves.length)}`, moves);
    this.legendHead?.set(isStarted ? started : words.say("col_completed"));
    const by = board.shownBy;
    this.topHead.set(by === "started" ? started : words.say(`ranking_${by}`));
    this.paintRows(this.top, board, contest.top_rows, by, [by], moves && !isHandedOver);
    const { mapBy } = board;
    this.map.set((code) => `s${step(board.count(code, mapBy), contest.steps)}`);
  }

  /**
   * @param {RowsView} view
   * @param {Board} board
   * @param {number} limit
   * @param {string} by
   * @param {string[]} columns
   * @param {boolean} moves
   * @returns {string[]} the codes that are seen
   */
  paintRows(view, board, limit, by, columns, moves) {
    const lines = board.lines(this.contest.ranked, by);
    const most = Math.max(0, ...lines.map((line) => line.value ?? 0));
    const rows = lines.map((line, at) => ({
      code: line.code,
      at,
      rank: this.words.number(line.rank),
      leads: line.rank === 1,
      cells: columns.map((column) => this.shown(board, column, line.code)),
      bar: `${(most ? (100 * (line.value ?? 0)) / most : 0).toFixed(1)}%`,
    }));
    const seen = lines.slice(0, limit).map((line) => line.code);
    const foot = view === this.full ? this.foot(board, seen) : [];
    const widest = (foot.length ? foot.slice(-1) : rows.slice(0, limit)).flatMap((row) => row.cells.map((cell) => cell.length));
    view.set([...rows, ...foot], Math.max(1, ...widest), moves);
    return seen;
  }

  /**
   * @param {Board} board
   * @param {string} column
   * @param {string} [code]
   * @returns {string}
   */
  shown(board, column, code = this.contest.root) {
    const value = board.cell(code, column);
    return column === "rate" ? this.words.percent(value) : this.words.number(value);
  }

  /**
   * The lines that make the table add up.
   * @param {Board} board
   * @param {string[]} listed
   * @returns {import("./rows.js").Row[]}
   */
  foot(board, listed) {
    const { contest, words } = this;
    const rows = [];
    if (listed.length < contest.children.length) {
      const cells = contest.columns.map((column) => (column === "rate" ? "" : words.number(board.rest(listed, column))));
      rows.push({ code: "rest", at: listed.length, rank: "", leads: false, cells });
    }
    const cells = contest.columns.map((column) => this.shown(board, column));
    rows.push({ code: "sum", at: listed.length + rows.length, rank: "", leads: false, cells });
    return rows;
  }

  /**
   * @param {Board} board
   * @param {boolean} moves
   */
  paintStandings(board, moves) {
    this.paintRows(this.full, board, this.contest.standings_rows, this.contest.by, this.contest.columns, moves);
  }

  /**
   * @param {Board} board
   * @param {boolean} moves
   */
  paintTrend(board, moves) {
    const { state } = board.store;
    this.trendTotal.set(this.shown(board, "completed"), moves);
    const rounds = state.get("rounds") ?? [];
    const opensMs = rounds.length ? Math.min(...rounds.map((round) => round[1])) : null;
    this.trend.set(state.get("series") ?? null, opensMs, board.store.at, board.count(this.contest.root, "completed") ?? 0);
  }

  /**
   * @param {Board} board
   * @param {boolean} moves
   */
  paintLatest(board, moves) {
    const recent = board.store.state.get("recent") ?? [];
    this.latestNone.show(recent.length === 0);
    this.latest.set(recent, (code) => {
      const pace = board.count(code, "pace");
      return pace > 0 ? `+${this.words.number(pace)}` : "";
    }, moves);
  }
}
