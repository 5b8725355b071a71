/**
 * A page on the disk of a playout machine that shows an overlay once its server answers: a source that was started before the
 * server would be blank for ever. It hands on what the host calls. Clear, silent, and never more than one frame.
 * @module
 */

/** What any page may read of the server while it has numbers to show. */
const ASKED = "/api/v1/feeds/total.json";
/** How often a server that does not answer is asked. */
const ASK_MS = 2_000;
/** A frame that has not said within this time that it is an overlay's is loaded anew. */
const THERE_MS = 8_000;
/** Calls that are kept for the frame: what a host says last counts. */
const CALLS_MAX = 50;
const CALLS = ["update", "play", "stop", "next", "remove"];

class Shim {
  /** @param {any} page @param {string} address */
  constructor(page, address) {
    this.page = page;
    this.address = address;
    /** @type {HTMLIFrameElement | null} */
    this.frame = null;
    this.isThere = false;
    /** @type {{name: string, given: unknown[]}[]} */
    this.calls = [];
    for (const name of CALLS) page[name] = (/** @type {unknown[]} */ ...given) => this.call(name, given);
    for (const name of ["obsSourceVisibleChanged", "obsSourceActiveChanged"]) {
      page.addEventListener(name, (/** @type {CustomEvent} */ event) => this.call("see", [event.detail?.visible ?? event.detail?.active]));
    }
    page.addEventListener("message", (/** @type {MessageEvent} */ event) => {
      if (event.source === this.frame?.contentWindow && event.data?.diemCau === "there") this.there();
    });
  }

  /** @param {string} name @param {unknown[]} given */
  call(name, given) {
    this.calls = [...this.calls, { name, given }].slice(-CALLS_MAX);
    if (this.isThere) this.pass({ name, given });
  }

  /** @param {{name: string, given: unknown[]}} call */
  pass(call) {
    this.frame?.contentWindow?.postMessage({ diemCau: "call", ...call }, new URL(this.address).origin);
  }

  /** The overlay's page is there, or there anew: it is told all again. */
  there() {
    this.isThere = true;
    for (const call of this.calls) this.pass(call);
  }

  /** Ask until the server answers, then show its page. */
  async ask() {
    try {
      const answer = await fetch(new URL(ASKED, this.address).href, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.load();
    } catch {
      this.page.setTimeout(() => this.ask(), ASK_MS);
    }
  }

  load() {
    this.frame?.remove();
    this.isThere = false;
    this.frame = this.page.document.createElement("iframe");
    /** @type {HTMLIFrameElement} */ (this.frame).src = this.address;
    this.page.document.body.append(this.frame);
    this.page.setTimeout(() => {
      if (!this.isThere) void this.ask();
    }, THERE_MS);
  }
}

if (typeof document !== "undefined") {
  // SPX reads it when a template is added: in a window of Node's that has neither frames nor fetch.
  /** @type {any} */ (window).SPXGCTemplateDefinition = JSON.parse(document.getElementById("spx")?.textContent ?? "{}");
  if (typeof window.fetch === "function") {
    document.addEventListener("DOMContentLoaded", () => void new Shim(window, document.documentElement.dataset.address ?? "").ask());
  }
}
