/**
 * Tells the server what this screen is and shows, over the socket that it follows by, or by POST while it polls; and hears
 * what the server orders it. It says something when something has changed, and at most each 10 s.
 * @module
 */

/** @typedef {import("./socket.js").Surroundings} Surroundings */
/** @typedef {{do: string, ms: number, text: string, address: string}} Order */

const LOOK_MS = 1_000;
const EVERY_MS = 10_000;
/** A fleet that comes back together does not report in one instant. */
const SPREAD_MS = 3_000;
/** Changes of the clock that are not worth a report by themselves. */
const OFFSET_STEP_MS = 100;
const BOUND_STEP_MS = 50;
const TEXT_CHARS_MAX = 60;
/** Parameters of an address that nobody else is told. */
const SECRET = /^(?:key|frame|as)(?:=|$)/;
const FAULTS_MAX = 8;
const FAULT_CHARS_MAX = 24;

/**
 * @typedef {object} Voice what a report goes over
 * @property {object | "poll" | null} line the socket that works, "poll", or null while nothing gets through
 * @property {(text: string) => void} say
 * @property {(text: string) => Promise<string>} post
 */

/** @param {unknown} message @returns {Order | null} null for what is no order */
export function orderIn(message) {
  if (typeof message !== "object" || message === null) return null;
  const { v, type } = /** @type {Record<string, unknown>} */ (message);
  return v === 1 && type === "order" ? orderOf(message) : null;
}

/** @param {unknown} given @returns {Order | null} */
function orderOf(given) {
  if (typeof given !== "object" || given === null) return null;
  const { do: what, ms = 0, text = "", address = "" } = /** @type {Record<string, unknown>} */ (given);
  if (typeof what !== "string" || typeof text !== "string" || typeof address !== "string") return null;
  return { do: what, ms: Number.isFinite(ms) ? Math.max(0, Number(ms)) : 0, text, address };
}

/** A query without what is secret, as it was written. @param {string} search @returns {string} */
export function harmless(search) {
  return search.replace(/^\?/, "").split("&").filter((part) => part !== "" && !SECRET.test(part)).join("&");
}

/**
 * The browser and its version, and what it runs on, as people call them.
 * @param {string} said its User-Agent
 * @returns {string} "" for one that says nothing known
 */
export function agentOf(said) {
  /** @type {[string, RegExp][]} a host before its engine, and what calls itself Chrome too before Chrome */
  const known = [
    ["OBS", /\bOBS\/(\d+)/], ["vMix", /\bvMix\/(\d+)/], ["CasparCG", /\bCasparCG\/(\d+)/], ["Cốc Cốc", /\bcoc_coc_browser\/(\d+)/],
    ["Edge", /\bEdg(?:A|iOS)?\/(\d+)/], ["Opera", /\bOPR\/(\d+)/], ["Samsung Internet", /\bSamsungBrowser\/(\d+)/],
    ["Firefox", /\b(?:Firefox|FxiOS)\/(\d+)/], ["Chrome", /\b(?:Headless)?(?:Chrome|CriOS)\/(\d+)/], ["Safari", /\bVersion\/(\d+)[^ ]* (?:Mobile\/\S+ )?Safari\//],
  ];
  /** @type {[string, RegExp][]} */
  const systems = [["Android", /\bAndroid\b/], ["iOS", /\b(?:iPhone|iPad)\b/], ["Windows", /\bWindows\b/], ["ChromeOS", /\bCrOS\b/], ["macOS", /\bMacintosh\b/], ["Linux", /\bLinux\b/]];
  const browser = known.map(([name, pattern]) => [name, pattern.exec(said)?.[1]]).find(([, version]) => version !== undefined);
  const engine = browser && /^(?:OBS|vMix|CasparCG)$/.test(String(browser[0])) ? /\bChrome\/(\d+)/.exec(said)?.[1] : undefined;
  const system = systems.find(([, pattern]) => pattern.test(said))?.[0];
  const parts = [browser && browser.join(" "), engine && `Chrome ${engine}`, system];
  return parts.filter(Boolean).join(" · ").slice(0, TEXT_CHARS_MAX);
}

/**
 * What the self-test of this profile found last, undefined for nothing, or for what cannot be read.
 * @param {string | null} text
 */
export function selfTestIn(text) {
  try {
    const { at, verdict, faults } = JSON.parse(text ?? "null") ?? {};
    if (!Number.isSafeInteger(at) || at < 0 || !["good", "fair", "bad"].includes(verdict)) return undefined;
    const named = Array.isArray(faults) ? faults.filter((fault) => typeof fault === "string") : [];
    return { at, verdict, faults: named.slice(0, FAULTS_MAX).map((fault) => fault.slice(0, FAULT_CHARS_MAX)) };
  } catch {
    return undefined;
  }
}

/** What of a report is worth telling. @param {Record<string, any>} report @returns {string} */
export function worthOf({ offset, bound, ...rest }) {
  const steps = [offset == null ? null : Math.round(offset / OFFSET_STEP_MS), bound == null ? null : Math.round(bound / BOUND_STEP_MS)];
  return JSON.stringify([rest, steps]);
}

export class Reporter {
  /**
   * @param {import("./identity.js").Identity} identity
   * @param {() => Voice | null} voice
   * @param {() => Record<string, unknown> | null} describe what the screen says of itself; null while there is nothing to say
   * @param {(order: Order) => void} act does what is ordered
   * @param {Pick<Surroundings, "now" | "random" | "setTimeout">} around
   */
  constructor(identity, voice, describe, act, around) {
    this.identity = identity;
    this.voice = voice;
    this.describe = describe;
    this.act = act;
    this.around = around;
    /** Over what it has reported last. @type {object | "poll" | null} */
    this.line = null;
    this.worth = "";
    this.saidAt = -Infinity;
    /** No report before this. */
    this.restUntil = around.now() + around.random() * SPREAD_MS;
    this.isPosting = false;
    /** What has been found since the line is another one: when to report over it. */
    this.turnAt = 0;
  }

  start() {
    this.look();
    this.around.setTimeout(() => this.start(), LOOK_MS);
  }

  /** Report if there is something to say, and time for it. */
  look() {
    const now = this.around.now();
    const voice = this.voice();
    if (now < this.restUntil || this.isPosting || voice === null || voice.line === null) return;
    const report = this.describe();
    if (report === null) return;
    const worth = worthOf(report);
    if (voice.line === this.line) {
      const isSaid = worth === this.worth && this.line !== "poll";
      if (isSaid || now - this.saidAt < EVERY_MS) return;
    } else if (this.line !== null && this.turnAt === 0) {
      this.turnAt = now + this.around.random() * SPREAD_MS;
      return;
    } else if (now < this.turnAt) {
      return;
    }
    [this.line, this.worth, this.saidAt, this.turnAt] = [voice.line, worth, now, 0];
    const text = JSON.stringify({ type: "screen", id: this.identity.id, window: this.identity.window, took: this.identity.took, ...report });
    if (voice.line === "poll") void this.post(voice, text);
    else voice.say(text);
  }

  /** @param {Voice} voice @param {string} text */
  async post(voice, text) {
    this.isPosting = true;
    try {
      const { orders } = JSON.parse(await voice.post(text));
      for (const order of Array.isArray(orders) ? orders.map(orderOf) : []) if (order !== null) this.take(order);
    } catch {
      // A line that brings no answer is tried again at the next turn.
    } finally {
      this.isPosting = false;
    }
  }

  /** @param {Order} order */
  take(order) {
    if (order.do === "rest") {
      this.restUntil = this.around.now() + order.ms;
      this.line = null;
    } else if (order.do === "other") {
      this.identity.other();
      this.line = null;
    } else {
      if (order.do === "show") this.identity.take(order.address);
      this.act(order);
    }
  }
}
