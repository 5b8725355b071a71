/**
 * The shell of a screen: it holds the screen in a frame. To load anew is to load a second frame unseen, wait until it
 * says that it is painted, swap, and drop the old; whatever fails leaves the old. It stands inline in its page and
 * needs no other file, so nothing that fails to arrive can fail it. It outlives releases: what frames say to it
 * (docs/reference/screens.md) is only ever added to.
 * @module
 */

/** A frame's time to load, doubled after each failure: files that arrived are cached, so each try gets further. */
const LOAD_WAIT_MS = 15_000;
const LOAD_WAIT_MAX_MS = 120_000;
/** The time from then until it says that it is painted. */
const PAINT_WAIT_MS = 6_000;
const RETRY_MIN_MS = 250;
const RETRY_FIRST_MS = 1_000;
/** Swaps within this time of each other wait ever longer, or two servers of different releases would swap it forever. */
const QUIET_MS = 60_000;
/** A frame that lacks only a font is accepted at this try; a complete one is still tried for. */
const TRIES_FOR_WHOLE = 3;
/** So many tries has an address that the server has told this window to show; then it stays with its own. */
const TRIES_FOR_OTHER = 3;
/** How soon a screen that is gone is tried again, and in the end one whose font is missing. */
const GONE_MS = 30_000;

/**
 * The wait before a try: full jitter between 0.25 s and a window that doubles from 1 s up to maxMs.
 * @param {number} failures in a row so far
 * @param {number} maxMs
 * @param {number} random in [0, 1)
 * @returns {number} ms
 */
function retryMs(failures, maxMs, random) {
  const windowMs = Math.min(maxMs, RETRY_FIRST_MS * 2 ** Math.min(failures, 16));
  return RETRY_MIN_MS + random * (windowMs - RETRY_MIN_MS);
}

/** How long a frame may take to load. @param {number} failures in a row so far @returns {number} ms */
function loadWaitMs(failures) {
  return Math.min(LOAD_WAIT_MAX_MS, LOAD_WAIT_MS * 2 ** Math.min(failures, 16));
}

/**
 * The address of the screen itself; the key stays with the shell, where only the shell's own address has it.
 * @param {string} path
 * @param {string} search
 * @returns {string}
 */
function frameAddress(path, search) {
  const query = new URLSearchParams(search);
  query.delete("key");
  query.set("frame", "1");
  return `${path}?${query}`;
}

/**
 * The shell's own query, when its frame shows something else: the frame's, with the shell's key.
 * @param {string} own
 * @param {string} ofFrame
 * @returns {string}
 */
function shellSearch(own, ofFrame) {
  const query = new URLSearchParams(ofFrame);
  query.delete("frame");
  query.delete("key");
  const key = new URLSearchParams(own).get("key");
  if (key !== null) query.set("key", key);
  const text = query.toString();
  return text && `?${text}`;
}

/**
 * Whether a screen is not what the server makes now.
 * @param {Made | null} own
 * @param {Made | null} heard
 * @returns {boolean}
 */
function isOld(own, heard) {
  return own !== null && heard !== null && (own.made !== heard.made || own.show !== heard.show);
}

/** @typedef {{made: string, show: string}} Made */
/** @typedef {{path: string, search: string}} Address */

/**
 * An address that the server has told this window to show, with the window's key; null for one of another origin.
 * @param {string} told
 * @param {string} base
 * @returns {Address | null}
 */
function addressOf(told, base) {
  const [url, own] = [new URL(told, base), new URL(base)];
  return url.origin === own.origin ? { path: url.pathname, search: shellSearch(own.search, url.search) } : null;
}

/** A frame and its state. */
class View {
  /** @param {HTMLIFrameElement} frame */
  constructor(frame) {
    this.frame = frame;
    /** @type {Made | null} what it was made of */
    this.own = null;
    /** @type {Made | null} what it hears that screens are made of now */
    this.heard = null;
    this.isGone = false;
    /** @type {Address | null} that which it was loaded for in place of the window's own */
    this.other = null;
  }
}

class Shell {
  constructor() {
    this.retryMaxMs = Number(document.documentElement.dataset.retryMaxMs) || 30_000;
    /** @type {View | null} */
    this.shown = null;
    /** @type {View | null} */
    this.waiting = null;
    this.failures = 0;
    this.swaps = 0;
    this.swappedAt = -Infinity;
    /** @type {(Address & {told: string, failures: number}) | null} what it is to show in place of its own address */
    this.other = null;
    this.timer = 0;
    /** Whether the timer is for something that must not wait. */
    this.isUrgent = false;
    this.limit = 0;
  }

  /** Whether what is shown is what the server makes now, its font perhaps aside. @returns {boolean} */
  get isRight() {
    return this.shown !== null && !this.shown.isGone && !isOld(this.shown.own, this.shown.heard);
  }

  start() {
    // Without this class, and so without scripts, the frame in the page's markup is visible as it loads.
    document.documentElement.classList.add("scripted");
    window.addEventListener("message", (event) => this.hear(event));
    document.addEventListener("load", (event) => this.loaded(event.target), true);
    document.addEventListener("keydown", (event) => this.pass(event));
    window.addEventListener("focus", () => this.focus());
    window.addEventListener("beforeprint", () => this.print(true));
    window.addEventListener("afterprint", () => this.print(false));
    this.within(loadWaitMs(0));
    document.addEventListener("DOMContentLoaded", () => this.first());
  }

  /** The frame of the page's own markup is the first. @returns {View | null} */
  first() {
    const frame = document.querySelector("iframe");
    if (frame !== null && this.shown === null && this.waiting === null) this.waiting = new View(frame);
    return this.waiting;
  }

  /** @param {MessageEvent} event */
  hear(event) {
    if (event.origin !== window.location.origin || typeof event.data !== "object" || event.data === null) return;
    this.first();
    const view = [this.waiting, this.shown].find((each) => each !== null && each.frame.contentWindow === event.source);
    const { diemCau: say, made, show } = event.data;
    if (!view) return;
    if (say === "painted" && view === this.waiting) this.painted(view, event.data);
    if (say === "failed" && view === this.waiting) this.fail();
    if (say === "heard") {
      view.heard = { made: String(made), show: String(show) };
      this.look();
    }
    if (say === "title" && view === this.shown) this.call(view, String(event.data.title));
    if (say === "order" && view === this.shown) this.obey(event.data);
    if (say === "address" && view === this.shown) {
      const search = shellSearch(window.location.search, String(event.data.search));
      window.history.replaceState(null, "", window.location.pathname + search);
    }
  }

  /** The server has told the screen to load anew, or to show another address. @param {any} order */
  obey(order) {
    const waitMs = Number(order.ms) || 0;
    if (order.do === "reload") {
      if (this.waiting === null) this.again(waitMs);
    } else if (order.do === "show") {
      const address = addressOf(String(order.address), window.location.href);
      if (address === null) return;
      this.other = { ...address, told: String(order.address), failures: 0 };
      this.waiting?.frame.remove();
      this.waiting = null;
      window.clearTimeout(this.limit);
      this.again(waitMs);
    }
  }

  /** Something has loaded: the waiting frame is to be painted soon, unless it is no screen at all. @param {EventTarget | null} target */
  loaded(target) {
    const view = this.first();
    if (view === null || view.frame !== target) return;
    let isScreen = false;
    try {
      isScreen = Boolean(view.frame.contentDocument?.querySelector('meta[name="made"]'));
    } catch {
      // The browser's own error page has an opaque origin.
    }
    if (!isScreen) this.fail();
    else this.within(PAINT_WAIT_MS);
  }

  /** @param {View} view @param {any} told */
  painted(view, told) {
    view.own = { made: String(told.made), show: String(told.show) };
    view.isGone = Boolean(told.isGone);
    // One that lacks a font is no improvement, unless the shown one is broken.
    const isLast = !this.isRight && this.failures + 1 >= TRIES_FOR_WHOLE;
    const isTaken = this.shown === null || ((told.isWhole !== false || isLast) && !(view.other !== null && view.isGone));
    if (!isTaken) {
      this.fail();
      return;
    }
    window.clearTimeout(this.limit);
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.waiting = null;
    if (view.other !== null) {
      // From here on it is the window's own.
      window.history.replaceState(null, "", view.other.path + view.other.search);
      if (view.other === this.other) this.other = null;
    }
    this.swap(view);
    document.documentElement.lang = String(told.lang);
    this.call(view, String(told.title));
    if (view.isGone) this.again(GONE_MS * (0.75 + Math.random() / 2), false);
    else if (told.isWhole === false) this.againFor((this.failures += 1));
    else this.failures = 0;
    this.look();
  }

  /** The shell is called what its frame is called. @param {View} view @param {string} title */
  call(view, title) {
    document.title = title;
    view.frame.title = title;
  }

  /** Show a painted frame instead of the one that is shown. @param {View} view */
  swap(view) {
    const old = this.shown;
    const now = performance.now();
    this.swaps = now - this.swappedAt < QUIET_MS ? this.swaps + 1 : 0;
    this.swappedAt = now;
    this.shown = view;
    view.frame.classList.add("shown");
    if (old === null) {
      this.focus();
      return;
    }
    // Both in one painted frame; the old one goes once the new one has been seen.
    old.frame.classList.remove("shown");
    const hadFocus = document.activeElement === old.frame || document.activeElement === document.body;
    requestAnimationFrame(() => window.setTimeout(() => old.frame.remove()));
    if (hadFocus) this.focus();
  }

  /** Reload an old frame, after a random wait, so that a hall of screens does not reload in one instant. */
  look() {
    if (this.shown === null || this.waiting !== null) return;
    if (!isOld(this.shown.own, this.shown.heard)) return;
    if (this.timer === 0 || !this.isUrgent) this.again(Math.random() * this.retryMaxMs / 2 + retryMs(this.swaps, this.retryMaxMs, Math.random()));
  }

  /** @param {number} failures in a row so far */
  againFor(failures) {
    const maxMs = this.isRight ? Math.max(GONE_MS, this.retryMaxMs) : this.retryMaxMs;
    this.again(retryMs(failures, maxMs, Math.random()), !this.isRight);
  }

  /** @param {number} waitMs @param {boolean} [isUrgent] */
  again(waitMs, isUrgent = true) {
    window.clearTimeout(this.timer);
    this.isUrgent = isUrgent;
    this.timer = window.setTimeout(() => this.load(), waitMs);
  }

  load() {
    this.timer = 0;
    const frame = document.createElement("iframe");
    const { path, search } = this.other ?? { path: window.location.pathname, search: window.location.search };
    frame.src = frameAddress(path, search);
    this.waiting = new View(frame);
    this.waiting.other = this.other;
    this.within(loadWaitMs(this.failures));
    document.body.append(frame);
  }

  /** Give the waiting frame this long. @param {number} ms */
  within(ms) {
    window.clearTimeout(this.limit);
    this.limit = window.setTimeout(() => this.fail(), ms);
  }

  /** The waiting frame has failed: keep the shown one, and try again. */
  fail() {
    window.clearTimeout(this.limit);
    const view = this.first();
    this.waiting = null;
    view?.frame.remove();
    this.failures += 1;
    if (this.other !== null && this.shown !== null && (this.other.failures += 1) >= TRIES_FOR_OTHER) {
      this.shown.frame.contentWindow?.postMessage({ diemCau: "notShown", address: this.other.told }, window.location.origin);
      this.other = null;
      this.failures = 0;
      this.look();
    } else {
      this.againFor(this.failures);
    }
  }

  focus() {
    if (document.hasFocus()) this.shown?.frame.contentWindow?.focus();
  }

  /** A key that was pressed while the shell had the focus is the screen's. @param {KeyboardEvent} event */
  pass(event) {
    const inner = /** @type {any} */ (this.shown?.frame.contentWindow);
    if (!inner || !event.isTrusted) return;
    const { key, code, ctrlKey, altKey, metaKey, shiftKey, repeat } = event;
    const passed = new inner.KeyboardEvent("keydown", { key, code, ctrlKey, altKey, metaKey, shiftKey, repeat, bubbles: true, cancelable: true });
    if (!inner.document.dispatchEvent(passed)) event.preventDefault();
    this.focus();
  }

  /** On paper the frame is as high as what is in it. @param {boolean} isOn */
  print(isOn) {
    const frame = this.shown?.frame;
    const root = frame?.contentDocument?.documentElement;
    document.documentElement.classList.toggle("on-paper", isOn);
    if (frame && root) frame.style.height = isOn ? `${root.scrollHeight}px` : "";
  }
}

if (typeof document !== "undefined") new Shell().start();
