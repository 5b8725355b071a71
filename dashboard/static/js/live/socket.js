/**
 * Follows a topic and never gives up: over a WebSocket, and while none can be opened, by polling between tries.
 * @module
 */

import { Stopwatch } from "./clock.js";
import { isOther } from "./made.js";
import { parse, timeIn } from "./message.js";
import { Poll } from "./poll.js";
import { orderIn } from "./report.js";
import { CLOSE_RETRY_MAX_MS, hintMs, retryMs } from "./retry.js";
import { ClockSync } from "./clock_sync.js";

/** @typedef {import("./clock.js").ServerClock} ServerClock */

/** A socket without a message for this long is dead, also in its handshake; the server beats every 2 s. */
export const SILENCE_MS = 6_000;
/**
 * A close screen gives a socket this long to say something, or this many times as long as the last one took, SILENCE_MS at
 * most: while a line is down, what asks for a connection is sent again after 1 s, then 3 s, then 7 s, and a new try is sooner
 * there than the next of those. The many public pages wait for all of SILENCE_MS, for their server may be busy.
 */
const OPEN_WAIT_MIN_MS = 2_500;
const OPEN_WAIT_TIMES = 2;
/** On waking, a socket that was silent for longer than the server ever is (3 s) is not trusted. */
const DOUBT_MS = 4_000;
/** Failures in a row, or time without hearing anything, after which polling begins. */
export const FAILURES_BEFORE_POLL = 3;
export const POLL_AFTER_MS = 5_000;
const WATCH_MS = 1_000;
/** Below /live/, where a screen reports that polls. */
const REPORT = "screen";
/** When neither the timer nor a message ran for this long, the machine or the tab has slept. */
const SLEEP_MS = 6_000;
/** Close codes from here on mean: do not come back. */
const CLOSED_FOR_GOOD = 4500;

/**
 * @typedef {object} Surroundings what a follower needs of the browser; tests bring their own
 * @property {(url: string) => WebSocket} open
 * @property {(url: string, init: RequestInit) => Promise<Response>} fetch
 * @property {(run: () => void, ms: number) => number} setTimeout
 * @property {(timer: number) => void} clearTimeout
 * @property {() => number} now ms that never run back; may stand still in sleep
 * @property {() => number} wall ms since the epoch, as this machine is set
 * @property {() => number} random
 */

/**
 * @typedef {object} Hooks
 * @property {() => string} position the query that names where this screen stands
 * @property {() => string} etag the same as an ETag
 * @property {() => import("./made.js").Made | null} [made] what this page takes pages to be made of: a server that knows better
 *     says so before its first frame
 * @property {() => void} [opened] the server has let a socket in: a frame comes at once, or none is due
 * @property {() => void} [joined] the first frame or beat has come over a new socket
 * @property {(message: unknown) => "applied" | "dropped" | "ask" | "refused"} frame
 * @property {() => void} contact the server was heard
 * @property {(told: import("./made.js").Made) => void} [told] what pages are made of now; before a frame that may not fit
 * @property {(order: import("./report.js").Order) => void} [order] the server tells this screen to do something
 * @property {() => void} [refused] the server wants somebody signed in
 * @property {() => void} [stopped] the server has closed the socket for good
 */

/** @returns {Surroundings} */
export function browser() {
  return {
    open: (url) => new WebSocket(url),
    fetch: (url, init) => fetch(url, init),
    setTimeout: (run, ms) => window.setTimeout(run, ms),
    clearTimeout: (timer) => window.clearTimeout(timer),
    now: () => performance.now(),
    wall: () => Date.now(),
    random: () => Math.random(),
  };
}

export class Follower {
  /**
   * @param {string} topic "board", "rehearsal/unit/024"
   * @param {{socketUrl: string, pollUrl: string, key: string, pace?: string, out?: string, as?: string, retryMaxMs: number}} address
   *     origins with a closing slash; the screen's key ("" if it has none), which goes along in the query and nowhere else;
   *     in how many ms a frame is wanted; the output as which numbers are asked for; and the account as which this page
   *     asks, for topics that are not public
   * @param {ServerClock} clock
   * @param {Hooks} hooks
   * @param {Surroundings} around
   */
  constructor(topic, address, clock, hooks, around) {
    this.topic = topic;
    this.address = address;
    this.clock = clock;
    this.hooks = hooks;
    this.around = around;
    this.clockSync = new ClockSync(clock, around);
    this.poll = new Poll(address.retryMaxMs, clock, {
      url: () => this.url(address.pollUrl, ""),
      etag: hooks.etag,
      frame: hooks.frame,
      answered: (isBack) => this.polled(isBack),
      told: hooks.told,
      refused: hooks.refused,
    }, around);
    /** @type {WebSocket | null} */
    this.socket = null;
    this.failures = 0;
    this.isStopped = false;
    /** Whether this socket has said anything. */
    this.hasSpoken = false;
    /** @type {import("./made.js").Made | null} what this socket was opened with */
    this.named = null;
    /** When this socket was opened, or last said something. */
    this.socketAt = around.now();
    this.heard = new Stopwatch(around);
    this.stirred = new Stopwatch(around);
    /** Until then the server has asked for rest. */
    this.restUntil = -Infinity;
    this.retryTimer = 0;
    this.watchTimer = 0;
    this.openTimer = 0;
    /** How long the last socket took to say something. */
    this.openMs = SILENCE_MS;
  }

  /** How long a socket may take to say something. @returns {number} ms */
  get patienceMs() {
    if (this.address.retryMaxMs > CLOSE_RETRY_MAX_MS) return SILENCE_MS;
    return Math.min(SILENCE_MS, Math.max(OPEN_WAIT_MIN_MS, OPEN_WAIT_TIMES * this.openMs));
  }

  start() {
    this.connect();
    this.watch();
  }

  /** Close for good: the server said so. */
  stop() {
    this.isStopped = true;
    this.around.clearTimeout(this.retryTimer);
    this.around.clearTimeout(this.watchTimer);
    this.poll.end();
    this.drop();
    this.hooks.stopped?.();
  }

  /** The page is hidden away; `wake` is called when it comes back. */
  rest() {
    this.around.clearTimeout(this.retryTimer);
    this.drop();
  }

  /** The network is back, or the page is seen again: look at once instead of waiting. */
  wake() {
    if (this.isStopped || this.rouse()) return;
    this.poll.hurry();
    if (this.socket === null || this.around.now() - this.socketAt > DOUBT_MS) this.again();
  }

  /** Jump to now if the machine has slept: one new socket brings all that came since. @returns {boolean} whether it had */
  rouse() {
    const hasSlept = this.stirred.ms > SLEEP_MS;
    this.stirred.restart();
    if (!hasSlept) return false;
    this.clockSync.forget();
    this.poll.hurry();
    this.again();
    return true;
  }

  /** Drop the socket and connect again from this screen's position. */
  again() {
    this.failures = 0;
    this.drop();
    this.connect();
  }

  connect() {
    if (this.isStopped) return;
    this.around.clearTimeout(this.retryTimer);
    this.socketAt = this.around.now();
    this.named = this.hooks.made?.() ?? null;
    let socket;
    try {
      socket = this.around.open(this.url(this.address.socketUrl, this.hooks.position(), this.named));
    } catch {
      this.lost(0);
      return;
    }
    this.socket = socket;
    this.hasSpoken = false;
    this.around.clearTimeout(this.openTimer);
    this.openTimer = this.around.setTimeout(() => this.unopened(socket), this.patienceMs);
    socket.onopen = () => {
      if (socket === this.socket) this.hooks.opened?.();
    };
    socket.onmessage = (event) => {
      if (socket === this.socket) this.take(event.data);
    };
    socket.onclose = (event) => {
      if (socket !== this.socket) return;
      this.drop();
      if (event.code >= CLOSED_FOR_GOOD && event.code < 5000) this.stop();
      else this.lost(hintMs(event.reason));
    };
  }

  /** A socket has had its time: if it has said nothing yet, another is tried. @param {WebSocket} socket */
  unopened(socket) {
    if (socket !== this.socket || this.hasSpoken) return;
    this.drop();
    this.lost(0, true);
  }

  /**
   * @param {string} base
   * @param {string} position
   * @param {import("./made.js").Made | null} [named]
   * @param {string} [topic]
   * @returns {string}
   */
  url(base, position, named, topic = this.topic) {
    const query = new URLSearchParams(position);
    for (const [name, value] of Object.entries(named ?? {})) query.set(name, value);
    if (this.address.key) query.set("key", this.address.key);
    if (this.address.pace) query.set("pace_ms", this.address.pace);
    if (this.address.out) query.set("out", this.address.out);
    if (this.address.as) query.set("as", this.address.as);
    const text = query.toString();
    return `${base}live/${topic}${text && `?${text}`}`;
  }

  /** @param {unknown} data */
  take(data) {
    if (this.rouse()) return;
    if (!this.hasSpoken) this.openMs = this.around.now() - this.socketAt;
    this.socketAt = this.around.now();
    const message = parse(data);
    const time = timeIn(message);
    const isGreeting = !this.hasSpoken && isOther(this.named, time?.told ?? null);
    this.hasSpoken = true;
    if (time) {
      if (time.told) this.hooks.told?.(time.told);
      if (time.id !== undefined) this.clockSync.answer(time.id, time.at);
      else if (!this.clock.beat(time.at)) this.clockSync.again();
      // The greeting does not show that frames get through: a socket whose first frame is refused must be tried ever
      // more rarely.
      if (!isGreeting) this.reached();
      return;
    }
    const order = orderIn(message);
    if (order) {
      this.reached();
      this.hooks.order?.(order);
      return;
    }
    const outcome = this.hooks.frame(message);
    if (outcome === "applied" || outcome === "dropped") {
      this.reached();
    } else {
      // Ask again from the present position; while that does not help, the wait between tries grows.
      this.drop();
      this.lost(0);
    }
  }

  /** What a report can go over: the socket that works, "poll", or null while nothing gets through. @returns {WebSocket | "poll" | null} */
  get line() {
    if (this.socket !== null && this.clockSync.send !== null) return this.socket;
    return this.poll.isOn && this.poll.isWell ? "poll" : null;
  }

  /** Say something over the socket. @param {string} text */
  say(text) {
    this.socket?.send(text);
  }

  /** Say something by POST, and hear the answer. @param {string} text @returns {Promise<string>} */
  async post(text) {
    const init = { method: "POST", body: text, headers: { "Content-Type": "text/plain" } };
    const answer = await this.around.fetch(this.url(this.address.pollUrl, "", null, REPORT), init);
    return answer.ok ? answer.text() : "";
  }

  /** The socket works. */
  reached() {
    this.failures = 0;
    this.restUntil = -Infinity;
    this.poll.end();
    const isNew = this.clockSync.send === null;
    if (isNew) this.clockSync.begin((text) => this.socket?.send(text));
    this.heard.restart();
    this.hooks.contact();
    if (isNew) this.hooks.joined?.();
  }

  /** A poll was answered. @param {boolean} isBack the one before was not */
  polled(isBack) {
    this.heard.restart();
    this.hooks.contact();
    // A server that is back needs no wait of half a minute: a socket costs it less than the polls until then.
    if (isBack && this.socket === null) this.retry(retryMs(0, this.address.retryMaxMs, this.around.random()));
  }

  /** @param {number} hint ms that the server asked to wait @param {boolean} [hasWaited] nothing came for long, so that the next try may be soon */
  lost(hint, hasWaited = false) {
    if (this.isStopped) return;
    const waitMs = hint + retryMs(hasWaited ? 0 : this.failures, this.address.retryMaxMs, this.around.random());
    this.failures += 1;
    // Polling within the rest that the server asked for would defeat its purpose.
    if (hint > 0) this.restUntil = this.around.now() + hint + POLL_AFTER_MS;
    this.pollIfDue();
    this.retry(waitMs);
  }

  /** @param {number} waitMs */
  retry(waitMs) {
    this.around.clearTimeout(this.retryTimer);
    this.retryTimer = this.around.setTimeout(() => this.connect(), waitMs);
  }

  drop() {
    const socket = this.socket;
    this.socket = null;
    this.around.clearTimeout(this.openTimer);
    this.clockSync.end();
    if (socket) socket.close();
  }

  /** Once a second: has the machine slept, is the socket silent, is it time to poll? */
  watch() {
    if (this.isStopped) return;
    this.watchTimer = this.around.setTimeout(() => this.watch(), WATCH_MS);
    if (this.rouse()) return;
    if (this.socket !== null && this.around.now() - this.socketAt > SILENCE_MS) {
      this.drop();
      this.lost(0);
    }
    this.pollIfDue();
  }

  pollIfDue() {
    const isDue = this.failures >= FAILURES_BEFORE_POLL || this.heard.ms > POLL_AFTER_MS;
    if (isDue && this.around.now() >= this.restUntil) this.poll.begin();
  }
}
