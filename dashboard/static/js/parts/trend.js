/**
 * The trend: a line drawn by ourselves at once, and Plotly's chart over it as soon as that is there. Plotly is loaded
 * when the scene is first taken and purged when it is left; if it cannot run, our own line stays. If it did not arrive, it
 * is asked for again, ever more rarely, for as long as the scene is shown.
 * @module
 */

import { PUBLIC_RETRY_MAX_MS, retryMs } from "../live/retry.js";
import { one } from "../lib/page.js";
import { two } from "../lib/words.js";
import { opensMs } from "./part.js";

/** Below the digest under which every static file is served. */
const PLOTLY = "../../vendor/plotly.min.js";
/** Elements of these ids tell the library that its styles stand: the page forbids them, and each try is an error in the console. */
const STYLES = ["plotly.js-style-global", "9f215cf04c5486422605d13261cb87401f4e7763b6296af81e98efbc0130da53"];

/** @typedef {import("../lib/words.js").Words} Words */
/** @typedef {{data: any[], layout: any, config: any}} Figure */

const WIDTH = 1000;
const HEIGHT = 400;
/** The height for which the figure's sizes were made. */
const FIGURE_PX = 1080;
/** Room that a time takes on the axis, in em of its font. */
const TICK_EM = 6;
/** The axis ends above the highest total, or half the line's width would be cut. */
const HEADROOM = 1.06;

/** Plotly has this long to arrive: at 20 KB/s it takes 50 s. */
const LOAD_WAIT_MS = 90_000;
/** The axis spans so much at least: in the first minutes the line is on its way, and not two straight strokes from edge to edge. */
const SPAN_LEAST_MS = 10 * 60_000;

/**
 * Times (ms) and totals: each total of the series at the end of its step, the board's own at its time; from 0 on.
 * @param {wire.Series | null} series
 * @param {number | null} openedMs
 * @param {number} atMs
 * @param {number} total
 * @returns {{times: number[], totals: number[]}}
 */
export function points(series, openedMs, atMs, total) {
  /** @type {number[]} */
  const times = [];
  /** @type {number[]} */
  const totals = [];
  if (series) {
    times.push(series.start);
    totals.push(0);
    series.completed.forEach((count, index) => {
      times.push(series.start + (index + 1) * series.step_s * 1000);
      totals.push(count);
    });
  }
  if (openedMs !== null && total && openedMs < (times[0] ?? atMs)) {
    times.unshift(openedMs);
    totals.unshift(0);
  }
  const last = times[times.length - 1];
  if (last !== undefined && atMs > last) {
    times.push(atMs);
    totals.push(total);
  }
  return { times, totals };
}

/**
 * The line as SVG path data.
 * @param {number[]} times
 * @param {number[]} totals
 * @returns {{line: string, area: string}}
 */
export function sketch(times, totals) {
  const first = times[0];
  if (times.length < 2 || first === undefined) return { line: "", area: "" };
  const span = spanMs(times);
  const top = Math.max(1, ...totals) * HEADROOM;
  const at = times.map((time, index) => {
    const x = ((time - first) / span) * WIDTH;
    const y = HEIGHT - ((totals[index] ?? 0) / top) * HEIGHT;
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
  const line = `M${at.join("L")}`;
  const end = at[at.length - 1]?.split(" ")[0] ?? "0";
  return { line, area: `${line}L${end} ${HEIGHT}L0 ${HEIGHT}Z` };
}

/** How long the axis is. @param {number[]} times @returns {number} */
function spanMs(times) {
  return Math.max(SPAN_LEAST_MS, (times[times.length - 1] ?? 0) - (times[0] ?? 0));
}

/**
 * What a cut says of the line.
 * @param {wire.TrendSpec} spec
 * @param {import("./part.js").Cut} cut
 */
function pointsOf(spec, cut) {
  const { board } = cut;
  const { state, at } = board.store;
  return points(state.get("series") ?? null, opensMs(cut), at, board.count(spec.of, "completed"));
}

/**
 * @param {wire.TrendSpec} spec
 * @param {import("./part.js").Cut} cut
 * @returns {wire.TrendView}
 */
export function view(spec, cut) {
  const { times, totals } = pointsOf(spec, cut);
  const { line, area } = sketch(times, totals);
  const ends = line === "" ? [] : [times[0] ?? 0, (times[0] ?? 0) + spanMs(times)].map((at) => cut.words.time(at));
  return { line, area, ends, chars: cut.words.number(Math.max(10, ...totals)).length };
}

export class TrendPart {
  /**
   * @param {HTMLElement} element
   * @param {wire.TrendSpec} spec
   */
  constructor(element, spec) {
    this.spec = spec;
    this.figure = /** @type {Figure} */ (/** @type {unknown} */ (spec.figure));
    this.plot = element;
    this.own = one(".sketch", this.plot);
    this.nothing = one(".nothing", this.plot);
    this.drawn = "";
    /** @type {HTMLElement | null} */
    this.chart = null;
    /** @type {Promise<any> | null} */
    this.plotly = null;
    this.failures = 0;
    /** While it runs, Plotly is not asked for again. */
    this.retryTimer = 0;
    /** The last try to draw, done or failed. @type {Promise<unknown>} */
    this.tried = Promise.resolve();
    this.isTaken = false;
    /** @type {import("./part.js").Cut | null} */
    this.cut = null;
    // The room changes with the window, and with the height of the head above.
    this.room = new ResizeObserver(() => {
      if (this.isTaken && this.cut !== null) this.paint(this.cut);
    });
    this.room.observe(this.plot);
  }

  /** What it shows is there; a chart that is loaded counts once it is drawn, or has failed. @returns {Promise<unknown>} */
  isDrawn() {
    return this.tried;
  }

  /** Draw, if the line or the room for it has changed since. @param {import("./part.js").Cut} cut */
  paint(cut) {
    this.isTaken = true;
    this.cut = cut;
    const seen = view(this.spec, cut);
    const key = `${seen.line} ${this.plot.clientWidth} ${this.plot.clientHeight}`;
    if (key === this.drawn) return;
    this.drawn = key;
    this.nothing.hidden = seen.line !== "";
    this.own.hidden = seen.line === "" || this.chart !== null;
    this.own.dataset.chars = String(seen.chars);
    one(".curve", this.own).setAttribute("d", seen.line);
    one(".area", this.own).setAttribute("d", seen.area);
    if (seen.line === "") return;
    const spans = seen.ends.map((end) => {
      const span = document.createElement("span");
      span.textContent = end;
      return span;
    });
    one(".ends", this.own).replaceChildren(...spans);
    const { times, totals } = pointsOf(this.spec, cut);
    this.tried = this.draw(times, totals);
  }

  /** The scene is left: the chart goes, our own line waits. */
  leave() {
    this.isTaken = false;
    this.room.disconnect();
    window.clearTimeout(this.retryTimer);
    this.retryTimer = 0;
    const chart = this.chart;
    this.chart = null;
    if (chart === null) return;
    void this.plotly?.then((plotly) => plotly.purge(chart));
    chart.remove();
  }

  /**
   * @param {number[]} times
   * @param {number[]} totals
   */
  async draw(times, totals) {
    const plotly = await this.loaded();
    if (plotly === null || !this.isTaken) return;
    try {
      const chart = this.chart ?? this.plot.appendChild(document.createElement("div"));
      this.chart = chart;
      const figure = this.scaled(times, totals, /** @type {import("./part.js").Cut} */ (this.cut).words);
      await plotly.react(chart, figure.data, figure.layout, this.figure.config);
      this.own.hidden = this.chart !== null;
    } catch (reason) {
      console.warn("chart not drawn", reason);
      this.chart?.remove();
      this.chart = null;
      this.own.hidden = false;
    }
  }

  /** Plotly, loaded once; null while it cannot be had. @returns {Promise<any>} */
  async loaded() {
    if (this.retryTimer !== 0) return null;
    try {
      this.plotly ??= load(new URL(PLOTLY, import.meta.url).href);
      const plotly = await this.plotly;
      this.failures = 0;
      return plotly;
    } catch (reason) {
      console.warn("chart not drawn", reason);
      this.plotly = null;
      if (this.isTaken && this.retryTimer === 0) {
        this.retryTimer = window.setTimeout(() => this.again(), retryMs(this.failures, PUBLIC_RETRY_MAX_MS, Math.random()));
        this.failures += 1;
      }
      return null;
    }
  }

  again() {
    this.retryTimer = 0;
    this.drawn = "";
    if (this.isTaken && this.cut !== null) this.paint(this.cut);
  }

  /**
   * The figure with these values, its sizes made for this screen's height.
   * @param {number[]} times
   * @param {number[]} totals
   * @param {Words} words
   * @returns {Figure}
   */
  scaled(times, totals, words) {
    /** @type {Figure} */
    const figure = JSON.parse(JSON.stringify(this.figure));
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const factor = (rem * 108) / FIGURE_PX;
    const [trace] = figure.data;
    trace.x = times.map((at) => localText(at, words));
    trace.y = totals;
    trace.line.width *= factor;
    const { layout } = figure;
    layout.width = this.plot.clientWidth;
    layout.height = this.plot.clientHeight;
    for (const font of [layout.font, layout.xaxis.tickfont, layout.yaxis.tickfont]) font.size *= factor;
    // Our own line keeps room for the widest figure of the axis; the chart takes its place to the pixel.
    const em = layout.font.size;
    const own = getComputedStyle(this.own);
    const [l, r, t, b] = [own.paddingLeft, own.paddingRight, own.paddingTop, own.paddingBottom].map(parseFloat);
    layout.margin = { l, r, t, b, pad: 0.3 * em };
    layout.yaxis.gridwidth *= factor;
    layout.yaxis.range = [0, Math.max(1, ...totals) * HEADROOM];
    for (const axis of [layout.xaxis, layout.yaxis]) axis.ticklen *= factor;
    // As many times as have room beside each other; turned they cannot be read.
    const room = Math.max(2, Math.min(layout.xaxis.nticks, Math.floor(layout.width / (TICK_EM * em))));
    Object.assign(layout.xaxis, { nticks: room, tickangle: 0 });
    const first = times[0] ?? 0;
    layout.xaxis.range = [first, first + spanMs(times)].map((at) => localText(at, words));
    return figure;
  }
}

/** A time as Plotly reads it: the contest's own clock. @param {number} atMs @param {Words} words @returns {string} */
function localText(atMs, words) {
  const at = words.local(atMs);
  return `${at.year}-${two(at.month)}-${two(at.day)} ${two(at.hour)}:${two(at.minute)}:${two(at.second)}`;
}

/** @param {string} url @returns {Promise<any>} Plotly */
function load(url) {
  // A scene that is taken again has another part: what the page has loaded once it does not run a second time.
  const { Plotly: loaded } = /** @type {any} */ (window);
  if (loaded) return Promise.resolve(loaded);
  // plotly.js 4 uses it where the rest of it would run on Chrome 86.
  const object = /** @type {any} */ (Object);
  object.hasOwn ??= (/** @type {object} */ thing, /** @type {string} */ key) => Object.prototype.hasOwnProperty.call(thing, key);
  for (const id of STYLES) {
    const stands = Object.assign(document.createElement("meta"), { id, className: "no-inline-styles" });
    if (document.getElementById(id) === null) document.head.append(stands);
  }
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    const failed = () => {
      window.clearTimeout(limit);
      script.remove();
      reject(new Error(`${url} could not be loaded`));
    };
    const limit = window.setTimeout(failed, LOAD_WAIT_MS);
    script.onload = () => {
      window.clearTimeout(limit);
      const { Plotly } = /** @type {any} */ (window);
      if (Plotly) resolve(Plotly);
      else failed();
    };
    script.onerror = failed;
    document.head.append(script);
  });
}
