/**
 * Follows a topic and never gives up: a WebSocket, and while none can be had, GET every two seconds.
 * @module
 */

/** A socket without any message for this long is taken for dead; the server beats every 2 s. */
export const SILENCE_MS = 6_000;
/** Failures in a row, or time without a connection, after which polling begins. */
export const FAILURES_BEFORE_POLL = 3;
export const POLL_AFTER_MS = 5_000;
export const POLL_MS = 2_000;
const POLL_WAIT_MS = 8_000;
const RETRY_MIN_MS = 250;
const RETRY_FIRST_MS = 500;
/** Close codes from here on mean: do not come back. */
const CLOSED_FOR_GOOD = 4500;
const MESSAGE_CHARS_MAX = 8_000_000;

/**
 * @typedef {object} Surroundings what a follower needs of the browser; tests bring their own
 * @property {(url: string) => WebSocket} open
 * @property {(url: string, init: RequestInit) => Promise<Response>} fetch
 * @property {(run: () => void, ms: number) => number} setTimeout
 * @property {(timer: number) => void} clearTimeout
 * @property {() => number} now
 * @property {() => number} random
 */

/**
 * @typedef {object} Hooks
 * @property {() => string} position the query that names where this screen stands
 * @property {(message: unknown) => "applied" | "dropped" | "ask" | "refused"} frame
 * @property {(atMs: number | null) => void} contact the server was heard; with its time if it said it
 */

/** @returns {Surroundings} */
export function browser() {
  return {
    open: (url) => new WebSocket(url),
    fetch: (url, init) => fetch(url, init),
    setTimeout: (run, ms) => window.setTimeout(run, ms),
    clearTimeout: (timer) => window.clearTimeout(timer),
    now: () => performance.now(),
    random: () => Math.random(),
  };
}

/**
 * The wait before the next try: full jitter between 0.25 s and a window that doubles up to retryMaxMs.
 * @param {number} failures in a row so far
 * @param {number} retryMaxMs
 * @param {number} random in [0, 1)
 * @returns {number} ms
 */
export function retryMs(failures, retryMaxMs, random) {
  const windowMs = Math.min(retryMaxMs, RETRY_FIRST_MS * 2 ** Math.min(failures, 16));
  return RETRY_MIN_MS + random * (windowMs - RETRY_MIN_MS);
}

/** The wait that a close reason asks for ("retry_ms=1500"), 0 if it asks for none. @param {string} reason @returns {number} */
export function hintMs(reason) {
  const found = /\bretry_ms=(\d{1,6})\b/.exec(reason);
  return found ? Number(found[1]) : 0;
}

export class Follower {
  /**
   * @param {string} topic "board", "rehearsal/unit/024"
   * @param {{socketUrl: string, pollUrl: string, retryMaxMs: number}} address origins with a closing slash
   * @param {Hooks} hooks
   * @param {Surroundings} around
   */
  constructor(topic, address, hooks, around) {
    this.topic = topic;
    this.address = address;
    this.hooks = hooks;
    this.around = around;
    /** @type {WebSocket | null} */
    this.socket = null;
    this.failures = 0;
    this.isStopped = false;
    this.heardAt = around.now();
    this.lostAt = around.now();
    /** @type {number} */
    this.retryTimer = 0;
    this.watchTimer = 0;
    this.pollTimer = 0;
    this.isPolling = false;
    this.etag = "";
  }

  start() {
    this.isStopped = false;
    this.lostAt = this.around.now();
    this.connect();
    this.watch();
  }

  /** Close for good: the page is left, or the server said so. */
  stop() {
    this.isStopped = true;
    this.around.clearTimeout(this.retryTimer);
    this.around.clearTimeout(this.watchTimer);
    this.endPoll();
    this.drop();
  }

  /** The network is back, or the page is seen again: look at once instead of waiting. */
  wake() {
    if (this.isStopped) return;
    const isSilent = this.around.now() - this.heardAt > SILENCE_MS / 2;
    if (this.socket === null || isSilent) this.again();
  }

  /** Drop the socket and ask anew from where this screen stands. */
  again() {
    this.drop();
    this.around.clearTimeout(this.retryTimer);
    this.connect();
  }

  connect() {
    if (this.isStopped) return;
    const url = `${this.address.socketUrl}live/${this.topic}${this.hooks.position()}`;
    let socket;
    try {
      socket = this.around.open(url);
    } catch {
      this.lost(0);
      return;
    }
    this.socket = socket;
    this.heardAt = this.around.now();
    socket.onmessage = (event) => {
      if (socket === this.socket) this.take(event.data);
    };
    socket.onclose = (event) => {
      if (socket !== this.socket) return;
      this.socket = null;
      if (event.code >= CLOSED_FOR_GOOD && event.code < 5000) this.stop();
      else this.lost(hintMs(event.reason));
    };
  }

  /** @param {unknown} data */
  take(data) {
    const message = parse(data);
    this.heardAt = this.around.now();
    if (isBeat(message)) {
      this.reached(message.at);
      return;
    }
    const outcome = this.hooks.frame(message);
    if (outcome === "applied" || outcome === "dropped") {
      this.reached(null);
    } else {
      // Ask again from the present position; while that does not help, the wait between tries grows.
      this.drop();
      this.lost(0);
    }
  }

  /** @param {number | null} atMs the server's time, if it said it */
  reached(atMs) {
    this.failures = 0;
    this.endPoll();
    this.hooks.contact(atMs);
  }

  /** @param {number} hint ms that the server asked to wait */
  lost(hint) {
    if (this.isStopped) return;
    if (this.failures === 0) this.lostAt = this.around.now();
    const waitMs = hint + retryMs(this.failures, this.address.retryMaxMs, this.around.random());
    this.failures += 1;
    if (this.failures >= FAILURES_BEFORE_POLL) this.beginPoll();
    this.around.clearTimeout(this.retryTimer);
    this.retryTimer = this.around.setTimeout(() => this.connect(), waitMs);
  }

  drop() {
    const socket = this.socket;
    this.socket = null;
    if (socket) socket.close();
  }

  /** Once a second: is the socket silent, is it time to poll? */
  watch() {
    if (this.isStopped) return;
    const now = this.around.now();
    if (this.socket !== null && now - this.heardAt > SILENCE_MS) {
      this.drop();
      this.lost(0);
    }
    if (this.failures > 0 && now - this.lostAt > POLL_AFTER_MS) this.beginPoll();
    this.watchTimer = this.around.setTimeout(() => this.watch(), 1_000);
  }

  beginPoll() {
    if (this.isPolling || this.isStopped) return;
    this.isPolling = true;
    this.etag = "";
    this.poll();
  }

  endPoll() {
    this.isPolling = false;
    this.around.clearTimeout(this.pollTimer);
  }

  async poll() {
    const abort = new AbortController();
    const limit = this.around.setTimeout(() => abort.abort(), POLL_WAIT_MS);
    try {
      /** @type {Record<string, string>} */
      const headers = this.etag ? { "If-None-Match": this.etag } : {};
      const answer = await this.around.fetch(`${this.address.pollUrl}live/${this.topic}`, {
        headers, cache: "no-store", signal: abort.signal,
      });
      if (!this.isPolling) return;
      if (answer.status === 200) {
        const message = parse(await answer.text());
        if (this.isPolling && this.hooks.frame(message) !== "refused") this.etag = answer.headers.get("ETag") ?? "";
        this.hooks.contact(null);
      } else if (answer.status === 304) {
        this.hooks.contact(null);
      }
    } catch {
      // No answer: the screen keeps what it has, its mark tells the age, and the next round tries again.
    } finally {
      this.around.clearTimeout(limit);
      if (this.isPolling) {
        const waitMs = POLL_MS * (0.75 + this.around.random() / 2);
        this.pollTimer = this.around.setTimeout(() => void this.poll(), waitMs);
      }
    }
  }
}

/** @param {unknown} data @returns {unknown} the JSON, null if it is none */
function parse(data) {
  if (typeof data !== "string" || data.length > MESSAGE_CHARS_MAX) return null;
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** @param {unknown} message @returns {message is {type: "beat", at: number}} */
function isBeat(message) {
  if (typeof message !== "object" || message === null) return false;
  const beat = /** @type {Record<string, unknown>} */ (message);
  return beat.v === 1 && beat.type === "beat" && Number.isSafeInteger(beat.at);
}
