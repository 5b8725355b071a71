/**
 * The guard of a page. In a shell it only notes whether a file did not arrive. Without one, when a file did not arrive,
 * the script never started, or the page hears that it is old, it polls the server until that answers with the page and
 * every file that the page names, and only then reloads. It does not reload while somebody is typing, but asks.
 * It is inline in every page, because it must work when nothing else has arrived.
 * @module
 */

/** After the page has loaded, its script has this long to start; a page that never finishes loading has longer. */
const START_WAIT_MS = 5_000;
const LOAD_WAIT_MS = 30_000;
/** The time limit of a probe. */
const PROBE_WAIT_MS = 30_000;
const RETRY_MIN_MS = 250;
const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 30_000;
/** After this long without a fault, earlier tries no longer count. */
const WELL_MS = 20_000;
/** The key under which tries are counted across the loads of one tab. */
const TRIES = "diem-cau-tries";

/**
 * The wait before a try: full jitter between 0.25 s and a window that doubles from 1 s up to 30 s.
 * @param {number} tries so far
 * @param {number} random in [0, 1)
 * @returns {number} ms
 */
function retryMs(tries, random) {
  const windowMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** Math.min(tries, 16));
  return RETRY_MIN_MS + random * (windowMs - RETRY_MIN_MS);
}

/**
 * The static files that a page of ours names; none if it is no page of ours, like a proxy's own or a portal's.
 * @param {string} html
 * @returns {string[]}
 */
function filesIn(html) {
  return [...html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((found) => String(found[1]));
}

class Guard {
  /** @param {DOMStringMap} words what it says, in the page's language */
  constructor(words) {
    this.words = words;
    this.isMending = false;
    /** @type {Set<Element>} forms that somebody has begun to fill in */
    this.begun = new Set();
  }

  start() {
    const isHeld = window.parent !== window;
    // An element's error event does not bubble, so it is captured. A failed preload is no loss yet, and files that a
    // script loads later, such as the chart's or the style sheets of another scene, are left to that script.
    window.addEventListener("error", (event) => {
      const at = event.target;
      const isScript = at instanceof HTMLScriptElement && at.type === "module";
      const isSheet = at instanceof HTMLLinkElement && at.rel === "stylesheet" && at.dataset.late === undefined;
      if (!isScript && !isSheet) return;
      document.documentElement.dataset.lacks = "";
      if (!isHeld) void this.mend("broken");
    }, true);
    if (isHeld) return;
    window.addEventListener("load", () => window.setTimeout(() => this.check(), START_WAIT_MS));
    window.setTimeout(() => this.check(), LOAD_WAIT_MS);
    window.setTimeout(() => { if (!this.isMending) this.count(0); }, WELL_MS);
    window.addEventListener("diemcau:old", () => void this.mend("old"));
    document.addEventListener("input", (event) => {
      const form = event.isTrusted && event.target instanceof Element ? event.target.closest("form") : null;
      if (form) this.begun.add(form);
    });
    document.addEventListener("reset", (event) => this.begun.delete(/** @type {Element} */ (event.target)));
  }

  /** Whether the page's script never started, or something that is no style sheet came in the place of one. */
  check() {
    const hasScript = document.querySelector('script[type="module"]') !== null;
    const isDead = hasScript && document.documentElement.dataset.started === undefined;
    const links = /** @type {NodeListOf<HTMLLinkElement>} */ (document.querySelectorAll('link[rel="stylesheet"]:not([data-late])'));
    const isNaked = [...links].some((link) => link.sheet !== null && link.sheet.cssRules.length === 0);
    if (isDead || isNaked) void this.mend("broken");
  }

  /** Whether a person would lose something by a new load. @returns {boolean} */
  get isInUse() {
    return document.querySelector("[data-once]") !== null || [...this.begun].some((form) => form.isConnected);
  }

  /** Load the page anew as soon as that can succeed. @param {string} why "broken" or "old", as the words are called */
  async mend(why) {
    if (this.isMending) return;
    this.isMending = true;
    let tries = this.count();
    do {
      await this.rest(retryMs(tries, Math.random()));
      tries += 1;
    } while (!(await this.isThere()));
    this.count(tries);
    if (this.isInUse) this.ask(why);
    else this.go();
  }

  /** Whether the server answers with the page and every file that it names; what it names is kept by the browser then. @returns {Promise<boolean>} */
  async isThere() {
    const ends = new AbortController();
    const timer = window.setTimeout(() => ends.abort(), PROBE_WAIT_MS);
    try {
      const page = await fetch(this.address, { cache: "no-store", credentials: "same-origin", signal: ends.signal });
      const files = page.ok ? filesIn(await page.text()) : [];
      const have = await Promise.all(files.map(async (file) => {
        const answer = await fetch(file, { signal: ends.signal });
        // Read to its end, or a truncated file would count as arrived.
        await answer.arrayBuffer();
        return answer.ok;
      }));
      return files.length > 0 && have.every(Boolean);
    } catch {
      return false;
    } finally {
      window.clearTimeout(timer);
    }
  }

  /** The page's own, without a fragment: with one, to go there would be no load. @returns {string} */
  get address() {
    return window.location.pathname + window.location.search;
  }

  /** Reload by GET, also where the page is the answer to a form, which must not be sent again. */
  go() {
    window.location.replace(this.address);
  }

  /** Say why the page is to be loaded anew, and let whoever types choose when. @param {string} why */
  ask(why) {
    const text = document.createElement("span");
    text.textContent = `${this.words[why] ?? ""} `;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.words.again ?? "";
    button.addEventListener("click", () => this.go());
    const bar = document.createElement("p");
    bar.setAttribute("role", "alert");
    bar.className = "guard";
    // Styled here, because the style sheets may be what is missing.
    bar.style.cssText = "position:fixed;left:0;right:0;bottom:0;margin:0;padding:.8em 1.2em;z-index:9;color:#1d1300;background:#ffb020;font-weight:600";
    bar.append(text, button);
    document.body.append(bar);
  }

  /** @param {number} ms @returns {Promise<void>} */
  rest(ms) {
    return new Promise((resolve) => { window.setTimeout(resolve, ms); });
  }

  /** The tries of this tab so far, or their new number. @param {number} [tries] @returns {number} */
  count(tries) {
    try {
      if (tries !== undefined) window.sessionStorage.setItem(TRIES, String(tries));
      return Number(window.sessionStorage.getItem(TRIES)) || 0;
    } catch {
      // Where the browser forbids storage, each load counts for itself.
      return 0;
    }
  }
}

if (typeof document !== "undefined") new Guard(document.currentScript?.dataset ?? {}).start();
