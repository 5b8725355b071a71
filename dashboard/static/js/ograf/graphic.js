/**
 * An OGraf graphic that shows an overlay of our server in a frame and hands on what its renderer calls. It stands in a package
 * on a machine of somebody else, in a page that we do not know: the server writes the address into the copy that it gives away.
 * @module
 */

/** The overlay's page; it waits until it is played. */
const ADDRESS = "";
/** What any page may read of the server while it has numbers to show. */
const ASKED = "/api/v1/feeds/total.json";
/** How often a server that does not answer is asked. */
const ASK_MS = 2_000;
/** A frame that has not said within this time that it is an overlay's is loaded anew. */
const THERE_MS = 8_000;
/** How long a renderer waits for the frame before it may go on: what it calls is kept, and shown once the frame is there. */
const LOAD_MS = 3_000;
/** How long an overlay takes to go, css/overlay.css. */
const GO_MS = 250;

const DONE = { statusCode: 200 };

/** @typedef {{statusCode: number, statusMessage?: string}} Answer */
/** @typedef {{data?: unknown, skipAnimation?: boolean}} Update */
/** @typedef {{delta?: number | null, goto?: number | null, skipAnimation?: boolean}} Play */

/** @param {string} statusMessage @returns {Answer} */
function refused(statusMessage) {
  return { statusCode: 400, statusMessage };
}

/** @param {unknown} data @returns {data is Record<string, unknown>} */
function isFields(data) {
  return typeof data === "object" && data !== null && !Array.isArray(data);
}

export default class Graphic extends HTMLElement {
  constructor() {
    super();
    this.root = this.attachShadow({ mode: "open" });
    this.isLoaded = false;
    /** Answers and waits of an earlier start do nothing. */
    this.started = 0;
    this.reset();
    /** @type {() => void} */
    this.tellThere = () => {};
    this.hear = (/** @type {MessageEvent} */ event) => {
      if (this.frame && event.source === this.frame.contentWindow && event.data?.diemCau === "there") this.there();
    };
  }

  /** Nothing is said, and nothing is shown. */
  reset() {
    /** @type {Record<string, unknown>} */
    this.data = {};
    /** Whether any field was given: else the overlay says what its address and its output say. */
    this.isSaid = false;
    /** @type {0 | undefined} */
    this.step = undefined;
    /** @type {HTMLIFrameElement | null} */
    this.frame = null;
    this.isThere = false;
  }

  connectedCallback() {
    if (this.isLoaded) this.start();
  }

  disconnectedCallback() {
    this.halt();
  }

  /** @param {Update} [given] @returns {Promise<Answer>} */
  async load(given = {}) {
    const data = given?.data ?? {};
    if (!isFields(data)) return refused("data: expected an object of fields");
    this.halt();
    this.reset();
    this.isLoaded = true;
    this.say(data);
    /** @type {Promise<void>} */
    const isThere = new Promise((resolve) => {
      this.tellThere = resolve;
      window.setTimeout(resolve, LOAD_MS);
    });
    if (this.isConnected) this.start();
    await isThere;
    if (this.isThere) return { ...DONE };
    return { ...DONE, statusMessage: `${new URL(ADDRESS).origin} does not answer yet: it is shown once it does` };
  }

  async dispose() {
    this.halt();
    this.reset();
    this.isLoaded = false;
    return { ...DONE };
  }

  /**
   * Go to a step: the first shows it, any other is its end.
   * @param {Play} [given] @returns {Promise<Answer & {currentStep: 0 | undefined}>}
   */
  async playAction(given) {
    const asked = given?.goto ?? (this.step ?? -1) + (given?.delta ?? 1);
    if (!Number.isInteger(asked)) return { ...refused("goto, delta: expected whole numbers"), currentStep: this.step };
    if (!this.isLoaded) return { ...refused("load: expected before any action"), currentStep: undefined };
    if (asked !== 0) return { ...(await this.stopAction({ skipAnimation: given?.skipAnimation })), currentStep: undefined };
    this.step = 0;
    this.pass("play", given?.skipAnimation);
    return { ...DONE, currentStep: 0 };
  }

  /** @param {{skipAnimation?: boolean}} [given] @returns {Promise<Answer>} */
  async stopAction(given) {
    this.step = undefined;
    this.pass("stop", given?.skipAnimation);
    if (!given?.skipAnimation) await new Promise((resolve) => window.setTimeout(resolve, GO_MS));
    return { ...DONE };
  }

  /** Say something else: fields that are not given stay. @param {Update} [given] @returns {Promise<Answer>} */
  async updateAction(given) {
    const data = given?.data ?? {};
    if (!isFields(data)) return refused("data: expected an object of fields");
    this.say(data);
    this.pass("update", given?.skipAnimation);
    return { ...DONE };
  }

  /** @returns {Promise<Answer>} */
  async customAction() {
    return { statusCode: 404, statusMessage: "id: this graphic has no custom actions" };
  }

  /** @param {Record<string, unknown>} data */
  say(data) {
    this.data = { ...this.data, ...data };
    this.isSaid = this.isSaid || Object.keys(data).length > 0;
  }

  /** Hand a call on to the overlay's page, if it is there. @param {"update" | "play" | "stop"} name @param {boolean} [isStill] */
  pass(name, isStill = false) {
    if (!this.isThere || (name === "update" && !this.isSaid)) return;
    const given = [...(name === "update" ? [this.data] : []), ...(isStill ? ["still"] : [])];
    this.frame?.contentWindow?.postMessage({ diemCau: "call", name, given }, new URL(ADDRESS).origin);
  }

  /** The overlay's page is there, or there anew: it is told all that stands. */
  there() {
    this.isThere = true;
    this.pass("update");
    if (this.step === 0) this.pass("play");
    this.tellThere();
  }

  start() {
    this.halt();
    window.addEventListener("message", this.hear);
    // A page that is clear is so only in an element of its own colour scheme.
    this.style.cssText += ";display:block;position:absolute;top:0;left:0;width:100%;height:100%;color-scheme:dark";
    void this.ask(this.started);
  }

  halt() {
    this.started += 1;
    window.removeEventListener("message", this.hear);
    this.frame?.remove();
    this.frame = null;
    this.isThere = false;
  }

  /** Ask until the server answers, then show its page. @param {number} started */
  async ask(started) {
    let answers = false;
    try {
      answers = (await fetch(new URL(ASKED, ADDRESS).href, { cache: "no-store" })).ok;
    } catch {
      answers = false;
    }
    if (started !== this.started) return;
    if (answers) this.show(started);
    else window.setTimeout(() => started === this.started && void this.ask(started), ASK_MS);
  }

  /** @param {number} started */
  show(started) {
    this.frame?.remove();
    this.isThere = false;
    this.frame = document.createElement("iframe");
    this.frame.style.cssText = "position:absolute;top:0;left:0;width:100%;height:100%;border:0;background:transparent;color-scheme:dark";
    this.frame.src = ADDRESS;
    this.root.append(this.frame);
    window.setTimeout(() => {
      if (started === this.started && !this.isThere) void this.ask(started);
    }, THERE_MS);
  }
}
